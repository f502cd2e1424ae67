"""Every sentence of an answer against its passages: what has no support is marked, quietly."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.grounding.check import check
from chat.grounding.sentences import sentences
from chat.html.render import render
from tests.chat.grounding.planted import ANNUAL, CASH, LEASE, MANUAL, PLANTED, POLICY, TOWN, TRIAL
from tests.factories import make_answer

MOST_WRONGLY = 3


def marked(text, passages):
    return [text[doubt.start : doubt.end] for doubt in check(text, passages)]


def measured(cases):
    """What was planted and not marked, and what was marked and is right."""
    missed, wrongly = [], []
    for case in cases:
        found = marked(case.text, case.passages)
        missed += [w for w in case.wrong if not any(w in f or f in w for f in found)]
        wrongly += [f for f in found if not any(w in f or f in w for w in case.wrong)]
    return missed, wrongly


def test_the_planted_answers_are_enough():
    assert len(PLANTED) >= 60
    assert sum(len(case.wrong) for case in PLANTED) >= 40
    assert sum(len(sentences(case.text)) - len(case.wrong) for case in PLANTED) >= 60


@pytest.mark.parametrize("kept_apart", [False, True])
def test_every_planted_error_is_marked_and_hardly_a_right_sentence(kept_apart):
    missed, wrongly = measured([case for case in PLANTED if case.kept_apart is kept_apart])
    assert missed == []
    assert len(wrongly) <= MOST_WRONGLY


@pytest.mark.parametrize(
    ("passages", "sentence"),
    [
        (CASH, "3M spent $1.577 billion on property, plant and equipment in 2018."),
        (CASH, "Purchases of PP&E were about $1,600 million in 2018."),
        (CASH, "Spending on PP&E rose by $204 million, from $1,373 million to $1,577 million."),
        (CASH, "3M hatte Ende 2018 93.516 Beschäftigte."),
        (ANNUAL, "The final dividend is payable on 2022-05-14."),
        (ANNUAL, "The final dividend is payable on 14/05/2022."),
        (ANNUAL, "The final dividend is payable in May 2022."),
        (ANNUAL, "Ms. Thorsen called it “the largest … order in our history”."),
        (LEASE, "The deposit is 12.000 EUR."),
        (LEASE, "The tenant is “Bellweather Bakery Ltd”."),
        (MANUAL, "Change the oil after fifty hours."),
        (TRIAL, "Nine hospitals took part."),
        (TRIAL, "The trial included patients in 9 hospitals (2016\u20132018)."),
        (TOWN, "The mill burnt down in the 1860s."),
        (POLICY, "Employees have twenty-eight days of leave."),
    ],
)
def test_another_way_to_write_it_is_no_error(passages, sentence):
    assert marked(sentence, passages) == []


@pytest.mark.parametrize(
    ("passages", "sentence"),
    [
        (CASH, "3M spent $1.757 billion on property, plant and equipment in 2018."),
        (CASH, "3M hatte Ende 2018 95.316 Beschäftigte."),
        (ANNUAL, "The final dividend is payable on 2022-05-15."),
        (ANNUAL, "The margin was 14 %, or 41.5% before costs."),
        (MANUAL, "The tank holds forty litres and the valve opens at 15.5 bar."),
        (TRIAL, "Seven hospitals took part."),
        (TOWN, "The mill burnt down in the 1870s."),
        (TOWN, "The clocks were given by a certain Mr Krüger."),
        (POLICY, "Breakfast, lunch and gymnastics are offered to everybody for free."),
    ],
)
def test_what_is_not_in_the_sources_is_marked(passages, sentence):
    assert marked(sentence, passages) == [sentence]


def test_a_borrowed_number_is_marked_where_a_source_says_the_same_with_another():
    passages = ["The north bridge is 120 metres long. The south bridge is 95 metres long."]
    assert marked("The north bridge is 95 metres long.", passages)
    assert not marked("The south bridge is 95 metres long.", passages)


@pytest.mark.parametrize(
    "text",
    [
        "Was it 99 % in 1999?",
        "```\nrevenue = 99999\n```",
        "    revenue = 99999\n",
        "Set `revenue = 99999` there.",
        "## Results of 2035",
        "The passages do not mention the revenue of 2035.",
        "There is no information about Charles Dickens in the documents.",
        "I could not find the figure for 2035.",
        "Die Dokumente enthalten keine Angaben zu 2035.",
        "9" * 400,
        "See passage 7, source 12 and page 340.",
        "Based on the passages, here is the answer:",
    ],
)
def test_questions_code_and_what_was_not_found_are_left_alone(text):
    assert check(text, TOWN) == []


def test_the_name_of_a_file_is_in_the_sources():
    passage = "3M_2018_10K.pdf\nCash flows\nThe capital expenditure was 1,577 million in 2018."
    for named in ("3M_2018_10K.pdf", "3M_2018_10K", "3M 2018 10K"):
        text = f"As {named} says, the capital expenditure was 1,577 million in 2018 [1]."
        assert check(text, [passage]) == []


def test_without_passages_nothing_is_doubted():
    assert check("It was 1999.", []) == []
    assert check("It was 1999.", ["  "]) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Entry costs 6 euros. It opened in 1999 [1]. Fine.", "It opened in 1999 [1]."),
        (
            "> * Entry costs 6 euros.\n>   It opened\n>   in 1999 [1].",
            "It opened\n>   in 1999 [1].",
        ),
        ("Dr. Sommer came at 9 p.m. from the U.S. coast.", "Dr. Sommer came at 9 p.m. from"),
        ("| a | b |\n|---|---|\n| 6 euros | 99 euros |", "99 euros"),
        ("1. **Built:** 1743\r\n2. **Sold:** 1999\r\n", "**Sold:** 1999"),
    ],
)
def test_a_doubt_covers_the_sentence_as_it_stands(text, sentence):
    (found,) = marked(text, TOWN)
    assert found.startswith(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "Entry costs 6 euros. It opened in **1999** [1]. Fine.",
        "- Entry costs *6 euros*.\n- It opened in `the year` 1999 [1].",
        "> It opened\n> in 1999 [1].",
        "| a | b |\n|---|:--:|\n| 6 euros | 99 <b>euros</b> |",
        "It opened in 1999, see [the page](https://example.org/1999). **It was sold in 2035.**",
    ],
)
def test_a_mark_changes_nothing_else(text):
    found = [doubt._asdict() for doubt in check(text, TOWN)]
    html = render(text, [1], found)
    assert html.count('<span class="doubt" title="') == len(found) > 0
    bare = render(text, [1]).replace("</span>", "")
    assert re.sub(r'<span class="doubt"[^>]*>|</span>', "", html) == bare


def test_a_mark_that_would_break_the_text_is_left_out():
    text = "**It cost 6 euros. It opened in 1999** and is open."
    found = [doubt._asdict() for doubt in check(text, TOWN)]
    assert found
    assert render(text, [1], found) == render(text, [1])


@pytest.mark.django_db
def test_the_page_and_the_api_show_the_doubt(owner_client, owner):
    doubt = {"start": 0, "end": 12, "reason": "1999 is not in the sources"}
    answer = make_answer(owner, "It was 1999. It was sold.", doubts=[doubt])
    page = owner_client.get(f"/m/{answer.pk}/").content.decode()
    assert '<span class="doubt" title="1999 is not in the sources">It was 1999.</span>' in page
    assert "One sentence has no support in the sources" in page
    assert owner_client.get(f"/api/messages/{answer.pk}").json()["doubts"] == [doubt]
    plain = make_answer(owner, "It was sold.")
    assert "support" not in owner_client.get(f"/m/{plain.pk}/").content.decode()


def test_the_reason_is_shown_letter_for_letter():
    html = render("It was 1999.", [], [{"start": 0, "end": 12, "reason": '"<b>&'}])
    assert 'title="&quot;&lt;b&gt;&amp;"' in html


@given(st.text(alphabet='aB1 .,*_`[]()|->#\n\r"“”\u2019$%/:\\&;3M', max_size=200))
def test_any_text_is_checked_within_its_bounds(text):
    found = check(text, TOWN)
    assert all(0 <= doubt.start < doubt.end <= len(text) and doubt.reason for doubt in found)
    whole = render(text, [1], [doubt._asdict() for doubt in found])
    assert re.sub(r'<span class="doubt"[^>]*>|</span>', "", whole) == re.sub(
        "</span>", "", render(text, [1])
    )
