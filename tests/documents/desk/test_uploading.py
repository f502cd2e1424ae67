"""What a document is: bytes, names, collections and versions."""

import threading
import time
from io import BytesIO

import celery
import pytest
from django.db import connection, connections, transaction
from django.test import override_settings
from kombu.exceptions import OperationalError

from documents import tasks
from documents.desk import deleting, uploading
from documents.files import originals
from documents.models import Chunk, Content, Document, Term
from documents.readers.process.errors import Unreadable
from localchat.lib.errors import BadRequest, Conflict, TooLarge

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inline")]
TEXT = b"# Tides\n\nThe tide is high twice a day. " + b"The moon pulls at the sea. " * 40


@pytest.fixture
def inline(settings, engine_server):
    """Tasks run at once, in this process; vectors come from the engine server."""
    from localchat.celery import app

    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


def accept(user, text=TEXT, name="tides.md", collection=""):
    return uploading.accept_named(BytesIO(text), name=name, by=user, collection=collection)


def files(data_folder):
    return [path for path in (data_folder / "originals").rglob("*") if path.is_file()]


def ready(accepted):
    document = Document.objects.get(pk=accepted.document.pk)
    assert document.status == "ready", document.problem
    return document


def test_a_file_becomes_chunks_with_words_and_vectors(alice):
    document = ready(accept(alice))
    chunks = list(Chunk.objects.of_document(document))
    assert "".join(chunk.text for chunk in chunks).split() == TEXT.decode().split()
    assert all(chunk.embedding is not None for chunk in chunks)
    assert all(chunk.heading == "Tides" for chunk in chunks)
    assert Term.objects.get(owner=alice, term="moon").chunks == len(
        [chunk for chunk in chunks if "moon" in chunk.text]
    )


def test_the_same_name_and_bytes_are_already_there(alice):
    first = accept(alice)
    again = accept(alice)
    assert again.news == "already there"
    assert again.document.pk == first.document.pk
    assert Document.objects.count() == 1


def test_a_file_stays_when_its_row_was_kept_and_the_queue_is_away(alice, data_folder, monkeypatch):
    def refuse(*_, **__):
        raise OperationalError("no queue")

    monkeypatch.setattr(celery.Task, "apply_async", refuse)
    with pytest.raises(OperationalError):
        accept(alice)
    content = Content.objects.get()
    assert originals.path(content.stored).read_bytes() == TEXT


def test_a_file_that_was_lost_is_there_again_when_it_is_brought_again(alice, data_folder):
    accept(alice)
    originals.remove(Content.objects.get().stored)
    accept(alice)
    content = Content.objects.get()
    assert originals.path(content.stored).read_bytes() == TEXT
    assert files(data_folder) == [originals.path(content.stored)]


def test_the_same_bytes_under_another_name_cost_no_new_vectors(alice, engine_server):
    ready(accept(alice))
    asked = len(engine_server.asked("/api/embed"))
    other = ready(accept(alice, name="copy.md", collection="Elsewhere"))
    assert other.current.content_id == Document.objects.get(name="tides.md").current.content_id
    assert len(engine_server.asked("/api/embed")) == asked
    assert Content.objects.count() == 1


def test_the_same_bytes_of_two_people_are_two_contents(alice, bob):
    ready(accept(alice))
    ready(accept(bob))
    assert Content.objects.count() == 2


def test_the_same_bytes_brought_at_the_same_moment_are_one_content(alice, data_folder):
    kept = originals.keep(BytesIO(TEXT))
    facts = {"sha256": kept.sha256, "size": kept.size, "kind": "md", "stored": kept.name}
    brought = []

    def bring():
        brought.append(accept(alice, name="copy.md").document.pk)
        connections.close_all()

    other = threading.Thread(target=bring)
    with transaction.atomic():
        first = Content.objects.create(owner=alice, **facts)
        other.start()
        wait_until_somebody_waits()
    other.join()
    assert Document.objects.get(pk=brought[0]).newest.content == first
    assert files(data_folder) == [originals.path(kept.name)]  # the one that was there first


def wait_until_somebody_waits():
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        waiting = 0
        while not waiting and time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            (waiting,) = cursor.fetchone()
    assert waiting


def test_other_bytes_under_the_name_are_a_new_version(alice, data_folder):
    ready(accept(alice))
    second = accept(alice, TEXT + b"\n\nAnd the sun helps.")
    document = ready(second)
    assert second.news == "new version"
    assert document.current.number == 2
    assert any("sun" in chunk.text for chunk in Chunk.objects.of_document(document))
    assert Content.objects.count() == 1  # nothing cites the old one
    assert Term.objects.get(owner=alice, term="sun").chunks == 1


def test_the_old_version_answers_until_the_new_one_is_ready(alice, settings, engine_server):
    document = ready(accept(alice))
    engine_server.stop()
    accept(alice, TEXT + b"\n\nMore.")
    document.refresh_from_db()
    assert document.status == "queued"
    assert document.waiting.startswith("Waiting for the engine")
    assert document.current.number == 1
    assert Chunk.objects.of_document(document).exists()
    engine_server.start()
    tasks.ingest.delay(document.pk)
    document.refresh_from_db()
    assert (document.status, document.current.number) == ("ready", 2)


def test_unchanged_chunks_of_a_new_version_are_not_embedded_again(alice, engine_server):
    parts = [f"# Part {n}\n\n" + f"Sentence about number {n}. " * 40 for n in range(6)]
    ready(accept(alice, "\n\n".join(parts).encode()))
    engine_server.requests.clear()
    parts[3] = "# Part 3\n\n" + "Something else entirely. " * 40
    document = ready(accept(alice, "\n\n".join(parts).encode()))
    embedded = [t for body in engine_server.asked("/api/embed") for t in body["input"]]
    assert embedded
    assert len(embedded) < Chunk.objects.of_document(document).count() / 2


def test_a_version_with_bytes_that_are_known_leaves_nothing_of_the_former(alice):
    ready(accept(alice))
    ready(accept(alice, TEXT + b"\n\nAnd a xylophone.", name="music.md"))
    document = ready(accept(alice, TEXT, name="music.md"))
    assert document.versions.count() == 1
    assert Content.objects.count() == 1
    assert not Term.objects.filter(term="xylophon").exists()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (bytes(range(256)) * 300, "noise.bin"),
        (b"", "empty.txt"),
        (b"MZ\x90\x00" + b"\0" * 500, "a.pdf"),
    ],
)
def test_what_cannot_be_read_is_refused_at_the_door(alice, data_folder, data, name):
    with pytest.raises(Unreadable):
        accept(alice, data, name)
    assert Document.objects.count() == 0
    assert files(data_folder) == []


def test_a_broken_file_fails_with_a_sentence_and_can_be_tried_again(alice):
    accepted = accept(alice, b"%PDF-1.7\nnothing that a reader could use", "broken.pdf")
    document = Document.objects.get(pk=accepted.document.pk)
    assert document.status == "failed"
    assert document.problem.endswith(".")
    uploading.retry(document)
    document.refresh_from_db()
    assert document.status == "failed"


def test_only_what_failed_can_be_tried_again(alice):
    with pytest.raises(Conflict):
        uploading.retry(ready(accept(alice)))


@override_settings(MAX_UPLOAD_MB=1)
def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(alice, data_folder):
    with pytest.raises(TooLarge):
        accept(alice, b"x" * 1_000_001)
    assert files(data_folder) == []


def test_delete_leaves_no_trace(alice, data_folder):
    document = ready(accept(alice, TEXT + b" xylophone"))
    deleting.delete(document)
    assert Chunk.objects.count() == Content.objects.count() == 0
    assert not Term.objects.filter(chunks__gt=0, term="xylophon").exists()
    assert files(data_folder) == []


def test_delete_keeps_what_another_name_still_needs(alice, data_folder):
    first = ready(accept(alice))
    second = ready(accept(alice, name="copy.md"))
    deleting.delete(first)
    assert Chunk.objects.of_document(second).exists()
    assert originals.path(second.current.content.stored).exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\papers\\a.txt", "C:/papers/a.txt"),
        ("a\0b\r\nc.txt", "a b  c.txt"),
        ("\u202egpj.txt", "gpj.txt"),
        ("", "unnamed"),
        ("...", "..."),
        ("//.//..//", "unnamed"),
        ("\ud800.txt", "?.txt"),
        ("x" * 600 + ".txt", "x" * 396 + ".txt"),
    ],
)
def test_any_name_becomes_one_that_is_safe_to_show(sent, kept):
    assert uploading.clean_name(sent) == kept


def test_collections_are_found_whatever_the_case(alice):
    assert uploading.collection_of(alice, "Law").pk == uploading.collection_of(alice, " law ").pk
    with pytest.raises(BadRequest):
        uploading.collection_of(alice, "x" * 121)


def test_a_name_that_tells_another_kind_has_the_bytes_read_anew(alice):
    letter = b"From: a@example.org\nTo: b@example.org\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n\nHello there.\n"
    ready(accept(alice, b"x,y\n" * 30, "table.txt"))
    table = ready(accept(alice, b"x,y\n" * 30, "table.csv"))
    assert table.current.content.kind == "csv"
    assert Content.objects.count() == 1
    assert ready(accept(alice, letter, "letter.eml")).current.content.kind == "eml"
