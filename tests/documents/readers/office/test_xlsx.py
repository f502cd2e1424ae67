"""Spreadsheets: what merged cells and formulas say to whoever reads a row of them."""

import io

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Alignment

from documents import readers
from tests import files_office as office
from tests.documents.readers.office.test_docx import edited
from tests.documents.readers.reading import lines, read_bytes

FIRST_SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def read(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name)


def merged(rows, *ranges):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place in ranges:
        book.active.merge_cells(place)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def told(reading):
    """Without the sheet's name."""
    return lines(reading.pages[0].text)[1:]


def tables(tmp_path, data):
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    return [list(sheet.rows) for sheet in readers.read_tables(path, "xlsx", cancelled=bool)]


def test_a_header_over_several_columns_names_each_of_them(read):
    rows = [["", "Revenue", "", "", "Staff"], ["Region", "Q1", "Q2", "Q3", "Heads"]]
    rows += [["North", 1, 2, 3, 4]]
    assert told(read(merged(rows, "B1:D1"), "b.xlsx")) == [
        " | Revenue | Revenue | Revenue | Staff",
        "Region | Q1 | Q2 | Q3 | Heads",
        "North | 1 | 2 | 3 | 4",
    ]


def test_a_header_that_is_centred_across_its_columns_names_each_of_them(read):
    book = openpyxl.Workbook()
    for row in (["", "Revenue", None, None, "Staff", None], ["Region", 1, 2, 3, 4, 5]):
        book.active.append(row)
    for place in ("B1", "C1", "E1", "F1"):
        book.active[place].alignment = Alignment(horizontal="centerContinuous")
    out = io.BytesIO()
    book.save(out)
    header, _ = told(read(out.getvalue(), "b.xlsx"))
    assert header == " | Revenue | Revenue |  | Staff | Staff"


def test_a_header_that_stands_alone_in_its_row_names_the_columns_under_it(read):
    rows = [["", "Revenue", ""], ["Region", "2023", "2024"], ["North", 1, 2]]
    assert told(read(merged(rows, "B1:C1"), "b.xlsx"))[0] == " | Revenue | Revenue"


def test_a_label_over_several_rows_stands_with_each_of_them(read, tmp_path):
    rows = [["Region", "City", "Sum", "Of both"], ["North", "Kiel", 1, 3], ["", "Emden", 2], []]
    data = merged([*rows, ["South", "Ulm", 4, 4]], "A2:A4", "D2:D3")
    expected = ["Region | City | Sum | Of both", "North | Kiel | 1 | 3", "North | Emden | 2"]
    # A figure that belongs to two rows is told once, or it would be counted twice.
    assert told(read(data, "b.xlsx")) == [*expected, "South | Ulm | 4 | 4"]
    kept = [[cell for cell in row if cell] for row in tables(tmp_path, data)[0]]
    assert [row for row in kept if row][2] == ["North", "Emden", "2"]


def test_a_title_over_the_whole_of_a_sheet_is_said_once(read):
    rows = [["Sales of the year", "", ""], ["Region", "2023", "2024"], ["North", 1, 2]]
    assert told(read(merged(rows, "A1:C1"), "b.xlsx"))[0] == "Sales of the year"


def test_merging_the_whole_of_a_sheet_costs_nothing(read):
    rows = [["All", "of it"], ["North", 1], ["South", 2]]
    data = merged(rows, "A5:B6")
    everywhere = '<mergeCell ref="A1:XFD1048576"/>' + '<mergeCell ref="B2:XFD1048576"/>' * 5_000
    data = edited(data, {FIRST_SHEET: ('<mergeCell ref="A5:B6"/>', everywhere)}, {})
    reading = read(data, "b.xlsx")
    assert told(reading)[0] == "All"
    assert len(reading.pages[0].text) < 10_000


@pytest.mark.parametrize("ref", ["", "A1", "B:C", "1:2", "Z9:A1", "A1:B2:C3", "A0:B99999999999"])
def test_a_merge_that_says_nothing_costs_nothing(read, ref):
    data = merged([["Region", "Sum"], ["North", 1]], "A5:B6")
    data = edited(data, {FIRST_SHEET: ('"A5:B6"', f'"{ref}"')}, {})
    assert told(read(data, "b.xlsx")) == ["Region | Sum", "North | 1"]


def test_a_formula_without_a_result_is_shown_itself(read, tmp_path):
    rows = [["Item", "Price", "With tax"], ["Pen", 2, "=B2*1.19"], ["Ink", 3, "=SUM(B2:B3)"]]
    data = office.sheets({"Prices": rows})
    assert told(read(data, "b.xlsx"))[1:] == ["Pen | 2 | =B2*1.19", "Ink | 3 | =SUM(B2:B3)"]
    assert tables(tmp_path, data)[0][1] == ["Pen", "2", "=B2*1.19"]


def test_a_formula_with_a_result_is_shown_by_it_be_it_empty(read):
    data = office.sheets({"A": [["Item", "Both", "Note"], ["Pen", "=A2&B2", "=IF(1,2)"]]})
    nothing = '<c r="B2"><f>A2&amp;B2</f><v></v></c>'
    data = edited(data, {FIRST_SHEET: (nothing, nothing.replace('"B2"', '"B2" t="str"'))}, {})
    seven = ("<f>IF(1,2)</f><v></v>", "<f>IF(1,2)</f><v>7</v>")
    assert told(read(edited(data, {FIRST_SHEET: seven}, {}), "b.xlsx"))[-1] == "Pen |  | 7"


def test_a_formula_that_cells_share_is_shown_for_each_of_them(read):
    data = office.sheets({"A": [["n", "twice"], [1, "=A2*2"], [2, "=A3*2"]]})
    first = ("<f>A2*2</f><v></v>", '<f t="shared" si="0" ref="B2:B3">A2*2</f><v>2</v>')
    second = ("<f>A3*2</f>", '<f t="shared" si="0"/>')
    data = edited(edited(data, {FIRST_SHEET: first}, {}), {FIRST_SHEET: second}, {})
    assert told(read(data, "b.xlsx"))[1:] == ["1 | 2", "2 | =A3*2"]


def test_a_formula_without_a_result_is_shown_in_an_opendocument_too(read):
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    formula = cell.format(' table:formula="of:=SUM([.B2:.B3])*[$Rates.A1]"', "")
    known = cell.format(' table:formula="of:=[.B2]"', "4")
    content = f"<table:table-row>{cell.format('', 'Sum')}{formula}{known}</table:table-row>"
    data = office.odf("spreadsheet", f'<table:table table:name="A">{content}</table:table>')
    assert told(read(data, "b.ods")) == ["Sum | =SUM(B2:B3)*$Rates.A1 | 4"]


def written(fill):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(book)
    book.close()
    return out.getvalue()


def test_hidden_rows_columns_and_sheets_say_so(read):
    def fill(book):
        sheet, calc = book.add_worksheet("Prices"), book.add_worksheet("Calc")
        for place, row in enumerate((["Item", "Price", "Cost"], ["Lamp", 40, 11], ["Old", 5, 2])):
            sheet.write_row(place, 0, row)
        sheet.set_column(2, 2, 10, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})
        calc.write(0, 0, "Margin")
        calc.very_hidden()

    reading = read(written(fill), "b.xlsx")
    assert told(reading) == [
        "Item | Price | Cost (hidden)",
        "Lamp | 40 | 11",
        "[hidden: Old] | 5 | 2",
    ]
    assert reading.pages[1].headings[0].text == "Calc (hidden)"


def test_comments_links_and_text_boxes_are_told_apart_from_the_values(read, tmp_path):
    def fill(book):
        sheet = book.add_worksheet("Costs")
        sheet.write_row(0, 0, ["Item", "Price"])
        sheet.write_row(1, 0, ["Apple", 1200])
        sheet.write_comment("B2", "was 900 before May")
        sheet.write_url("A3", "https://shop.example.org/pear", string="Pear")
        sheet.write(2, 1, 7)
        sheet.insert_textbox(5, 5, "Closed in August")

    data = written(fill)
    assert told(read(data, "b.xlsx")) == [
        "Item | Price",
        "Apple | 1200",
        "Comment on B2: was 900 before May",
        "Pear (https://shop.example.org/pear) | 7",
        "Closed in August",
    ]
    assert tables(tmp_path, data)[0] == [["Item", "Price"], ["Apple", "1200"], ["Pear", "7"]]


def test_escaped_signs_are_signs_and_escaped_underscores_underscores(read):
    def fill(book):
        sheet = book.add_worksheet()
        for row, texts in enumerate((["Name", "Place"], ["Ann", "one"], ["Bob", "two"])):
            sheet.write_row(row, 0, texts)

    data = written(fill)
    for text, escaped in (("one", "a_x000D_\nb_x0041_"), ("two", "a_x005F_x000D_b")):
        strings = (f"<t>{text}</t>", f"<t>{escaped}</t>")
        data = edited(data, {"xl/sharedStrings.xml": strings}, {})
    assert told(read(data, "b.xlsx"))[1:] == ["Ann | a b_x0041_", "Bob | a_x000D_b"]


def test_a_time_below_zero_keeps_its_sign(read):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Week", "Balance"])
        for row, (value, form) in enumerate(
            [(-0.0625, "[h]:mm"), (-0.5, "h:mm"), (-3, "d.m.yy")], 1
        ):
            sheet.write(row, 0, f"w{row}")
            sheet.write(row, 1, value, book.add_format({"num_format": form}))

    assert told(read(written(fill), "b.xlsx"))[1:] == ["w1 | -1:30:00", "w2 | -12:00:00", "w3 | -3"]
