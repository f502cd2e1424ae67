"""`manage.py ingest`: what is new or changed of files and folders, and a word on all the rest."""

import os
import re
from contextlib import nullcontext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from documents.desk import uploading
from documents.local import folders
from documents.local.folders import Only
from documents.local.gathering import Gatherer
from documents.models import Document
from documents.models.local_files import LocalFile
from tests.documents.desk.test_uploading import TEXT, inline  # noqa: F401
from tests.files import pdf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inline")]


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "papers"
    (place / "law").mkdir(parents=True)
    (place / "tides.md").write_bytes(TEXT)
    (place / "law" / "contract.txt").write_text("The notice period is six weeks. " * 30)
    return place


@pytest.fixture
def settled(monkeypatch):
    """As if the files had been written some time ago."""
    monkeypatch.setattr("documents.local.gathering.RACY_SECONDS", -1.0)


def ingest(*arguments, fails=False):
    """What the command says, on both ways."""
    said = StringIO()
    with pytest.raises(CommandError) if fails else nullcontext():
        call_command("ingest", *arguments, "--user", "alice", stdout=said, stderr=said)
    return said.getvalue()


def names():
    return sorted(Document.objects.filter(status="ready").values_list("name", flat=True))


def test_a_folder_comes_in_under_its_paths(alice, folder):
    assert "2 new, 0 changed, 0 unchanged, 0 failed." in ingest(str(folder))
    assert names() == ["law/contract.txt", "tides.md"]


def test_a_second_run_looks_into_no_file_and_sends_nothing(alice, folder, engine_server, settled):
    ingest(str(folder))
    engine_server.requests.clear()
    gatherer = Gatherer(os.fsencode(folder), uploading.collection_of(alice), alice)
    files = folders.listing(os.fsencode(folder), Only()).files
    gatherer.recall(files)
    assert all(map(gatherer.is_known, files.values()))
    assert "0 new, 0 changed, 2 unchanged, 0 failed." in ingest(str(folder))
    assert engine_server.asked("/api/embed") == []


def test_a_file_that_was_written_this_very_moment_is_looked_into_again(alice, folder):
    ingest(str(folder))
    assert set(LocalFile.objects.values_list("stamp", flat=True)) == {""}
    assert "2 unchanged" in ingest(str(folder))


def test_only_what_changed_is_read_again(alice, folder):
    ingest(str(folder))
    (folder / "tides.md").write_bytes(TEXT + b"\n\nAnd the sun helps.")
    (folder / "new.txt").write_text("A third one. " * 30)
    assert "1 new, 1 changed, 1 unchanged, 0 failed." in ingest(str(folder))
    assert Document.objects.get(name="tides.md").current.number == 2


def test_a_change_that_keeps_size_and_time_is_seen(alice, folder, settled):
    path = folder / "tides.md"
    ingest(str(folder))
    before = path.stat()
    path.write_bytes(TEXT.replace(b"moon", b"noon"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "1 changed, 1 unchanged" in ingest(str(folder))


def test_what_fails_is_said_with_its_sentence_and_tried_again(alice, folder):
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing that a reader could use")
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 300)
    said = ingest(str(folder), fails=True)
    assert "2 new, 0 changed, 0 unchanged, 2 failed." in said
    assert re.search(r"^broken\.pdf: .+\.$", said, re.MULTILINE)
    assert re.search(r"^noise\.bin: .+ cannot be read yet\.$", said, re.MULTILINE)
    attempt = Document.objects.get(name="broken.pdf").attempt
    assert "2 unchanged, 2 failed." in ingest(str(folder), fails=True)
    assert Document.objects.get(name="broken.pdf").attempt > attempt


def test_hidden_files_links_and_pipes_are_left_out_and_counted(alice, folder, tmp_path):
    (tmp_path / "secret.txt").write_text("Not in the folder. " * 30)
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "loop").symlink_to(folder)
    (folder / ".hidden.txt").write_text("Hidden. " * 30)
    os.mkfifo(folder / "pipe.txt")
    said = ingest(str(folder))
    assert "Left out: 1 hidden, 2 links, 1 special files." in said
    assert names() == ["law/contract.txt", "tides.md"]


def test_a_file_that_was_named_is_taken_whatever_it_is_called(alice, tmp_path):
    (tmp_path / ".notes.txt").write_text("Hidden, but asked for. " * 30)
    assert "1 new" in ingest(str(tmp_path / ".notes.txt"))
    assert names() == [".notes.txt"]


def test_a_name_of_any_bytes_is_shown_and_known_again(alice, folder):
    path = os.fsencode(folder) + b"/caf\xe9 \x01\xf0\x9f\x8c\x8a.txt"
    with open(path, "wb") as file:
        file.write(TEXT)
    ingest(str(folder))
    assert "caf%E9  🌊.txt" in names()
    assert "3 unchanged" in ingest(str(folder))


def test_two_files_that_would_have_one_name_do_not_replace_each_other(alice, folder):
    (folder / "a\x01b.txt").write_text("The first. " * 30)
    (folder / "a\x02b.txt").write_text("The second. " * 30)
    said = ingest(str(folder), fails=True)
    assert "has the same name in the collection." in said
    assert Document.objects.get(name="a b.txt").versions.count() == 1


def test_the_same_folder_may_go_into_two_collections(alice, folder, engine_server):
    ingest(str(folder))
    engine_server.requests.clear()
    assert "2 new" in ingest(str(folder), "--collection", "Second")
    assert engine_server.asked("/api/embed") == []
    assert Document.objects.count() == 4


def test_what_was_deleted_comes_again(alice, folder):
    from documents.desk import deleting

    ingest(str(folder))
    deleting.delete(Document.objects.get(name="tides.md"))
    assert LocalFile.objects.count() == 1
    assert "1 new, 0 changed, 1 unchanged" in ingest(str(folder))


def test_patterns_choose(alice, folder):
    (folder / "law" / "old.PDF").write_bytes(pdf("A page about law."))
    said = ingest(str(folder), "--include", "*.md", "--include", "law", "--exclude", "*.pdf")
    assert "Left out: 1 excluded." in said
    assert names() == ["law/contract.txt", "tides.md"]


def test_nothing_to_read_is_no_success(alice, tmp_path):
    (tmp_path / "empty").mkdir()
    ingest(str(tmp_path / "empty"), fails=True)
    ingest(str(tmp_path / "nowhere"), fails=True)
