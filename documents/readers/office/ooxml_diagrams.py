"""The words of a diagram (SmartArt) in the order in which it shows them."""

from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/%s}%s"
POINT, CONNECTION = DRAWING % ("diagram", "pt"), DRAWING % ("diagram", "cxn")
PARAGRAPH, TEXT, BREAK = (DRAWING % ("main", name) for name in ("p", "t", "br"))
SHOWN = {"node", "asst", "doc"}  # not those of layouts and of the arrows between
DEEP = 20


def lines_of(data: etree._Element) -> Iterator[str]:
    """`data` is the part that a frame's `relIds` names with `dm`. A line for each paragraph."""
    points = {point.get("modelId", ""): point for point in data.iter(POINT)}
    below: dict[str, list[tuple[int, str]]] = defaultdict(list)
    children = set()
    for connection in data.iter(CONNECTION):
        if connection.get("type", "parOf") == "parOf":
            place, child = connection.get("srcOrd", "0"), connection.get("destId", "")
            order = int(place) if place.isascii() and place.isdigit() else 0
            below[connection.get("srcId", "")].append((order, child))
            children.add(child)
    seen: set[str] = set()
    for key in points:
        if key not in children:
            yield from _words(key, points, below, seen, 0)
    for key in points:  # of a circle
        yield from _words(key, points, below, seen, 0)


def _words(
    key: str,
    points: dict[str, etree._Element],
    below: dict[str, list[tuple[int, str]]],
    seen: set[str],
    depth: int,
) -> Iterator[str]:
    point = points.get(key)
    if point is None or key in seen or depth > DEEP:
        return
    seen.add(key)
    if point.get("type", "node") in SHOWN:
        yield from filter(None, map(_line, point.iter(PARAGRAPH)))
    for _, child in sorted(below[key]):
        yield from _words(child, points, below, seen, depth + 1)


def _line(paragraph: etree._Element) -> str:
    texts = (" " if each.tag == BREAK else each.text or "" for each in paragraph.iter(TEXT, BREAK))
    return " ".join("".join(texts).split())
