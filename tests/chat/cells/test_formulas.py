"""Formulas and periods as questions have them."""

from decimal import Decimal

import pytest

from chat.cells.asked_periods import asked_periods, without_periods
from chat.cells.columns import Period
from chat.cells.formulas import Number, Part, Sum, formula


def test_words_are_signs_too():
    assert formula("total current assets divided by total current liabilities") == Sum(
        "/", Part("total current assets"), Part("total current liabilities")
    )


def test_products_come_before_sums():
    assert formula("1 - dividends paid / net income") == Sum(
        "-", Number(Decimal(1)), Sum("/", Part("dividends paid"), Part("net income"))
    )


def test_a_part_may_be_a_mean_of_two_years():
    found = formula("365 * (average inventory between FY2018 and FY2019) / (FY2019 COGS)")
    inventory = Part("inventory", (Period(2018), Period(2019)), "average")
    product = Sum("*", Number(Decimal(365)), inventory)
    assert found == Sum("/", product, Part("COGS", (Period(2019),)))


def test_a_hyphen_is_no_minus():
    assert formula("long-term debt - cash") == Sum("-", Part("long-term debt"), Part("cash"))


@pytest.mark.parametrize("text", ["", "(revenue", "revenue / ", "revenue (net) of returns", "* 2"])
def test_what_is_no_formula_is_none(text):
    assert formula(text) is None


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("year end FY2018", [Period(2018)]),
        ("in FY 2023", [Period(2023)]),
        ("between FY 2023 and Q2 of FY2024", [Period(2023), Period(2024, quarter=2)]),
        ("the second quarter of 2023", [Period(2023, quarter=2)]),
        ("as of June 30, 2022", [Period(2022, 6, 30)]),
        ("the FY2015 - FY2017 average", [Period(2015), Period(2016), Period(2017)]),
        ("im Geschäftsjahr 2021", [Period(2021)]),
        ("the price of 2020 pieces was $2,019", [Period(2020)]),
        ("how high is it", []),
    ],
)
def test_periods_are_read(text, periods):
    assert asked_periods(text) == periods


def test_the_rest_is_left():
    assert without_periods("FY2019 cost of sales as of June 30, 2022") == "cost of sales as of"
