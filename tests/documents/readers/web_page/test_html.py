import pytest

from tests.documents.readers.reading import read_bytes


@pytest.fixture
def shown(tmp_path):
    def read(markup: str) -> str:
        return read_bytes(tmp_path, markup.encode(), "p.html").pages[0].text

    return read


def test_a_cell_that_spans_others_names_each_of_them(shown):
    table = (
        "<table><caption>Sales</caption><tr><th rowspan=2>Region<th colspan=2>2023<tr><th>Q1<th>Q2"
        "<tr><td rowspan=2><p>North<td>1<td>2<tr><td>H<sub>2</sub>O<td>4<tr><td><td>5<td>6"
        "<tr><td colspan=2>7<td>8<tr><td colspan=3>The end</table>"
    )
    assert shown(table).split("\n") == [
        "Sales",
        "Region | 2023 | 2023",
        "Region | Q1 | Q2",
        "North | 1 | 2",
        "North | H2O | 4",
        " | 5 | 6",
        "7 |  | 8",
        "The end",
        "",
    ]


def test_a_table_that_holds_a_page_in_place_is_no_table(shown):
    text = shown("<table><tr><td><h2>News</h2><p>One<p>Two<td>Aside</table>")
    assert text == "News\nOne\nTwo\nAside\n"


def test_what_is_written_with_its_line_breaks_keeps_them(shown):
    text = shown("<p>See<pre>if a:\n    b()<br>c()\n</pre>done")
    assert text == "See\nif a:\n    b()\nc()\ndone\n"


def test_what_a_page_hides_is_not_read(shown):
    markup = (
        "<body style='display:none'><p hidden>one<p style='Display : none'>two"
        "<table><tr style='visibility:hidden'><td>three<td>four<tr><td>five<td>six</table>seven"
    )
    assert shown(markup) == "five | six\nseven\n"
