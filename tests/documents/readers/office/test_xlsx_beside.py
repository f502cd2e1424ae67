"""What an Excel file shows beside the text of its cells: charts, and what is struck through."""

import io

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font

from documents.readers.page import Page
from documents.readers.sheets import xlsx
from tests.documents.readers.reading import lines

ROWS = [["Harbour", "Boats", "Nets"], ["Kiel", 12, 30], ["Wismar", 8, 25]]


def pages(data: bytes) -> list[Page]:
    return list(xlsx.parse(io.BytesIO(data)).pages)


def by_xlsxwriter(*, alone: bool = False) -> bytes:
    """`alone`: the chart has a sheet of its own."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        chart = book.add_chart({"type": "column"})
        for column in (1, 2):
            chart.add_series(
                {
                    "name": ["Data", 0, column],
                    "categories": ["Data", 1, 0, 2, 0],
                    "values": ["Data", 1, column, 2, column],
                }
            )
        chart.set_title({"name": "Catch of the year"})
        chart.set_y_axis({"name": "Pieces"})
        if alone:
            book.add_chartsheet("Picture").set_chart(chart)
        else:
            sheet.insert_chart("F2", chart)
    return out.getvalue()


def by_openpyxl() -> bytes:
    """Which keeps no values in charts."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    chart = BarChart()
    chart.title = "Catch of the year"
    chart.add_data(Reference(book.active, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    book.active.add_chart(chart, "F2")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_chart_on_a_sheet_is_told_after_its_cells():
    (page,) = pages(by_xlsxwriter())
    cells = [" | ".join(map(str, row)) for row in ROWS]
    shown = ["Catch of the year", "Pieces", " | Boats | Nets", "Kiel | 12 | 30", "Wismar | 8 | 25"]
    assert lines(page.text) == ["Data", *cells, *shown]


def test_a_chart_without_values_has_its_title():
    (page,) = pages(by_openpyxl())
    assert lines(page.text)[-2:] == ["Wismar | 8 | 25", "Catch of the year"]


def test_a_sheet_that_is_a_chart_is_a_page():
    first, second = pages(by_xlsxwriter(alone=True))
    assert "Catch" not in first.text
    assert second.number == 2
    assert lines(second.text)[:3] == ["Picture", "Catch of the year", "Pieces"]
    assert lines(second.text)[-1] == "Wismar | 8 | 25"


def test_charts_are_not_computed_with():
    for data in (by_xlsxwriter(), by_openpyxl(), by_xlsxwriter(alone=True)):
        rows = [list(row) for sheet in xlsx.sheets(io.BytesIO(data)) for row in sheet.rows]
        assert rows == [[str(cell) for cell in row] for row in ROWS]


def struck_by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    for place in ("B2", "A3", "B3", "C3"):
        book.active[place].font = Font(strike=True)
    book.active["C2"].font = Font(strike=False, bold=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def struck_by_xlsxwriter() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, struck = book.add_worksheet("Sheet"), book.add_format({"font_strikeout": True})
        for number, row in enumerate(ROWS):
            for column, cell in enumerate(row):
                is_struck = number == 2 or (number, column) == (1, 1)
                sheet.write(number, column, cell, struck if is_struck else None)
    return out.getvalue()


@pytest.mark.parametrize("data", [struck_by_openpyxl(), struck_by_xlsxwriter()])
def test_what_is_struck_is_not_told_as_if_it_held(data):
    (page,) = pages(data)
    assert lines(page.text)[1:] == ["Harbour | Boats | Nets", "Kiel |  | 30"]
