"""Rows that total others, several tables in a sheet, amounts in several currencies."""

import pytest

from documents.tables import execute
from documents.tables.blocks import tables_of
from documents.tables.grammar import BadPlan, Condition, Plan
from documents.tables.table import Table, parted


def rows(*lines):
    return [line.split("|") for line in lines]


def left_out(*lines):
    return parted(rows(*lines)).left_out


def table(*lines, exact=True):
    found = parted(rows(*lines), exact=exact)
    columns = zip(found.names, zip(*found.rows, strict=True), strict=True)
    return Table("", list(columns), exact=exact)


COSTS = ("Dept|Item|Cost", "Kitchen|Pans|120", "Kitchen|Plates|80", "{}||200", "Office|Desk|300")


@pytest.mark.parametrize("label", ["Kitchen subtotal", "Zwischensumme", "Kitchen Total", "Kitchen"])
def test_a_subtotal_is_no_row_whatever_it_is_called(label):
    assert left_out(*(line.format(label) for line in COSTS)) == [label]


def test_totals_of_totals_and_sums_without_a_name_are_no_rows():
    lines = ["Dept|Cost", "A|1", "B|2", "Subtotal|3", "C|4", "D|5", "Subtotal|9", "|12"]
    assert left_out(*lines) == ["Subtotal", "Subtotal", "12"]


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("Totale parziale", "Totale complessivo"),
        ("Suma częściowa", "Razem"),
        ("Subtotaal", "Eindtotaal"),
        ("Delsumma", "Summa"),
        ("Mezisoučet", "Celkem"),
        ("Részösszeg", "Összesen"),
        ("Ara toplam", "Genel toplam"),
        ("Промежуточный итог", "Итого"),
        ("小計", "合計"),
        ("Sum", "Overall"),
        ("Sum", "All the works"),
    ],
)
def test_totals_are_known_in_many_languages(part, whole):
    lines = ["Dept|Cost", "A|1", "B|2", f"{part}|3", "C|4", "D|5", f"{part}|9", f"{whole}|12"]
    assert left_out(*lines) == [part, part, whole]


def test_totals_may_stand_over_what_they_add_up():
    assert left_out("Item|Cost", "Kitchen total|200", "Pans|120", "Plates|80") == ["Kitchen total"]


@pytest.mark.parametrize(
    "lines",
    [
        ("Shop|Sales", "Total Wine|500", "Aldi|20", "Lidl|30"),
        ("Item|Kind|Count", "Lamp|A|1", "Table|B|2", "Chair||3"),
        ("Number|Count", "one|1", "two|2", "three|3"),
    ],
)
def test_what_only_looks_like_a_total_is_a_row(lines):
    assert left_out(*lines) == []


def test_two_tables_in_a_sheet_are_two():
    found = tables_of(rows("Product|Units", "Lamp|10", "|", "Staff", "Name|Hours", "Kim|7"))
    assert [parted(each).names for each in found] == [["Product", "Units"], ["Name", "Hours"]]


@pytest.mark.parametrize("between", [["|"], ["|", "Product|Units"]])
def test_a_table_with_a_gap_or_with_its_names_again_is_one(between):
    (found,) = tables_of(rows("Product|Units", "Lamp|10", *between, "Chair|20", "Desk|-"))
    assert [row[0] for row in parted(found).rows] == ["Lamp", "Chair", "Desk"]


def test_a_column_alone_is_a_table_of_figures_under_a_name():
    assert parted(rows("Betrag", "1,50", "2,30")).rows == [["1,50"], ["2,30"]]
    assert parted(rows("Once upon a time", "there was a king")) is None
    assert len(parted(rows("Comment", "Good", "Fine, thanks"), lone=True).rows) == 2


PRICES = ("Shop|Price", "A|1,234.50 $", "B|10 EUR", "C|5 €", "D|7")


def test_amounts_in_several_currencies_are_not_put_together():
    result = execute.run(Plan("sum", "Price"), table(*PRICES))
    assert result.value is None
    assert [(each.name, f"{each.value}") for each in result.currencies] == [
        ("EUR", "15"),
        ("USD", "1234.50"),
        ("", "7"),
    ]
    only = execute.run(Plan("sum", "Price", (Condition("Shop", "=", ("B", "C")),)), table(*PRICES))
    assert (f"{only.value}", only.unit) == ("15", "EUR")


def test_a_column_of_currencies_tells_them_too():
    prices = table("Shop|Price|Currency", "A|10|USD", "A|5|EUR", "B|7|EUR")
    assert execute.run(Plan("sum", "Price"), prices).value is None
    groups = execute.run(Plan("sum", "Price", group="Shop"), prices).groups
    assert [(each.name, int(each.value)) for each in groups] == [
        ("A (EUR)", 5),
        ("A (USD)", 10),
        ("B (EUR)", 7),
    ]
    with pytest.raises(BadPlan, match="no order"):
        execute.run(Plan("sum", "Price", group="Shop", top=1), prices)
