"""Cells as people write them: numbers, dates, and the form of a column."""

from decimal import Decimal

import pytest

from documents.tables import values


@pytest.mark.parametrize(
    ("cell", "mark", "number"),
    [
        ("1,234.50", ".", "1234.50"),
        ("1.234,50", ",", "1234.50"),
        ("1'234.50", ".", "1234.50"),
        ("1’234.50", ".", "1234.50"),  # noqa: RUF001
        ("1 234,50", ",", "1234.50"),
        ("CHF 1'234.50", ".", "1234.50"),
        ("€ 12", ".", "12"),
        ("12,5 %", ",", "12.5"),
        ("(1,200)", ".", "-1200"),
        ("\u221245.5", ".", "-45.5"),
        ("17-", ".", "-17"),
        ("1.5e3", ".", "1500"),
        ("12,34,56", ".", None),
        ("1.2.3", ".", None),
        ("A-17", ".", None),
        ("", ".", None),
    ],
)
def test_numbers_are_read_as_people_write_them(cell, mark, number):
    assert values.number(cell, mark) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["1.234,50", "2.000"], ("number", ",", "")),
        (["1,234.50", "2,000"], ("number", ".", "")),
        (["12 €", "14 €", "-"], ("number", ".", "")),
        (["31.12.2023", "1.2.2024"], ("date", "dmy", "")),
        (["12/31/2023", "01/02/2024"], ("date", "mdy", "")),
        (["31/12/2023", "01/02/2024"], ("date", "dmy", "")),
        (["03/04/2024", "05/06/2024"], ("date", "mdy", "03/04/2024")),
        (["2024-01-02 10:30", "2024-01-03"], ("date", "dmy", "")),
        (["5 March 2024", "6. März 2024", "Mar 7, 2024"], ("date", "dmy", "")),
        (["00123", "00124"], ("text", "", "")),
        (["one", "two", "3"], ("text", "", "")),
        (["1,234", "5,678"], ("number", ".", "1,234")),
    ],
)
def test_a_column_is_read_in_one_way_and_a_guess_is_known(cells, form):
    found = values.form_of(cells, exact=False)
    assert (found.kind, found.mark if found.kind != "text" else "", found.guessed) == form


def test_a_program_writes_points_whatever_they_look_like():
    assert values.form_of(["1.234", "5.678"], exact=True) == values.Form("number", ".")
