"""Whatever is in a file and whatever it is called: properties, on examples that a machine thinks up."""

import asyncio
import csv
import io
from email.message import Message
from pathlib import PurePosixPath

import pytest
from django.utils.html import escape
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from documents.desk import uploading
from documents.ingest import chunking
from documents.models import Document
from documents.readers.common.tidy import clean
from documents.readers.page import Heading, Page
from tests.documents.readers.reading import read_bytes

FEW = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
MANY = settings(FEW, max_examples=300)

AWKWARD = "\0\r\n\t\"'\\/.-_ ;%<>&:*?|\u202e\u200b\u2028\ufeff\u00ad\ud800é漢🐚"
CHARACTERS = st.one_of(st.sampled_from(AWKWARD), st.characters(codec=None))
NAMES = st.text(CHARACTERS, max_size=255).filter(
    lambda name: len(name.encode("utf-8", "surrogatepass")) <= 255
)
READABLE = st.one_of(st.just("\n"), st.characters(exclude_categories=["Cc", "Cs"]))
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@pytest.fixture
def inline(settings, engine_server):
    """Tasks run at once, in this process; vectors come from the engine server."""
    from localchat.celery import app

    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


@given(NAMES)
@example("-rf /.txt")
@example("../" * 80 + "etc/passwd")
@example("a\r\nSet-Cookie: b=c.txt")
@example("x" * 150 + "../" + "y" * 100)
@example("\u202egpj.exe")
@example("\ud800\udfff")
@MANY
def test_any_name_becomes_one_line_inside_its_folder(name):
    shown = uploading.clean_name(name)
    assert 0 < len(shown) <= 400
    assert len(shown.splitlines()) == 1
    assert not {"", ".", ".."} & set(shown.split("/"))
    assert shown.encode() == shown.replace("\0", "").encode()
    assert uploading.clean_name(shown) == shown


def test_a_long_path_is_not_cut_into_one_that_leads_elsewhere():
    shown = uploading.clean_name("a.." + "/" + "b" * 397)
    assert not {"", ".", ".."} & set(shown.split("/"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("inline")
def test_any_name_is_shown_sent_changed_and_deleted(alice, alice_client, data_folder):
    @given(NAMES, NAMES)
    @example("a\r\nSet-Cookie: b=c.txt", '";x="../../a')
    @FEW
    def holds(name, other):
        accepted = uploading.accept_named(
            io.BytesIO(b"some words"), name=name, by=alice, collection=""
        )
        place = f"/api/documents/{accepted.document.pk}"
        shown = alice_client.get(place).json()
        assert (shown["name"], shown["status"]) == (uploading.clean_name(name), "ready")
        assert escape(shown["name"]) in alice_client.get("/documents/").content.decode()
        sent = alice_client.get(f"{place}/original")
        assert _file_name(sent["Content-Disposition"]) == PurePosixPath(shown["name"]).name
        assert asyncio.run(_whole(sent)) == b"some words"
        renamed = alice_client.patch(place, {"name": other}, "application/json")
        wanted = uploading.clean_name(other) if other.strip() else shown["name"]
        assert renamed.json()["name"] == wanted
        assert alice_client.delete(place).status_code == 200

    holds()
    assert not Document.objects.exists()
    assert [path for path in data_folder.rglob("*") if path.is_file()] == []


async def _whole(answer) -> bytes:
    return b"".join([part async for part in answer.streaming_content])


def _file_name(disposition: str) -> str:
    assert disposition.startswith("attachment")
    assert len(disposition.splitlines()) == 1
    message = Message()
    message["Content-Disposition"] = disposition
    return message.get_filename() or ""


@given(st.text(max_size=400), st.integers(1, 30), st.lists(st.integers(0, 400), max_size=4))
@MANY
def test_pieces_of_any_text_are_the_text(text, limit, places):
    headings = [Heading(place, 1, "H") for place in sorted(places) if place < len(text)]
    pieces = chunking.split([Page(3, text, headings)], limit=limit, count=chunking.approximate)
    assert "".join(piece.text for piece in pieces) == (text if text.strip() else "")
    assert all(piece.text == text[piece.start : piece.end] for piece in pieces)
    single = chunking.approximate("漢")
    assert all(
        chunking.approximate(piece.text) <= max(limit, single) or len(piece.text.strip()) == 1
        for piece in pieces
    )


@given(st.text(READABLE, min_size=1, max_size=400), st.sampled_from(["a.txt", "a.md"]))
@FEW
def test_text_that_went_in_is_in_the_passages(tmp_path, text, name):
    text = f"Words. {text}"
    reading = read_bytes(tmp_path, text.encode(), name)
    assert "".join(piece.text for piece in _pieces(reading.pages)) == clean(text)


@given(st.lists(st.lists(st.lists(WORDS, max_size=3), min_size=2, max_size=4), min_size=2))
@FEW
def test_each_word_of_a_table_is_in_the_passages(tmp_path, table):
    table = [["a", "b"], *table]
    out = io.StringIO()
    csv.writer(out).writerows([" ,\n".join(cell) for cell in row] for row in table)
    found = " ".join(
        piece.text
        for piece in _pieces(read_bytes(tmp_path, out.getvalue().encode(), "a.csv").pages)
    )
    for row in table:
        assert all(word in found for cell in row for word in cell)


def _pieces(pages):
    return chunking.split(pages, limit=60, count=chunking.approximate)
