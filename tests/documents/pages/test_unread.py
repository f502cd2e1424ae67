"""What could not be read is counted, and told wherever the document is shown."""

import socket

import pytest

from documents.ingest import storing
from documents.pages import unread
from documents.readers.common import frames
from documents.readers.common.source import Source
from documents.readers.page import Page, Reading
from documents.readers.process import job, replies
from documents.readers.process.cage import Limits
from tests.factories import make_document, make_index

CHARTS = Page(1, "words", [], unread=("chart", "audio file"))
MORE = Page(2, "words", [], unread=("chart",))


def read_as(alice, *pages: Page):
    document = make_document(alice)
    content = document.current.content
    storing.replace_chunks(content, make_index(), Reading("", list(pages), len(pages)), [])
    content.refresh_from_db()
    return document, content


def sent_over(page: Page, **changed: object) -> Reading:
    """Through the frames of the reading process, and taken apart again."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        if changed:
            facts = {"page": 1, "state": "text", "confidence": 0, "places": [], "unread": []}
            frames.send(theirs, {**facts, **changed})
        job._send(theirs, Source("", 1, [page]), Limits())
        ends = replies.Ends(ours, ours)
        return replies.reading(ends, lambda: None, lambda *_: None)


def test_a_reader_tells_what_it_could_not_read():
    assert sent_over(CHARTS).pages[0].unread == ("chart", "audio file")


@pytest.mark.parametrize(
    "told",
    ["chart", ["chart"] * 1_001, ["<b>chart</b>"], ["c" * 41], [""], [7], ["a\nb"]],
)
def test_what_no_reader_of_ours_would_tell_ends_the_reading(told):
    with pytest.raises(frames.BrokenFrame):
        sent_over(CHARTS, unread=told)


def test_things_are_counted_by_their_noun(alice):
    _, content = read_as(alice, CHARTS, MORE)
    assert content.unread == {"chart": 2, "audio file": 1}
    assert unread.sentence(content) == "Not read: 2 charts, 1 audio file."


def test_nothing_is_said_of_a_document_that_was_read_wholly(alice):
    _, content = read_as(alice, Page(1, "words", []))
    assert unread.sentence(content) == unread.sentence(None) == ""


@pytest.mark.parametrize(
    ("noun", "many"),
    [("chart", "charts"), ("box", "boxes"), ("summary", "summaries"), ("key", "keys")],
)
def test_nouns_have_their_plural(noun, many):
    assert unread.plural(noun) == many


def test_the_page_the_api_and_the_admin_tell_it(alice, alice_client, admin_client):
    document, _ = read_as(alice, CHARTS, MORE)
    told = "Not read: 2 charts, 1 audio file."
    assert told in alice_client.get(f"/documents/{document.pk}/").content.decode()
    found = alice_client.get(f"/api/documents/{document.pk}").json()
    assert (found["unread"], found["not_read"]) == ({"chart": 2, "audio file": 1}, told)
    shown = admin_client.get(f"/admin/documents/document/{document.pk}/change/").content.decode()
    assert "2 charts, 1 audio file" in shown
