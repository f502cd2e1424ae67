"""An answer whose model names no passage gets those that say what it says, or none."""

import pytest

from chat.grounding.attribution import ending, supporting
from documents.finding.search import Passage

TEXTS = (
    ("harbour.pdf", "The harbour was dredged in 1987. It is twelve metres deep."),
    ("ferry.pdf", "The ferry runs three times a day. On Sundays it runs twice."),
    ("tariff.pdf", "Item | Price\nDay ticket | 14.50 EUR\nMonthly ticket | 98.00 EUR"),
    ("tower.pdf", "The water tower was built in 1987 and pulled down in 2004."),
)


def passages():
    return {
        number: Passage(
            chunk=number,
            document=number,
            version=number,
            filename=name,
            page=1,
            heading="",
            text=text,
            start=0,
            end=len(text),
            score=1.0,
            stages={},
        )
        for number, (name, text) in enumerate(TEXTS, start=1)
    }


@pytest.mark.parametrize(
    ("text", "question", "numbers"),
    [
        ("The harbour was dredged in 1987.", "When was the harbour dredged?", [1]),
        ("The ferry runs three times a day, on Sundays twice.", "How often does it run?", [2]),
        ("A monthly ticket costs 98.00 EUR.", "What does a monthly ticket cost?", [3]),
        ("In 1987.", "When was the water tower built?", [4]),
        ("In 1987.", "When was the harbour dredged?", [1]),
        (
            "The ferry runs three times a day. The harbour is twelve metres deep.",
            "How often does the ferry run, and how deep is the harbour?",
            [2, 1],
        ),
    ],
)
def test_the_passage_that_says_it_is_named(text, question, numbers):
    assert supporting(text, passages(), question) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "The harbour was dredged in 1987. [1]",  # the model has named it
        "The harbour was dredged in 1988.",  # no passage says so
        "The ferry runs three times a day, and it is a bit of a challenge to keep it running.",
        "The harbour was dredged in 1987. Whales were seen there every summer since then.",
        "The passages do not say when the harbour was dredged.",
        "Der Hafen wurde im Jahr 1987 ausgebaggert, und die Fähre fährt nicht.",
        "Yes.",
        "When was it dredged?",
        "```\nThe harbour was dredged in 1987.\n```",
        "",
    ],
)
def test_none_is_named_where_it_is_not_for_us_to_say(text):
    assert supporting(text, passages(), "When was the harbour dredged?") == []


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("It runs twice.", " [2] [1]"),
        ("It runs twice.\n", "[2] [1]"),
        ("| a |\n|---|\n| 1 |", "\n\n[2] [1]"),
        ("It is:\n\n```\n1\n```", "\n\n[2] [1]"),
    ],
)
def test_the_numbers_stand_behind_the_text_and_in_no_code(text, end):
    assert ending(text, [2, 1]) == end
