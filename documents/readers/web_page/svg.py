"""The words of a drawing (SVG): what stands at one height is a line."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from documents.readers.common.tidy import one_line

UNSEEN = {"defs", "symbol", "clippath", "mask", "pattern", "marker", "style", "script", "metadata"}
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
)
MOVED = re.compile(r"(translate|matrix)\(([^()]*)\)")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
SAME_HEIGHT = 1.5
FAR = 40.0  # between two words that belong together
LINE = 10.0  # as high as one, where its height is told in lines
OUTER = 40  # groups around a text that are looked at


class Piece(NamedTuple):
    x: float | None
    y: float
    text: str


def name_of(element: etree._Element) -> str:
    """Its tag, in whatever case and name space."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def lines_of(drawing: etree._Element) -> list[str]:
    lines: list[str] = []
    before: Piece | None = None
    for text in drawing.iter():
        if name_of(text) == "text" and _is_seen(text, drawing):
            for piece in _placed(text):
                if before and lines and _goes_on(before, piece):
                    lines[-1] += f" {piece.text}"
                else:
                    lines.append(piece.text)
                before = piece
    return [" ".join(line.split()) for line in lines]


def title_of(drawing: etree._Element) -> str:
    """What stands for it where it has no words."""
    if label := drawing.get("aria-label"):
        return one_line(label)
    names = ("title", "desc")
    found = (child for name in names for child in drawing if name_of(child) == name)
    return next((text for child in found if (text := one_line("".join(child.itertext())))), "")


def _is_seen(text: etree._Element, drawing: etree._Element) -> bool:
    element: etree._Element | None = text
    while element is not None:
        if name_of(element) in UNSEEN or HIDDEN.search(element.get("style", "")):
            return False
        if element.get("display") == "none" or element.get("visibility") == "hidden":
            return False
        if element.get("opacity", "1").strip() in {"0", "0.0"}:
            return False
        element = None if element is drawing else element.getparent()
    return True


def _goes_on(before: Piece, piece: Piece) -> bool:
    if before.x is None or piece.x is None:
        return False
    same = abs(before.y - piece.y) < SAME_HEIGHT
    return same and before.x <= piece.x <= before.x + FAR + 12 * len(before.text)


def _placed(text: etree._Element) -> Iterator[Piece]:
    """A piece for each line of it."""
    across, down = _moved(text)
    x, y = _number(text.get("x")), _number(text.get("y")) or 0.0
    words = ""
    for event, each in etree.iterwalk(text, events=("start", "end")):
        if event == "end":
            words += (each.tail or "") if each is not text else ""
            continue
        if name_of(each) in {"title", "desc"}:
            continue
        below, lower = _number(each.get("y")), _number(each.get("dy")) or 0.0
        if each is not text and ((below is not None and below != y) or lower):
            yield from _piece(x, y, across, down, words)
            words, y = "", below if below is not None else y + lower * LINE
            x = _number(each.get("x")) if each.get("x") else x
        words += f"{' ' if each.get('x') else ''}{each.text or ''}"
    yield from _piece(x, y, across, down, words)


def _piece(x: float | None, y: float, across: float, down: float, words: str) -> Iterator[Piece]:
    if words.strip():
        yield Piece(None if x is None else x + across, y + down, words.strip())


def _moved(text: etree._Element) -> tuple[float, float]:
    """How far all that is around it moves it."""
    across = down = 0.0
    element: etree._Element | None = text
    for _ in range(OUTER):
        if element is None:
            break
        for move in MOVED.finditer(element.get("transform", "")):
            numbers = [float(each) for each in NUMBER.findall(move[2])]
            if move[1] == "translate" and numbers:
                across, down = across + numbers[0], down + (numbers[1:] or [0.0])[0]
            elif len(numbers) == 6:
                across, down = across + numbers[4], down + numbers[5]
        element = element.getparent()
    return across, down


def _number(value: str | None) -> float | None:
    found = NUMBER.match((value or "").strip())
    return float(found[0]) if found else None
