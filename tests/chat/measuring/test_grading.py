"""Grading: an answer and what is expected in, right or wrong out, by rules alone."""

import json

import pytest

from chat.measuring import grading, reference_answers
from chat.measuring.reference_answers import Kind, Reference


def reference(kind, *items, question="What is it?", **facts):
    wanted = [[each] if isinstance(each, str) else each for each in items]
    return Reference("q", question, Kind(kind), wanted, frozenset(), **facts)


def outcome(wanted, text, **how):
    return str(grading.grade(wanted, text, **how).outcome)


MILLIONS = reference("number", "$1577.00", question="Capex (in USD millions)?", scale=1e6)


@pytest.mark.parametrize(
    "said",
    [
        "Capital expenditure was $1,577 million [1].",
        "It came to $1.577 billion.",
        "1577",
        "1.577 Mrd. USD",
        "In 2018 it was **1,577** [2], in 2017 it was 1,373 [2].",
        "About $1,580 million.",
        "1'577 Millionen",
        "| 2018 | 2017 |\n|---|---|\n|1,577|1,373|",
    ],
)
def test_a_figure_is_known_in_every_notation(said):
    assert outcome(MILLIONS, said) == "right"


@pytest.mark.parametrize(
    "said",
    [
        "$1,577 thousand",
        "$1.6 billion",
        "1,577,000",
        "1,577 %",
        "-1,577",
        "[1577]",
        "11, 12, 13, 14, 15, 16, 17, 18 and 1,577",
    ],
)
def test_another_figure_scale_or_sign_and_a_heap_of_figures_are_wrong(said):
    assert outcome(MILLIONS, said) == "wrong"


@pytest.mark.parametrize(
    ("wanted", "said", "expected"),
    [
        ("12.4%", "The return was 12.4 percent.", "right"),
        ("12.4%", "12,4 Prozent", "right"),
        ("12.4%", "12.4", "right"),
        ("12.4%", "$12.4", "wrong"),
        ("12.4%", "12.5 %", "wrong"),
        ("-3.7", "(3.7) days", "right"),
        ("-3.7", "It decreased by 3.7.", "right"),
        ("-3.7", "It was \u22123.7 days.", "right"),
        ("-3.7", "It was 3.7 days.", "wrong"),
        ("(56)", "-56", "right"),
        ("1450", "Die Miete beträgt 1.450,00 €.", "right"),
        ("1450", "1 450 euros", "right"),
        ("1450", "1,457", "right"),
        ("1450", "1,458", "wrong"),
        ("4", "four", "right"),
        ("4", "vier Wochen", "right"),
        ("4", "It was the 4th of May 2024.", "wrong"),
        ("2019", "In 2018.", "wrong"),
        ("2019", "In 2019.", "right"),
        ("0.5", "0.5 ml", "right"),
    ],
)
def test_percent_signs_and_precision(wanted, said, expected):
    assert outcome(reference("number", wanted), said) == expected


def test_no_tolerance_means_to_the_last_digit():
    exact = reference("number", "1450", tolerance=0.0)
    assert outcome(exact, "1,450.00") == "right"
    assert outcome(exact, "1,451") == "wrong"


@pytest.mark.parametrize(
    ("wanted", "said", "expected"),
    [
        ("Zoë O\u2019Neill", "It was ZOE O'NEILL, of course [1].", "right"),
        ("Rainer Großmann", "Rainer Grossmann", "right"),
        ("Ann", "Annette did it.", "wrong"),
        ("HX-200", "The model hx 200", "right"),
        ("北京", "他住在北京市。", "right"),
    ],
)
def test_names_are_whole_words_without_case_accents_and_punctuation(wanted, said, expected):
    assert outcome(reference("name", wanted), said) == expected


def test_each_accepted_notation_of_a_name_will_do():
    wanted = reference("name", ["United States", "USA"])
    assert outcome(wanted, "In the USA.") == "right"
    assert outcome(wanted, "In the US.") == "wrong"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("On 14 March 2024 [1].", "right"),
        ("March 14, 2024", "right"),
        ("14.03.2024", "right"),
        ("am 14. März 2024", "right"),
        ("2024-03-14", "right"),
        ("14 March", "wrong"),
        ("March 2024", "wrong"),
        ("14 March 2023", "wrong"),
        ("15 March 2024", "wrong"),
    ],
)
def test_dates_are_known_in_their_notations(said, expected):
    assert outcome(reference("date", "2024-03-14"), said) == expected


def test_the_year_may_stand_in_the_question():
    wanted = reference("date", "2024-03-14", question="On which day of 2024?")
    assert outcome(wanted, "On 14 March.") == "right"


def test_a_list_is_right_when_it_is_whole_and_partly_there_otherwise():
    wanted = reference("list", "olive oil", ["25 g", "25 grams"], "salt")
    assert outcome(wanted, "- Salt\n- Olive oil\n- 25 grams of flour [1]") == "right"
    partly = grading.grade(wanted, "Salt and olive oil.")
    assert (str(partly.outcome), round(partly.share, 2)) == ("wrong", 0.67)


@pytest.mark.parametrize(
    ("wanted", "said", "expected"),
    [
        ("no", "No, pets are not allowed. Yes, I am sure.", "right"),
        ("no", "Yes, with consent.", "wrong"),
        ("no", "Nein.", "right"),
        ("no", "Pets may not be kept in the flat [1].", "right"),
        ("yes", "The tenant may sublet one room [2].", "right"),
        ("yes", "[2]", "wrong"),
        ("yes", "Room No. 11 may be let to others.", "right"),
        ("yes", "The passages do not mention it.", "declined"),
        ("Yes, it fell by 42%", "Yes, there was a drop of 42 % [1].", "right"),
        ("Yes, it fell by 42%", "Yes.", "wrong"),
    ],
)
def test_yes_and_no_are_the_first_word_of_the_kind_and_the_figure(wanted, said, expected):
    assert outcome(reference("yes-no", wanted), said) == expected


def test_one_of_the_figures_of_a_yes_will_do():
    wanted = reference("yes-no", "Yes, from 982 stores to 969.")
    assert outcome(wanted, "Yes, there were 969 [1].") == "right"
    assert outcome(wanted, "Yes, there were 940 [1].") == "wrong"


@pytest.mark.parametrize(
    "said",
    [
        "The passages do not say who painted it.",
        "There is no information about the price in the documents.",
        "The document doesn\u2019t mention a phone number.",
        "I cannot answer this from the passages.",
        "The colour is not specified.",
        "Your documents do not answer this: nothing close enough to the question was found.",
        "Die Passagen enthalten dazu keine Angaben.",
        "Das geht aus den Unterlagen nicht hervor.",
        "Dazu finde ich keine Information.",
        "Der Preis wird nicht genannt.",
    ],
)
def test_who_says_that_the_documents_do_not_say_declines(said):
    nothing = reference("unanswerable")
    assert outcome(nothing, said) == "right"
    assert outcome(reference("number", "17"), said) == "declined"


@pytest.mark.parametrize(
    "said", ["It was 42 [1].", "[1][2]", "It covers any data.", "The deposit is two rents."]
)
def test_who_answers_what_nothing_answers_is_wrong(said):
    assert outcome(reference("unanswerable"), said) == "wrong"


def test_the_programs_own_no_is_a_refusal_in_every_language():
    assert outcome(reference("unanswerable"), "見つかりません。", declined=True) == "right"
    assert outcome(reference("number", "4"), "4", declined=True) == "declined"


def test_an_answer_that_broke_off_or_is_empty_has_failed():
    assert outcome(reference("number", "4"), "It is 4", ended=False) == "failed"
    assert outcome(reference("unanswerable"), " ") == "failed"


@pytest.mark.parametrize(
    ("text", "bare"),
    [("[1][2]", True), ("[2], [3].", True), ("3", True), ("308", False), ("In 3 days.", False)],
)
def test_nothing_but_numbers_of_sources_is_told(text, bare):
    assert grading.is_only_numbers(text, 8) is bare


@pytest.mark.parametrize(
    ("answer", "kind", "items"),
    [
        ("$1577.00", "number", [["$1577.00"]]),
        ("-3.7", "number", [["-3.7"]]),
        ("four", "number", [["four"]]),
        ("Kawann Short", "span", [["Kawann Short"]]),
        ("No, since only 5.1% is spent on it each year", "yes-no", None),
        ("The rate was 0.62%, compared to -14.76% in FY2021", "list", [["0.62%"], ["-14.76%"]]),
        ("Its debt fell by 12% in the year to $229 million", "list", [["12%"], ["$229 million"]]),
    ],
)
def test_the_kind_of_an_answer_is_known_by_its_looks(tmp_path, answer, kind, items):
    row = {"id": "q", "text": "How much (in USD millions) is it?", "answer": answer}
    (tmp_path / "queries.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (found,), left_out = reference_answers.load(tmp_path)
    assert (str(found.kind), left_out, found.scale) == (kind, 0, 1e6)
    assert found.items == (items or [[answer]])


def test_what_only_a_reader_can_grade_is_left_out(tmp_path):
    row = '{"id": "q", "text": "Why?", "answer": "Because the sea was rough and the crew was ill."}'
    (tmp_path / "queries.jsonl").write_text(row, encoding="utf-8")
    assert reference_answers.load(tmp_path) == ([], 1)
    (tmp_path / "queries.jsonl").write_text('{"id": "q", "text": "Why?"}', encoding="utf-8")
    with pytest.raises(reference_answers.NoAnswers):
        reference_answers.load(tmp_path)


def test_a_limit_spreads_over_all_questions():
    every = [reference("number", str(n)) for n in range(10)]
    chosen = [each.items[0][0] for each in reference_answers.spread(every, 3)]
    assert chosen == ["0", "3", "6"]
    assert len(reference_answers.spread(every, 0)) == 10
