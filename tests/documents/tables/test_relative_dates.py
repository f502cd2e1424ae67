"""Times in questions over tables that are told from today, and shown with the days that were taken."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from documents.tables import execute, values
from documents.tables.grammar import Condition, Plan
from tests.documents.tables.test_grammar import ORDERS, answered, table


@pytest.fixture
def today(monkeypatch):
    """The tenth of March 2024, a Sunday."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2024, 3, 10, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("total amount last year", ["Date = 2023: 2 of 4 rows, = 36.50", "be 2023, as seen"]),
        ("How many orders were placed this month?", ["Date = 2024-03: 2 of 4 rows"]),
        ("How many orders last month?", ["Date = 2024-02: 0 of 4 rows"]),
        ("total amount in the last 2 days", ["Date = 2024-03-09 – 2024-03-10: 0 of 4"]),  # noqa: RUF001
        ("total amount in the past 3 days", ["2024-03-08 – 2024-03-10: 1 of 4 rows, = 7"]),  # noqa: RUF001
        ("How many orders in the last 12 months?", ["2023-03-11 – 2024-03-10: 2 of 4"]),  # noqa: RUF001
        ("How many orders this week?", ["Date = 2024-03-04 – 2024-03-10: 2 of 4 rows"]),  # noqa: RUF001
        ("How many orders last quarter?", ["Date = 2023-Q4: 0 of 4 rows"]),
        ("How many orders were not placed this year?", ["Date != 2024: 2 of 4 rows"]),
        ("How many orders since last year?", ["Date >= 2023: 4 of 4 rows"]),
        ("How many orders yesterday?", ["Date = 2024-03-09: 0 of 4 rows"]),
        ("Wie viele Bestellungen im letzten Jahr?", ["“letzten Jahr” was taken to be 2023"]),
        ("Wie viele Bestellungen in den letzten 30 Tagen?", ["2024-02-10 – 2024-03-10: 2 of"]),  # noqa: RUF001
    ],
)
def test_times_are_told_from_today_and_shown(today, question, parts):
    text = answered(question)
    assert [part for part in [*parts, "today, 2024-03-10"] if part not in text] == []


def test_a_last_year_that_is_no_time_is_no_comparison(today):
    years = table("Year|Sales", "2022|5", "2023|7", "2024|9")
    assert "Year = 2023: 1 of 3 rows, = 7" in answered("total sales last year", years)
    assert answered("orders over last year", ORDERS) is None


def test_dates_and_years_compare_by_whole_periods():
    def rows(test, *wanted):
        return execute.run(Plan("count", where=(Condition("Date", test, wanted),)), ORDERS).value

    assert (rows("=", "2023"), rows(">", "2023"), rows(">=", "2023"), rows("<", "2024")) == (
        2,
        2,
        4,
        2,
    )
    assert rows("between", "2023-02", "2024-03-07") == 2
    assert values.period("2024-Q1") == (datetime(2024, 1, 1), datetime(2024, 4, 1))
