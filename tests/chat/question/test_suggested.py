"""Questions that headings suggest: by rules, and nothing silly."""

import pytest

from chat.question import suggested
from documents.readers.page import UNDER
from tests.factories import make_answer, make_document


@pytest.mark.parametrize(
    "heading",
    ["Dredging the harbour", "What happens in a storm?", "Risks of the lighthouse (2024)"],
)
def test_one_can_ask_about_these(heading):
    assert suggested.is_telling(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "Introduction",
        "Table of contents",
        "Table 4",
        "Note 12",
        "1,204 3,981 2,000",
        "UNITED STATES SECURITIES AND EXCHANGE COMMISSION",
        "The harbour was dredged in 1987 by a company from the capital",
        "Signed on behalf of:",
    ],
)
def test_and_not_about_these(heading):
    assert not suggested.is_telling(heading)


def headed(user, name, *headings):
    document = make_document(user, name, [f"About {each}." for each in headings])
    chunks = document.current.content.chunks.order_by("position")
    for chunk, heading in zip(chunks, headings, strict=True):
        chunk.heading = heading
        chunk.save(update_fields=["heading"])
    return document


def test_documents_come_in_turns_each_heading_once(alice, bob):
    headed(
        alice, "a.pdf", f"Plan{UNDER}1.2 Dredging the harbour", "Dredging the Harbour", "Two cranes"
    )
    headed(alice, "b.pdf", "The old lighthouse")
    headed(bob, "c.pdf", "Secrets of bob")
    assert suggested.at_first(alice) == [
        "What is said about The old lighthouse?",
        "What is said about Dredging the harbour?",
        "What is said about Two cranes?",
    ]


def test_a_document_that_is_not_ready_suggests_nothing(alice):
    make_document(alice, "a.pdf", ["x"], status="reading")
    assert suggested.at_first(alice) == []


def test_after_an_answer_what_has_not_been_asked(alice):
    document = headed(alice, "a.pdf", "Dredging the harbour", "Two cranes", "The old lighthouse")
    headed(alice, "b.pdf", "Somewhere else entirely")
    answer = make_answer(alice, "In 1987 [1].", document=document)
    asked = ["When was the dredging of the harbour?"]
    assert suggested.after(answer, asked) == [
        "What is said about Two cranes?",
        "What is said about The old lighthouse?",
    ]
    german = suggested.after(answer, ["Wann wurde der Hafen ausgebaggert?"])
    assert german[1] == "Was steht da über Two cranes?"
