"""Rows of any table: laboratories, rents, buildings."""

import pytest

from chat.cells import figure_lines, named_rows
from tests.chat.cells.reports import passages, store

LAB = """Laborbefund Max Muster
Analyt | Ergebnis | Einheit | Referenzbereich
Kalium | 4,2 | mmol/l | 3,5 - 5,1
Kreatinin | 1,31 | mg/dl | 0,70 - 1,20
"""
SERIES = """Patient results
Test | 2023-01-10 | 2024-02-12 | 2024-08-30
Hemoglobin A1c | 6.1 % | 6.4 % | 5.9 %
LDL cholesterol | 131 | 118 | 99
HDL cholesterol | 45 | 47 | 51
"""
RENT = """Mietspiegel der Stadt, Nettokaltmiete in Euro je Quadratmeter
Wohnfläche | 2021 | 2023
unter 40 m² | 9,10 | 10,40
über 60 m² | 7,80 | 8,90
"""
UNITS = """Rent roll
Unit | Tenant | Monthly rent | Deposit
A-101 | Baker | $1,250 | $2,500
A-102 | Singh | $1,310 | $2,620
"""
RETIREES = """The benefit payments to retirees are expected to be paid as follows:

Year | Pension Benefits | (dollars in millions) Health Care
2023 | 1,648 | 883
2024 | 1,097 | 862
"""
BEFORE = """Results of the year (in millions, except per share data)
| 2023 | 2022
Income before income taxes | 1,251 | 1,115
Balance as of December 31, 2023 | 80 | 70
"""


def told(text, question, *others):
    found = passages(text, *others, filename="table.pdf")
    row = named_rows.found(question, found, store(found).pages)
    return figure_lines.of_row(row, question).text if row else None


@pytest.mark.parametrize(
    ("text", "question", "line"),
    [
        (LAB, "Wie hoch ist das Kalium?", "Kalium, Ergebnis: 4,2 mmol/l"),
        (SERIES, "What was the LDL cholesterol on 2024-02-12?", "LDL cholesterol, 2024-02-12: 118"),
        (RENT, "Wie hoch war die Nettokaltmiete 2021 über 60 m²?", "über 60 m², 2021: 7,80"),
        (UNITS, "What is the monthly rent of A-102?", "A-102, Monthly rent: $1,310"),
        (
            RETIREES,
            "How much is expected to be paid to retirees in 2024?",
            "2024, Pension Benefits: $1,097 million; Health Care: $862 million",
        ),
    ],
)
def test_a_row_is_told_with_its_column_and_unit(text, question, line):
    assert told(text, question) == line


def test_two_dates_of_a_row_are_compared():
    line = told(SERIES, "How did Hemoglobin A1c change between 2023 and February 12, 2024?")
    assert line.endswith("increased by 0.3 percentage points, from 2023-01-10 to 2024-02-12")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (LAB, "Wie hoch ist das Calcium?"),
        (LAB, "Wie hoch ist das Kalium von Erika?"),
        (LAB, "Wie hoch war das Kalium im Jahr 2019?"),
        (SERIES, "What was the cholesterol on 2024-02-12?"),  # two rows
        (SERIES, "What was the HDL cholesterol in 2024?"),  # two columns
        (SERIES, "What was the HDL cholesterol in 2020?"),
        (RENT, "Wie hoch ist die Nettokaltmiete 2023?"),
        (UNITS, "What is the rent?"),
        (BEFORE, "What was the income tax paid in 2023?"),
        (BEFORE, "What was the income before income taxes per share in 2023?"),
        (BEFORE, "What was the balance of inventories in 2023?"),
        (UNITS, "What does A-101 say?"),  # two columns
        (RETIREES, "Did benefit payments to retirees increase between 2023 and 2024?"),
    ],
)
def test_nothing_is_said_where_several_fit_or_none(text, question):
    assert told(text, question) is None


def test_the_same_row_of_two_people_is_nobodys():
    assert told(LAB, "Wie hoch ist das Kalium?", LAB.replace("4,2", "5,0")) is None


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("Did the LDL cholesterol fall from 2023-01-10 to 2024-08-30?", "Yes, LDL"),
        ("Did the LDL cholesterol rise from 2023-01-10 to 2024-08-30?", "No, LDL"),
        ("Did the LDL cholesterol rise or fall from 2023-01-10 to 2024-08-30?", "LDL"),
    ],
)
def test_a_question_for_yes_or_no_is_decided(question, line):
    found = passages(SERIES, filename="table.pdf")
    row = named_rows.found(question, found, store(found).pages)
    decided = figure_lines.of_row(row, question)
    assert decided.decides
    assert decided.text.startswith(f"{line} cholesterol" if line == "LDL" else line)
    assert decided.text.endswith("decreased by 32 (24.4%), from 2023-01-10 to 2024-08-30")


def test_the_only_year_of_a_change_is_compared_with_the_one_before():
    line = told(BEFORE, "Did income before income taxes increase in 2023?")
    assert line.startswith("Yes, Income before income taxes, 2023: 1,251 million; 2022: 1,115")
    only = told(BEFORE, "What was the income before income taxes in 2023?")
    assert "2022" not in only
