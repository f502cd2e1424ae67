"""A model that repeats itself is noticed; what is alike for a reason is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.record.repetition import Repetition

LONG = "The harbour was dredged in 1987 and is now twelve metres deep. "
CITED = "The ferry runs three times a day, and twice a day on Sundays. [1] "


def stopped(text, question="", size=5):
    """What stays of the text, where it is stopped while it comes in pieces; else None."""
    watch = Repetition(question)
    for at in range(0, len(text) + size, size):
        kept = watch.kept(text[:at])
        if kept is not None:
            return text[:kept]
    kept = watch.kept(text, ended=True)
    return None if kept is None else text[:kept]


@pytest.mark.parametrize("size", [1, 4, 5_000])
@pytest.mark.parametrize(
    ("before", "unit"),
    [
        ("", LONG),
        ("It is deep. ", LONG),
        ("It is deep! [2] ", CITED),
        ("Yes. [1] ", CITED),
        ("", "- The harbour was dredged in 1987 and is now twelve metres deep.\n"),
        ("First:\n\n", "The harbour was dredged in 1987, it says, and is deep now.\n\n"),
        ("Well: ", "I am sorry, but so it is. "),
        ("", "and so on "),
        ("Sie sagen: ", "Der Hafen wurde 1987 ausgebaggert und ist zwölf Meter tief. [1] "),
        ("", LONG + CITED),
        ("", "".join(f"In {year} the harbour had another depth. " for year in range(1990, 2010))),
        ("港について。", "港は千九百八十七年に浚渫された。"),
    ],
)
def test_what_is_said_again_and_again_stays_once(before, unit, size):
    assert stopped(before + unit * 40, size=size) == (before + unit).rstrip()


def test_it_is_noticed_soon():
    watch = Repetition()
    text = LONG * 20
    seen = next(at for at in range(len(text)) if watch.kept(text[:at]) is not None)
    assert seen <= len(LONG) * 3 + 24


def test_what_ends_by_itself_is_looked_at_too():
    assert stopped(LONG * 3) == LONG.rstrip()


def test_half_of_a_sentence_is_never_left():
    text = "It is so. " + LONG * 3 + LONG[:20]
    assert stopped(text) == ("It is so. " + LONG).rstrip()


@pytest.mark.parametrize(
    "text",
    [
        LONG * 2,
        "| a | b |\n|---|---|\n" + "| 0 | 0 |\n" * 60,
        "| Town | Harbour of the town | State |\n|---|---|---|\n"
        + "| not known | not known to anybody at all here | not known |\n" * 12,
        "Title\n" + "=" * 300 + "\nText",
        "-" * 120 + "\n" + "-" * 120,
        "0 " * 300,
        "1. Yes.\n2. Yes.\n3. Yes.\n4. Yes.\n5. Yes.\n6. Yes.\n7. Yes.\n8. Yes.\n",
        "- not applicable\n" * 10,
        "```python\n" + "    print('the same line again and again and again and again')\n" * 6,
        "```\n" + "x = x + 1\n" * 40 + "```\nThat is all.",
        "Row, row, row your boat,\nGently down the stream,\n" * 2 + "Merrily, merrily, merrily.",
        "Ha ha ha ha ha ha ha ha ha ha ha ha!",
        "Very, very, very, very, very, very, very deep.",
        "We shall overcome,\nWe shall overcome,\nWe shall overcome, some day.\n",
        "".join(
            f"In {year} the harbour had a depth of twelve metres. " for year in range(1980, 2020)
        ),
        "".join(
            f"- [{n}] The ferry runs three times a day on this line as well.\n" for n in range(30)
        ),
        "<br>" * 20,
        "&nbsp;" * 20,
        "",
        "a",
    ],
)
def test_what_may_be_alike_is_left_as_it_is(text):
    assert stopped(text) is None


@pytest.mark.parametrize(
    "text", ["| 0 | 0 |\n" * 300, "-" * 2_000, "```\n" + "x = x + 1\n" * 200, "0, " * 1_000]
)
def test_what_goes_on_without_end_is_stopped_all_the_same(text):
    assert stopped(text) is not None


@pytest.mark.parametrize("question", ["Write it 10 times", "Repeat it", "Wiederhole es"])
def test_who_asks_for_the_same_gets_it(question):
    assert stopped("I must not talk in class today, and not tomorrow. " * 10, question) is None


@given(st.text(alphabet="ab .\n|-", max_size=400))
def test_what_stays_is_the_beginning(text):
    kept = stopped(text)
    assert kept is None or (text.startswith(kept) and len(kept) < len(text))


def test_looking_costs_little_however_long_the_text_is():
    def seconds(text):
        watch = Repetition()
        parts = [text[:at] for at in range(len(text) - 4_000, len(text), 4)]
        began = time.process_time()
        assert not any(watch.kept(part) for part in parts)
        return time.process_time() - began

    text = "".join(f"Word {n} of {n * 7 % 1009} stands here. " for n in range(20_000))
    assert seconds(text) < 0.2
    assert seconds("| 0 | 0 |\n" * 120) < 0.2
