"""OpenDocument sheets: read as they are shown, computed with as they are kept."""

import pytest

from documents import readers
from documents.readers.process.errors import Unreadable
from tests import files_office as office
from tests.documents.readers.reading import lines, read_bytes


def cell(shown, facts=""):
    return f"<table:table-cell {facts}><text:p>{shown}</text:p></table:table-cell>"


def valued(shown, value, kind="float"):
    name = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(
        kind, "value"
    )
    return cell(shown, f'office:value-type="{kind}" office:{name}="{value}"')


def row(*cells, facts=""):
    return f"<table:table-row {facts}>{''.join(cells)}</table:table-row>"


def sheet(*rows, facts=""):
    content = f'<table:table table:name="A">{facts}{"".join(rows)}</table:table>'
    return office.odf("spreadsheet", content)


@pytest.fixture
def told(tmp_path):
    return lambda data: lines(read_bytes(tmp_path, data, "a.ods").pages[0].text)[1:]


@pytest.fixture
def kept(tmp_path):
    def read(data):
        path = tmp_path / "a.ods"
        path.write_bytes(data)
        (found,) = readers.read_tables(path, "odf", cancelled=bool)
        return [list(row) for row in found.rows]

    return read


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (valued("1.234", "1234"), "1234"),
        (valued("1.01", "1.005"), "1.005"),
        (valued("13%", "0.125", "percentage"), "12.5 %"),
        (valued("10/11/24", "2024-11-10", "date"), "2024-11-10"),
        (valued("10:30", "2024-11-10T10:30:00", "date"), "2024-11-10 10:30:00"),
        (valued("-1:30", "-PT01H30M00S", "time"), "-1:30:00"),
        (valued("ja", "true", "boolean"), "TRUE"),
        (valued("INV-0042", "42"), "INV-0042"),
        (valued("17-34", "1734"), "17-34"),
        (valued("1.2 M", "1234567"), "1234567"),
        (valued("5 kg", "5"), "5"),
        (valued("€ 5,00", "5"), "5 €"),
        (cell("1.234,50 €", 'office:value-type="currency" office:value="1234.5" office:currency="EUR"'), "1234.5 EUR"),
        (valued("1E999", "1E999999"), "1E999"),
    ],
)  # fmt: skip
def test_what_is_computed_with_is_what_is_kept(kept, made, expected):
    assert kept(sheet(row(cell("a"), cell("b")), row(cell("x"), made)))[1] == ["x", expected]


def test_what_is_read_is_what_is_shown(told):
    made = sheet(row(cell("a"), cell("b")), row(valued("INV-0042", "42"), valued("1.01", "1.005")))
    assert told(made) == ["a | b", "INV-0042 | 1.01"]


def test_equal_rows_are_each_there(told, kept):
    rows = [
        row(cell("a"), cell("b")),
        row(cell("x"), valued("5", "5"), facts='table:number-rows-repeated="3"'),
    ]
    rows.append(row(cell(""), facts='table:number-rows-repeated="1000000"'))
    assert told(sheet(*rows)) == ["a | b", *["x | 5"] * 3]
    assert [cells for cells in kept(sheet(*rows)) if cells][1:] == [["x", "5"]] * 3


def test_more_equal_rows_than_can_be_computed_with_are_refused_not_counted_in_part(told, kept):
    many = row(cell("x"), cell("y"), facts='table:number-rows-repeated="1048576"')
    assert told(sheet(many)).count("x | y") < 1_100
    with pytest.raises(Unreadable, match="more cells"):
        kept(sheet(many))


def test_a_comment_is_told_apart_from_the_value(told, kept):
    comment = "<office:annotation><text:p>was 900</text:p></office:annotation>"
    priced = f'<table:table-cell office:value-type="float" office:value="1200">{comment}<text:p>1200</text:p></table:table-cell>'
    made = sheet(row(cell("a"), cell("b")), row(cell("x"), priced))
    assert told(made) == ["a | b", "x | 1200", "Comment: was 900"]
    assert kept(made) == [["a", "b"], ["x", "1200"]]


def test_hidden_rows_and_columns_say_so(told):
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    rows = row(cell("a"), cell("b")), row(cell("x"), cell("y"), facts='table:visibility="filter"')
    assert told(sheet(*rows, facts=columns)) == ["a | b (hidden)", "[hidden: x] | y"]
