"""The road of page pictures, and how long they are kept."""

import asyncio
import io
import os
import signal
import uuid

import pytest
from PIL import Image

from documents.desk import deleting
from documents.files import originals
from documents.ingest import storing
from documents.models import Chunk, Content, Version
from documents.pages import pictures
from documents.pages.recognised import Recognised
from documents.readers.common.quality import State
from documents.readers.page import Page, Place
from documents.readers.process import client
from localchat.web.background import sweep
from tests import pictures as drawn
from tests.factories import PAGES, make_content, make_document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_folder")]


def road(document, page=1, **query) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/api/documents/{document.pk}/pages/{page}.webp?{asked}"


def chunk_of(document, page=1) -> Chunk:
    return document.current.content.chunks.get(page=page)


def yellow(answer) -> int:
    """How many of the picture's points are marked."""
    image = Image.open(io.BytesIO(answer.content)).convert("RGB")
    return sum(n for n, (red, _, blue) in image.getcolors(1 << 24) if red > 200 and blue < 160)


def kept(data_folder) -> list[str]:
    return sorted(path.name for path in (data_folder / "pictures").glob("*/*/*"))


def test_the_owner_sees_a_page(alice, alice_client):
    answer = alice_client.get(road(make_document(alice)))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "private, no-cache"
    assert 1100 <= Image.open(io.BytesIO(answer.content)).width <= 1400


@pytest.mark.django_db(transaction=True)
def test_what_draws_pages_stands_by_and_stands_up_again():
    drawing = client.for_pictures()
    drawing.close()
    asyncio.run(sweep())
    assert drawing.pid
    first = drawing.pid
    os.kill(first, signal.SIGKILL)
    asyncio.run(sweep())
    assert drawing.pid not in {None, first}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "MPO", "TIFF", "TIFF LAB", "WEBP", "GIF", "BMP"])
def test_every_kind_of_picture_is_drawn(alice, alice_client, kind):
    """By a process that has imported no more than it needs for them, and can no more."""
    kind, _, mode = kind.partition(" ")
    document = make_document(alice, "sheet", pages=["one"])
    content = document.current.content
    content.kind = "picture"
    content.save()
    sheet = drawn.sheet("one").convert(mode or "L")
    more = [sheet] if kind == "MPO" else None
    originals.path(content.stored).write_bytes(drawn.as_file(sheet, kind, more))
    answer = alice_client.get(road(document))
    assert Image.open(io.BytesIO(answer.content)).size == sheet.size


def test_the_passage_is_marked_on_its_own_page_only(alice, alice_client):
    document = make_document(alice)
    marked = chunk_of(document, 2).pk
    assert yellow(alice_client.get(road(document, 2))) == 0
    assert yellow(alice_client.get(road(document, 2, chunk=marked))) > 1000
    assert yellow(alice_client.get(road(document, 1, chunk=marked))) == 0


def test_the_frames_of_a_picture_are_shown_too(alice, alice_client):
    document = make_document(alice, "sheets.tif", pages=["one", "two"])
    content = document.current.content
    content.kind = "picture"
    content.save()
    sheets = [drawn.sheet("one"), drawn.sheet("two", (400, 300))]
    originals.path(content.stored).write_bytes(drawn.as_file(sheets[0], "TIFF", sheets[1:]))
    sizes = [
        Image.open(io.BytesIO(alice_client.get(road(document, page)).content)).size
        for page in (1, 2)
    ]
    assert sizes == [(700, 900), (400, 300)]
    assert alice_client.get(road(document, 3)).status_code == 404


def test_on_a_page_that_was_recognised_the_words_are_marked_where_they_were_seen(
    alice, alice_client
):
    document = make_document(alice, "scan.png", pages=["The harbour was dredged."])
    content = document.current.content
    content.kind, content.states = "picture", "o"
    content.save()
    sheet = drawn.sheet("The harbour\nwas dredged.", (1000, 500))
    originals.path(content.stored).write_bytes(drawn.as_file(sheet, "PNG"))
    texts = ["The", "harbour", "was", "dredged."]
    places = [Place(0.2 * n, 0.1, 0.2 * n + 0.1, 0.3, text) for n, text in enumerate(texts)]
    Recognised(content.stored).put(Page(1, "", [], State.OCR, 95, places=places))
    chunk = chunk_of(document)
    chunk.text = "harbour was"
    chunk.save()
    answer = alice_client.get(road(document, chunk=chunk.pk))
    picture = Image.open(io.BytesIO(answer.content)).convert("RGB")
    marked = {
        (across, down)
        for across in range(7, 1000, 10)
        for down in range(5, 500, 10)
        if picture.getpixel((across, down))[2] < 160 < picture.getpixel((across, down))[0]
    }
    assert {down for _, down in marked} == set(range(55, 150, 10))
    assert {across for across, down in marked if down == 55} == set(range(197, 500, 10))


def test_a_stranger_finds_nothing(alice, bob_client):
    document = make_document(alice)
    answer = bob_client.get(road(document, chunk=chunk_of(document).pk))
    assert answer.status_code == 404
    assert answer.json()["error"] == "not_found"


def test_a_passage_of_another_document_is_not_found(alice, bob, alice_client):
    mine, hers = make_document(alice), make_document(bob, "other.pdf", ["Something else."])
    assert alice_client.get(road(mine, chunk=chunk_of(hers).pk)).status_code == 404
    assert alice_client.get(road(mine, chunk=10**30)).status_code == 404


@pytest.mark.parametrize("page", [0, 3, 10**30])
def test_a_page_that_is_not_there_is_said(alice, alice_client, page):
    answer = alice_client.get(road(make_document(alice), page))
    assert answer.status_code == 404
    assert answer.json()["message"] == "This document has no page of that number."


def test_before_it_is_read_the_reader_knows_which_pages_there_are(alice, alice_client):
    document = make_document(alice, ready=False)
    assert alice_client.get(road(document, 2)).status_code == 200
    assert alice_client.get(road(document, 3)).json()["error"] == "not_found"


def test_a_format_without_pages_is_said(alice, alice_client):
    answer = alice_client.get(road(make_document(alice, "notes.md")))
    assert answer.status_code == 404
    assert answer.json()["message"] == "Only the pages of PDF files and pictures can be shown."


def test_a_broken_file_and_a_missing_one_are_said(alice, alice_client):
    document = make_document(alice)
    path = originals.path(document.current.content.stored)
    path.write_bytes(b"%PDF-1.4 and nothing more")
    assert alice_client.get(road(document)).json()["error"] == "damaged"
    path.unlink()
    answer = alice_client.get(road(document))
    assert answer.status_code == 404
    assert answer.json()["message"] == "The original of this document is gone."


def test_an_earlier_version_can_be_asked_for(alice, alice_client):
    document = make_document(alice)
    newer = make_content(alice, ["Only one page."])
    document.current = Version.objects.create(document=document, content=newer, number=2)
    document.save()
    assert alice_client.get(road(document, 2)).status_code == 404
    assert alice_client.get(road(document, 2, version=1)).status_code == 200
    assert alice_client.get(road(document, 1, version=3)).status_code == 404


def test_what_a_browser_has_is_not_sent_again(alice, alice_client):
    document = make_document(alice)
    tag = alice_client.get(road(document))["ETag"]
    answer = alice_client.get(road(document), headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    marked = road(document, chunk=chunk_of(document).pk)
    assert alice_client.get(marked, headers={"If-None-Match": tag}).status_code == 200


def test_a_picture_is_drawn_once(alice, alice_client):
    document = make_document(alice)
    first = alice_client.get(road(document)).content
    originals.path(document.current.content.stored).unlink()
    assert alice_client.get(road(document)).content == first


def test_deleting_a_document_takes_its_pictures_away(
    alice, alice_client, data_folder, django_capture_on_commit_callbacks
):
    document = make_document(alice)
    alice_client.get(road(document))
    assert kept(data_folder)
    with django_capture_on_commit_callbacks(execute=True):
        deleting.delete(document)
    assert kept(data_folder) == []
    assert not list(data_folder.glob("pictures/*/*"))


def test_a_retired_version_takes_its_files_along(
    alice, alice_client, data_folder, django_capture_on_commit_callbacks
):
    document = make_document(alice)
    old = document.current.content.stored
    alice_client.get(road(document))
    newer = make_content(alice, ["Only one page."])
    document.current = Version.objects.create(document=document, content=newer, number=2)
    document.save()
    with django_capture_on_commit_callbacks(execute=True):
        storing.retire_versions(document, document.current)
    assert kept(data_folder) == []
    assert not originals.path(old).exists()


def test_a_picture_that_comes_after_the_deletion_is_not_kept(alice, data_folder):
    there = make_content(alice, PAGES)
    gone = Content(pk=there.pk + 1000, owner=alice, kind="pdf", stored=uuid.uuid4())
    path = originals.path(gone.stored)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(originals.path(there.stored).read_bytes())
    assert pictures.show(gone, 1).picture.webp
    assert kept(data_folder) == []


def test_when_there_is_no_room_the_oldest_go(alice, data_folder, monkeypatch):
    document = make_document(alice, pages=[f"Page {n}." for n in range(6)])
    monkeypatch.setattr(pictures, "LOOK_AFTER", 1)
    for page in range(1, 6):
        pictures.show(document.current.content, page)
    taken = sum(path.stat().st_size for path in (data_folder / "pictures").glob("*/*/*"))
    monkeypatch.setattr(pictures, "ROOM", taken * 9 // 10)
    pictures.show(document.current.content, 1)  # looked at again: the youngest but one
    pictures.show(document.current.content, 6)
    assert {name.split("-")[0] for name in kept(data_folder)} == {"1", "5", "6"}
