"""The table of a chart, as the chart shows what is in it: days as dates, gaps as nothing."""

from datetime import date, timedelta

from lxml import etree

from documents.readers.open_document.odf_looks import OASIS

CHART = OASIS % ("office", "chart")
DATES = "{http://openoffice.org/2010/chart}date-scale"
ROW, CELL = (OASIS % ("table", name) for name in ("table-row", "table-cell"))
PARAGRAPH, VALUE = OASIS % ("text", "p"), OASIS % ("office", "value")
GAP = "NaN"
FIRST_DAY = date(1899, 12, 30)
DAYS = range(1, 2_958_466)  # up to the year 9999


def show(chart: etree._Element) -> None:
    has_dates = next(chart.iter(DATES), None) is not None
    for row in chart.iter(ROW):
        cells = list(row.iterchildren(CELL))
        if has_dates and cells:
            _date(cells[0])
        for paragraph in (each for cell in cells for each in cell.iterchildren(PARAGRAPH)):
            if paragraph.text == GAP:
                paragraph.text = ""


def _date(cell: etree._Element) -> None:
    number, paragraph = cell.get(VALUE, ""), cell.find(PARAGRAPH)
    if number.isdecimal() and int(number) in DAYS and paragraph is not None:
        paragraph.text = (FIRST_DAY + timedelta(int(number))).isoformat()
