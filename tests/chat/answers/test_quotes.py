"""Answers without a model: what the documents say, letter for letter."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from chat.answers import quotes
from chat.answers.quotes import BEGINNING, NOTHING
from chat.html.citations import numbers
from chat.html.render import render
from chat.record.sources import by_number
from tests.chat.test_prompt import make_passage

CASH = """3M Company and Subsidiaries
Consolidated Statement of Cash Flows
(Millions) 2018 2017 2016
Net income including noncontrolling interest $ 5,363 $ 4,869 $ 5,058
Purchases of property, plant and equipment (PP&E) (1,577) (1,373) (1,420)
Acquisitions, net of cash acquired 13 (2,023) (16)"""


def quote(question, passages, **limit):
    return quotes.quote(question, by_number(passages), **limit)


def shown(text):
    """What a reader sees of the Markdown."""
    plain = re.sub(r"<sup>.*?</sup>|<[^>]*>", " ", render(text, range(1, 9)))
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        plain = plain.replace(entity, char)
    return plain


def test_the_sentence_that_answers_is_quoted_with_its_number():
    passages = [
        make_passage("Oil the hinge once a year. Keep the door shut."),
        make_passage("See No. 5 of the list. The filter must be\ncleaned twice a day. It is blue."),
    ]
    text = quote("How often is the filter cleaned?", passages)
    assert text.startswith(BEGINNING)
    assert "> The filter must be cleaned twice a day. [2]" in text
    assert "hinge" not in text
    assert numbers(text) == [2]


def test_a_row_of_figures_keeps_the_line_of_its_years():
    text = quote("What were the purchases of property, plant and equipment?", [make_passage(CASH)])
    assert "> (Millions) 2018 2017 2016  \n> Purchases of property" in text
    assert "(1,577) (1,373) (1,420) [1]" in text


def test_a_row_of_a_table_keeps_its_header():
    table = "People\n\nName | Age | City\nAnn | 31 | Rome\nBob | 40 | Oslo\n\nText after."
    html = render(quote("In which city is Bob?", [make_passage(table, heading="")]), [1])
    assert "<th>City</th>" in html
    assert "<td>Oslo</td>" in html
    assert "Rome" not in html
    assert 'data-n="1"' in html


def test_a_line_that_names_some_rows_does_not_hide_the_header():
    table = "Name | Age | City\nNorth\nAnn | 31 | Rome\nSouth\nBob | 40 | Oslo"
    html = render(quote("In which city is Bob?", [make_passage(table, heading="")]), [1])
    assert "<th>City</th>" in html
    assert "Rome" not in html


def test_when_nothing_overlaps_it_says_so():
    assert quote("zebra?", [make_passage()]) == NOTHING
    assert quote("How often?", []) == NOTHING
    assert quote("", [make_passage()]) == NOTHING


def test_a_title_is_quoted_only_when_no_sentence_says_it():
    text = "Cleaning of the filter\n\nThe filter is cleaned twice a day."
    assert "Cleaning of" not in quote("How is the filter cleaned?", [make_passage(text)])
    assert "> Cleaning of the filter [1]" in quote(
        "filter?", [make_passage(text.partition("\n")[0])]
    )


def test_items_of_a_list_are_quoted_one_by_one():
    text = "Care:\n- Clean the filter\n  every day\n- Oil the hinge"
    assert "Clean the filter every day [1]" in quote("clean the filter", [make_passage(text)])


def test_a_line_of_a_table_is_never_lost():
    for text in ("The filter is cleaned. |", "The filter is cleaned. |\n|"):
        assert "The filter is cleaned." in quote("filter cleaned", [make_passage(text)])


def test_the_heading_helps_a_sentence_that_leaves_its_subject_out():
    passages = [
        make_passage("It is cleaned once a year.", heading="Roof"),
        make_passage("It is cleaned twice a day.", heading="Filter"),
    ]
    text = quote("How often is the filter cleaned?", passages, limit=1)
    assert "twice a day" in text


def test_no_more_than_the_limit_and_nothing_twice():
    passages = [
        make_passage("The filter is cleaned daily."),
        make_passage("The filter is cleaned daily."),
    ]
    assert quote("filter cleaned", passages).count("daily") == 1
    many = [make_passage(f"The filter {n} is cleaned.") for n in range(9)]
    assert quote("filter cleaned", many, limit=2).count("cleaned.") == 2


def test_markup_in_a_document_is_shown_letter_for_letter():
    passage = make_passage(
        "Costs [1] of *all* <b>filters</b> & `x` &amp; __y__ [z](https://a.example)."
    )
    text = quote("costs of filters?", [passage, make_passage("Other [2].")])
    html = render(text, [1])
    assert passage.text in unescape(re.sub(r"</?a\b[^>]*>", "", html))
    assert numbers(text) == [1]
    assert re.findall(r"<a href[^>]*>(.*?)</a>", html) == ["https://a.example"]  # as it is read


@given(st.text(alphabet="filter cleaned.*_`[]<>|#-+=~&;1)\\\n!", max_size=200))
def test_no_word_is_invented(text):
    passage = make_passage(f"The filter is cleaned. {text}", heading="", filename="")
    answer = quote("filter cleaned", [passage])
    said = re.findall(r"[a-z]+", shown(answer.removeprefix(BEGINNING).removeprefix(NOTHING)))
    assert set(said) <= set(re.findall(r"[a-z]+", passage.text))
