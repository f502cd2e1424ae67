"""Charts: their titles, and what they show as a small table with a row for each category."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from lxml import etree

from documents.readers.common.cell_figures import displayed
from documents.readers.common.table_rows import lines_of as table_lines

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
EXTENDED = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
POINTS = 5_000  # of a series
DATES = {"y", "d"}  # in a format, but for its quoted words
FIRST_DAY, LAST_DAY = datetime(1899, 12, 30), 2_958_466


class Series(NamedTuple):
    name: str
    categories: Mapping[int, str]
    values: Mapping[int, str]


def lines_of(chart: etree._Element) -> Iterator[str]:
    """`chart` is the root of the chart's part, of either kind that there is."""
    yield from filter(
        None, (_title(each) for each in chart.iter(f"{CHART}title", f"{EXTENDED}title"))
    )
    series = [_series(each) for each in chart.iter(f"{CHART}ser")] or list(_extended(chart))
    tables: dict[tuple[tuple[int, str], ...], list[Series]] = {}
    for each in series:
        tables.setdefault(tuple(each.categories.items()), []).append(each)
    for together in tables.values():
        yield from table_lines(_rows(together))


def _title(title: etree._Element) -> str:
    """As it is written there, or as it was last found in the cell that it is taken from."""
    lines = ["".join(each.itertext(TEXT)) for each in title.iter(PARAGRAPH)]
    lines += ["".join(each.itertext()) for each in title.iter(f"{CHART}v", f"{EXTENDED}v")]
    return " ".join(" ".join(lines).split())


def _rows(together: Sequence[Series]) -> Iterator[list[str]]:
    if any(each.name for each in together):
        yield ["", *(each.name for each in together)]
    categories = together[0].categories
    places = sorted({*categories, *(place for each in together for place in each.values)})
    for place in places:
        values = [each.values.get(place, "") for each in together]
        name = categories.get(place, "")
        yield [name, *values] if name or not categories else ["", *values]


def _series(series: etree._Element) -> Series:
    """The x of a scatter chart is its category, the size of a bubble a second value."""
    name = series.find(f"{CHART}tx")
    categories = series.find(f"{CHART}cat")
    if categories is None:
        categories = series.find(f"{CHART}xVal")
    values = series.find(f"{CHART}val")
    if values is None:
        values = series.find(f"{CHART}yVal")
    found = _points(values)
    for place, size in _points(series.find(f"{CHART}bubbleSize")).items():
        found[place] = f"{found.get(place, '')} ({size})".strip()
    return Series(" ".join(_points(name).values()) or _literal(name), _points(categories), found)


def _literal(element: etree._Element | None) -> str:
    value = None if element is None else element.find(f"{CHART}v")
    return "" if value is None else " ".join((value.text or "").split())


def _points(element: etree._Element | None) -> dict[int, str]:
    """Of categories with several levels, the outer one is said before the inner one."""
    if element is None:
        return {}
    levels = list(element.iter(f"{CHART}lvl")) or [element]
    inner = _level(levels[0])
    for level in levels[1:]:
        outer, name = _level(level), ""
        for place in sorted(inner):
            name = outer.get(place, name)
            inner[place] = f"{name} {inner[place]}".strip()
    return inner


def _level(level: etree._Element) -> dict[int, str]:
    code = next(level.iter(f"{CHART}formatCode"), None)
    formatted = "" if code is None else code.text or ""
    found = {}
    for point in islice(level.iter(f"{CHART}pt"), POINTS):
        value = point.find(f"{CHART}v")
        place = point.get("idx", "")
        if value is not None and place.isascii() and place.isdigit():
            text = " ".join((value.text or "").split())
            found[int(place)] = _figure(text, point.get("formatCode") or formatted)
    return found


def _figure(text: str, formatted: str) -> str:
    """As a cell of that format shows it; what is no number is a word."""
    if not formatted:
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    codes = set("".join(formatted.lower().split('"')[::2]))
    if codes >= DATES and 0 < value < LAST_DAY:
        return displayed(FIRST_DAY + timedelta(days=value))
    return displayed(int(value) if value.is_integer() else value, formatted)


def _extended(chart: etree._Element) -> Iterator[Series]:
    """Of waterfalls, treemaps and the like, whose data stand apart from their series."""
    data = {each.get("id", ""): each for each in chart.iter(f"{EXTENDED}data")}
    for series in chart.iter(f"{EXTENDED}series"):
        key = series.find(f"{EXTENDED}dataId")
        found = data.get("" if key is None else key.get("val", ""))
        name = series.find(f"{EXTENDED}tx")
        words = "" if name is None else "".join(name.itertext(f"{EXTENDED}v"))
        if found is not None:
            yield Series(words, _dimension(found, "strDim"), _dimension(found, "numDim"))


def _dimension(data: etree._Element, kind: str) -> dict[int, str]:
    dimension = data.find(f"{EXTENDED}{kind}")
    found: dict[int, str] = {}
    for level in [] if dimension is None else reversed(dimension.findall(f"{EXTENDED}lvl")):
        for point in islice(level.iter(f"{EXTENDED}pt"), POINTS):
            place = int(point.get("idx", "0"))
            text = " ".join((point.text or "").split())
            found[place] = f"{found.get(place, '')} {text}".strip()
    return found
