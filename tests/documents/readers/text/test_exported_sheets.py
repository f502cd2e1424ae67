"""Files that are called Excel files and are something else: read as tables, and computed over."""

import pytest

from documents import readers
from tests.documents.readers.reading import lines, read_bytes

SS = "urn:schemas-microsoft-com:office:spreadsheet"
BOOK = (
    f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{SS}" '
    f'xmlns:ss="{SS}" xmlns:x="urn:schemas-microsoft-com:office:excel"><Styles><Style ss:ID="s1">'
    '<NumberFormat ss:Format="Percent"/></Style></Styles><Worksheet ss:Name="A"><Table>'
    '<Column/><Column ss:Hidden="1"/><Row><Cell><Data ss:Type="String">a</Data></Cell><Cell>'
    '<Data ss:Type="String">b</Data></Cell></Row><Row ss:Index="3"><Cell><Data ss:Type="DateTime">'
    '2024-05-01T00:00:00.000</Data></Cell><Cell ss:StyleID="s1"><Data ss:Type="Number">0.12345'
    "</Data><Comment><ss:Data>seen</ss:Data></Comment></Cell></Row></Table></Worksheet></Workbook>"
)
PAGE = (
    '<html><table><tr><th>a</th><th>b</th></tr><tr><td>x</td><td x:num="1.005">1.01</td></tr>'
    "</table></html>"
)


@pytest.fixture
def read(tmp_path):
    def both(text, name="a.xls"):
        seen = lines(read_bytes(tmp_path, text.encode(), name).pages[0].text)
        kind = readers.kind_of(text.encode(), name)
        (sheet,) = readers.read_tables(tmp_path / "file", kind, cancelled=bool)
        return seen, [list(row) for row in sheet.rows if any(row)]

    return both


@pytest.mark.parametrize("name", ["a.xls", "a.xml"])
def test_the_xml_of_2003_is_a_workbook(read, name):
    seen, kept = read(BOOK, name)
    assert seen == ["A", "a | b (hidden)", "2024-05-01 | 12.35 %", "Comment: seen"]
    assert kept == [["a", "b"], ["2024-05-01", "12.345 %"]]


def test_a_page_is_a_table_with_its_figures_in_full(read):
    assert read(PAGE) == (["a | b", "x | 1.01"], [["a", "b"], ["x", "1.005"]])


def test_cells_and_tabs_are_a_table(read):
    assert read("a\tb\nx\t1\ny\t2\n")[1] == [["a", "b"], ["x", "1"], ["y", "2"]]


def test_a_page_saved_with_what_belongs_to_it_is_read(tmp_path):
    kind = 'Content-Type: multipart/related; boundary="b"'
    part = f"--b\r\nContent-Type: text/html\r\n\r\n{PAGE}\r\n--b--\r\n"
    data = f"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n{kind}\r\n\r\n{part}".encode()
    found = read_bytes(tmp_path, data, "a.xls").pages[0].text
    assert lines(found) == ["a | b", "x | 1.01"]
