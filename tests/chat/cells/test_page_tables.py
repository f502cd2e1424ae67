"""Rows of tables as pages have them."""

from decimal import Decimal

from chat.cells.columns import Period
from chat.cells.page_tables import rows
from tests.chat.cells.reports import BALANCE, CASH


def row(text, label):
    return next(each for each in rows(text) if each.label == label)


def test_a_cell_knows_its_column_and_its_scale():
    found = row(BALANCE, "Trade receivables")
    assert [cell.value for cell in found.cells] == [377, 402]
    assert found.cells[0].head == "March 31, 2021"
    assert found.cells[0].period[:3] == (2021, 3, 31)
    assert (found.scale, found.currency) == (1_000, "$")


def test_figures_in_brackets_are_negative():
    assert row(CASH, "Dividends paid").cells[0].value == -120


def test_what_stands_over_several_columns_is_true_of_each():
    text = """Sales ($ in millions)
| Three Months Ended July 29, 2023 | July 30, 2022 | Six Months Ended July 29, 2023 | July 30, 2022
Revenue | 8,890 | 9,569 | 17,691 | 19,463"""
    assert [cell.period.length for cell in row(text, "Revenue").cells] == [3, 3, 6, 6]


def test_columns_may_be_set_apart_by_blanks_alone():
    text = """Three Months Ended Six Months Ended
July 29, 2023 July 30, 2022 July 29, 2023 July 30, 2022
Gross profit $ 2,052 $ 2,109 $ 4,044 $ 4,279"""
    found = row(text, "Gross profit")
    assert [cell.value for cell in found.cells] == [2052, 2109, 4044, 4279]
    assert found.cells[2].period == Period(2023, 7, 29, 0, 6)


def test_a_label_may_go_on_in_the_next_line():
    text = "| 2021 | 2020\nNet earnings attributable to\nnoncontrolling interests | 12 | 9"
    assert [each.label for each in rows(text)] == [
        "Net earnings attributable to noncontrolling interests"
    ]


def test_a_figure_per_share_has_no_scale():
    text = "(in millions, except per share)\n| 2021 | 2020\nSales | 310 | 300\nDividends per share | $ 1.96 | $ 1.92"
    assert row(text, "Sales").scale == 1e6
    assert row(text, "Dividends per share").scale == 1


def test_points_part_thousands_where_german_is_written():
    text = (
        "Der Umsatz nach Regionen ist in Tausend Euro angegeben\n| 2022 | 2023\nSüd | 2.450 | 2.380"
    )
    assert [cell.value for cell in row(text, "Süd").cells] == [2450, 2380]


def test_a_column_of_units_belongs_to_the_figures():
    text = "Analyt | Ergebnis | Einheit\nKalium | 4,2 | mmol/l"
    [cell] = row(text, "Kalium").cells
    assert (cell.value, cell.unit) == (Decimal("4.2"), "mmol/l")


def test_prose_is_no_row():
    assert rows("The ferry sailed in 2021 and 2022.\nIt has 3 decks.") == []
