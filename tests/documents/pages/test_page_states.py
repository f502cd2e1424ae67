import pytest

from documents.ingest import storing
from documents.pages import page_states
from documents.readers.common.quality import State
from documents.readers.page import Page, Reading
from tests.factories import make_document, make_index


def read_as(alice, *states: State):
    """A document whose pages were read in these ways."""
    document = make_document(alice, pages=[f"page {n}" for n, _ in enumerate(states)])
    content = document.current.content
    text = {State.TEXT: "words", State.OCR: "words"}
    pages = [
        Page(number, text.get(state, ""), [], state, 87 if state == State.OCR else 0)
        for number, state in enumerate(states, start=1)
    ]
    storing.replace_chunks(content, make_index(), Reading("", pages, len(pages)), [])
    content.refresh_from_db()
    return document, content


def test_the_state_of_each_page_is_kept(alice):
    _, content = read_as(alice, State.TEXT, State.OCR, State.EMPTY, State.GARBAGE)
    assert page_states.states(content) == [
        (1, State.TEXT, None, ""),
        (2, State.OCR, 87, ""),
        (3, State.EMPTY, None, ""),
        (4, State.GARBAGE, None, ""),
    ]
    assert page_states.counts(content) == {
        "text": 1,
        "ocr": 1,
        "garbage": 1,
        "empty": 1,
        "unreadable": 0,
    }


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ([State.TEXT, State.EMPTY, State.OCR], ""),
        ([State.UNREADABLE, State.TEXT, State.GARBAGE], "2 of 3 pages could not be read."),
        ([State.UNREADABLE], "Its only page could not be read."),
    ],
)
def test_pages_that_could_not_be_read_are_counted_in_a_sentence(alice, states, sentence):
    _, content = read_as(alice, *states)
    assert page_states.shortfall(content) == sentence


def test_the_api_and_the_row_say_it(alice, alice_client):
    document, _ = read_as(alice, State.TEXT, State.UNREADABLE)
    found = alice_client.get(f"/api/documents/{document.pk}").json()
    assert found["shortfall"] == "1 of 2 pages could not be read."
    assert found["page_states"]["unreadable"] == found["unread_pages"] == 1
    row = alice_client.get(f"/documents/{document.pk}/row").content.decode()
    assert "Ready; 1 of 2 pages could not be read" in row


def test_a_format_without_pages_has_no_states(alice):
    content = make_document(alice).current.content
    page_states.put(content, [Page(None, "all of it", [])])
    assert (page_states.states(content), content.pages) == ([], None)


def test_a_long_document_has_a_tick_for_each_stretch_of_its_strip(alice):
    content = make_document(alice).current.content
    content.states = "t" * 500 + "u" * 3 + "o"
    content.confidences = {"504": 71}
    assert [tick.words for tick in page_states.ticks(content)] == [
        "Pages 1 to 500: read as text",
        "Pages 501 to 503: not readable",
        "Page 504: recognised in the picture, 71 % sure",
    ]
