"""manage.py search: what a person reads and what a script reads."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_engine")]


def search(query, **options):
    out = io.StringIO()
    call_command("search", query, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_a_script_reads_one_object_a_line(owner):
    document = make_document(owner)
    (line,) = search("lighthouse keeper", json=True).splitlines()
    found = json.loads(line)
    assert found["rank"] == 1
    assert found["document"] == document.pk
    assert found["page"] == 2
    assert found["text"] == "The lighthouse keeper was called Margarethe."
    assert found["chunk"] == document.current.content.chunks.get(page=2).pk
    assert "stages" not in found


def test_a_person_reads_file_page_and_passage(owner):
    make_document(owner)
    shown = search("lighthouse")
    assert "harbour.pdf, page 2" in shown
    assert "Margarethe" in shown


def test_explain_names_score_and_rank_of_each_stage(owner):
    make_document(owner)
    assert "(rank 1) · vectors none (not in its first hundred)" in search(
        "lighthouse", explain=True
    )
    stages = json.loads(search("lighthouse", explain=True, json=True))["stages"]
    assert stages["words_rank"] == 1
    assert stages["words"] > 0


def test_the_limit_and_the_collection_hold(owner):
    make_document(owner, "a.txt", ["tide one", "tide two"])
    make_document(owner, "b.txt", ["tide three"], collection="Land")
    assert len(search("tide", json=True, limit=1).splitlines()) == 1
    assert len(search("tide", json=True, collection="land").splitlines()) == 1


def test_nothing_found_is_a_failure_that_says_so(owner):
    make_document(owner)
    with pytest.raises(CommandError, match="Nothing found in 1 documents"):
        search("zeppelin")
    with pytest.raises(CommandError, match="no collection named Sky"):
        search("harbour", collection="Sky")
    with pytest.raises(CommandError, match="Say what to look for"):
        search("  ")


def test_another_persons_documents_are_asked_for_by_name(owner, alice):
    make_document(alice)
    with pytest.raises(CommandError, match="Nothing found"):
        search("harbour")
    assert "harbour.pdf" in search("harbour", user="alice")
