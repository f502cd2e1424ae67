"""What is asked in another notation than the document's is found, and nothing false is said of it."""

import pytest

from documents.finding import answerability, search
from tests.factories import make_document, make_index

pytestmark = pytest.mark.django_db
PAGES = [
    *(f"2026-08-{day}: The crane was inspected on the pier." for day in range(10, 30)),
    "The bill of 8.026,35 euros was paid to XX20 9746 2013 5846 3386 15.",
    "Call the warden at 0165 / 302 22 10.",
    "The gate was shut at 21:16, as the keeper wrote.",
    "The gate was shut at 9:16, and 16 boats waited until 9 in the evening.",
]


@pytest.fixture(autouse=True)
def _library(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    make_document(alice, "log.txt", PAGES)


@pytest.mark.parametrize(
    ("question", "there"),
    [
        ("What happened on 26 August 2026?", "2026-08-26"),
        ("Was geschah am 26.08.2026?", "2026-08-26"),
        ("What cost 8,026.35?", "8.026,35"),
        ("Whose account is XX20974620135846338615?", "XX20 9746"),
        ("Which gate was shut at 9:16 pm?", "21:16"),
        ("Who has the number +49 165 3022210?", "0165 / 302"),
    ],
)
def test_it_is_found_first(alice, question, there):
    found = search.search(alice, question)
    assert there in found.passages[0].text
    assert not [note for note in found.notes if "mentions" in note or "instead" in note]


def test_a_month_that_stands_nowhere_is_told_where_the_date_does_too(alice):
    notes = search.search(alice, "Who came on 26 August 1999?").notes
    assert "None of your passages mentions “August”." in notes


def test_another_notation_speaks_neither_for_an_answer_nor_against_it(alice):
    asked = [
        search.search(alice, f"Inspected the crane on {day}?")
        for day in ("2026-08-26", "26 August 2026")
    ]
    one, other = (found.answerability.covered for found in asked)
    assert other == pytest.approx(one, abs=0.25)
    never = search.search(alice, "Inspected the crane on 26 August 1999?").answerability
    assert never.covered < min(one, other)


def test_a_question_is_as_long_as_it_is_written():
    assert not answerability.is_lacking("1.234,50", None)
