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


def test_why_names_rank_and_stages_of_a_passage_that_was_found(owner):
    make_document(owner)
    shown = search("lighthouse keeper", why="harbour.pdf#2")
    assert "Rank 1 of 1." in shown
    assert "document" in shown


def test_why_says_where_a_passage_fell_out(owner):
    make_document(owner)
    (line,) = search("lighthouse", why="harbour.pdf#1", json=True).splitlines()
    explained = json.loads(line)
    assert explained["rank"] is None
    assert explained["reason"].startswith("Not put forward: by words 0.000, and the last of 1 has")
    assert "nothing was looked for by vectors" in explained["reason"]


def test_why_of_a_file_that_is_not_there_is_a_failure(owner, alice):
    make_document(owner)
    make_document(alice, "hers.txt", ["The lighthouse."])
    for file in ("harbour.pdf#9", "hers.txt", "nothing.txt"):
        with pytest.raises(CommandError, match="There is no passage of"):
            search("lighthouse", why=file)
