"""How long things took is added up in hours and minutes; times of day are not."""

from decimal import Decimal

import pytest

from documents.tables import durations, execute, wording
from documents.tables.grammar import BadPlan, Condition, Plan
from documents.tables.table import Table, parted


def table(*lines, exact=False):
    found = parted([line.split("|") for line in lines], exact=exact)
    columns = zip(found.names, zip(*found.rows, strict=True), strict=True)
    return Table("", list(columns), exact=exact, left_out=found.left_out)


def told(made, plan):
    return wording.markdown(plan, made, execute.run(plan, made), []).split("\n")[0]


HOURS = ("Name|Hours", "Ann|1:30", "Bob|2:15", "Cem|59:45", "Dee|0:30")


@pytest.mark.parametrize(
    ("operation", "value"),
    [("sum", "64:00"), ("average", "16:00"), ("max", "59:45"), ("min", "0:30"), ("median", "1:52")],
)
def test_hours_and_minutes_are_computed_with(operation, value):
    assert told(table(*HOURS), Plan(operation, "Hours")) == f"**{value}**"


def test_what_a_program_keeps_has_seconds():
    lines = ("Task|Spent", "Nets|25:00:00", "Sails|-00:30:00", "Ropes|01:45:30")
    assert told(table(*lines, exact=True), Plan("sum", "Spent")) == "**26:15:30**"
    mixed = ("Task|Duration", "Nets|1:30", "Sails|0:00:30")
    assert told(table(*mixed), Plan("sum", "Duration")) == "**1:30:30**"


@pytest.mark.parametrize("limit", ["2:00", "2"])
def test_they_are_compared_with_hours(limit):
    plan = Plan("count", where=[Condition("Hours", ">", [limit])])
    assert told(table(*HOURS), plan) == "**2**"


def test_a_total_below_them_is_no_row():
    made = table(*HOURS, "Total|64:00")
    assert made.left_out == ["Total"]
    assert told(made, Plan("sum", "Hours")) == "**64:00**"
    parts = ("Ship|Hours", "Gull|1:30", "Gull|2:30", "Subtotal|4:00", "Tern|0:45", "Tern|0:15")
    assert told(table(*parts, "Subtotal|1:00"), Plan("sum", "Hours")) == "**5:00**"


@pytest.mark.parametrize("name", ["Departure", "Time", "Opens"])
def test_times_of_day_are_not_added_up(name):
    made = table(f"Ferry|{name}", "Gull|9:15", "Tern|14:30", "Tern|18:05")
    with pytest.raises(BadPlan):
        execute.run(Plan("sum", name), made)


def test_what_is_longer_than_a_day_is_a_duration_whatever_it_is_called():
    assert told(table("Ship|Time", "Gull|9:15", "Tern|26:30"), Plan("sum", "Time")) == "**35:45**"


@pytest.mark.parametrize("cell", ["1:75", "1:5", "1:30 h", "16:9", "1:2:3", "", "a:30"])
def test_what_is_no_duration(cell):
    assert durations.amount(cell) is None


def test_below_zero_and_parts_of_the_smallest():
    assert durations.text(Decimal("-90.4"), durations.SHORT) == "-1:30"
    assert durations.text(Decimal("-0.4"), durations.LONG) == "0:00:00"
