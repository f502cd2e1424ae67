"""Answers as HTML: whole, or block by block while they are written.

A long text is rendered in pieces that never change once they are complete: paragraphs, items of
lists, fifty rows of a table, two hundred lines of code. Only the last piece is rendered again.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token

from chat.html import block, mathematics

ROWS = 50  # of a table in one piece
LINES = 200  # of code in one piece
AT_ONCE = 2_000  # characters of one piece that are rendered again with every new word

_LISTS = {"bullet_list_open", "ordered_list_open"}
_ENDED_BY_BLANK = {"paragraph_open", "table_open", "blockquote_open"}
_LABEL = re.compile(r"\[([^\[\]]{1,200})\](?!\()")
_NO_LABEL = re.compile(r"[\sxX0-9,;\u2013-]*")

# What may turn out as the beginning of something else: a rule, a heading, an item, a fence.
_UNCLEAR = re.compile(
    r"[-=+*_#|:.~`>\s]*(?:[0-9]{1,9}[.)]?\s*)?(?:\[[ xX]?\]?\s*)?|\s*(?:```|~~~|\|).*"
)
_HALF_LINK = re.compile(r"(?<!\\)!?\[([^\[\]\n]*)(\]?)(?:(?<=\])\([^()\s]*)?$")
_MARK = re.compile(r"[*_~`]")
_HALF_SOURCE = re.compile(r"【[^】]*$")
_HALF_CITE = re.compile(r"[0-9,;\s\u2013-]*")


class Block(NamedTuple):
    n: int  # from 0; replaces the earlier block of this number
    html: str
    open: bool  # may come again


class Segment(NamedTuple):
    source: str
    number: int | None = None  # of an ordered list's item
    continued: bool = False  # goes on with the list, table or code before it


class _Unit(NamedTuple):
    kind: str  # the type of its first token
    start: int  # lines
    end: int
    number: int | None = None
    continued: bool = False
    markup: str = ""


def render(
    text: str, sources: Collection[int] = (), doubts: Sequence[Mapping[str, Any]] = ()
) -> SafeString:
    """The whole text. Numbers in brackets become links where they are in `sources`.

    Each of the `doubts` has start, end and reason: that sentence is marked.
    """
    marked = {text[doubt["start"] : doubt["end"]]: str(doubt["reason"]) for doubt in doubts}
    whole = Blocks(sources, marked)
    shown = {block.n: block.html for block in [*whole.take(text), *whole.finish()]}
    return mark_safe("".join(shown[n] for n in sorted(shown)))


class Blocks:
    """Renders a text while it is being written.

    The last blocks of each number, joined, are what `render` makes of the whole text, wherever
    the text was cut.
    """

    def __init__(
        self, sources: Collection[int] = (), doubts: Mapping[str, str] | None = None
    ) -> None:
        self.sources, self.doubts = frozenset(sources), doubts or {}
        self.links: dict[str, Any] = {}  # definitions so far
        self.n = 0
        self.rest = ""  # from the beginning of the last piece
        self.place = Segment("")  # where the rest stands in its list, table or code
        self.kind = ""  # of the rest's last unit
        self.scanned = 0  # characters of the rest
        self.due = 0  # length of the rest that is worth looking at again
        self.shown = Block(-1, "", False)
        self.drawn = ""  # source of what is shown
        self.returned = False  # the last character was a carriage return
        self.held: dict[int, Segment] = {}  # may hold links that are defined further on

    def feed(self, delta: str) -> list[Block]:
        """The blocks that have changed with these new characters."""
        if len(self.rest) + len(delta) < self.due:
            self.rest += self._with_newlines(delta)
            return []
        changed = [*self.take(delta), *self._draw()]
        self.due = len(self.rest) + max(0, len(self.rest) - AT_ONCE) // 16
        return changed

    def take(self, delta: str) -> list[Block]:
        """The blocks that are complete with these new characters."""
        self.rest += self._with_newlines(delta)
        complete = self.rest.rfind("\n") + 1
        if complete <= self.scanned:
            return []
        return self._close(self.rest[:complete], self.rest[complete:])

    def finish(self) -> list[Block]:
        """The blocks that are not closed yet; the text has ended."""
        closed = self._close(self.rest, "", ended=True)
        closed += [Block(n, self._html(piece), False) for n, piece in self.held.items()]
        if self.shown.n == self.n:
            closed.append(Block(self.n, "", False))
        return closed

    def _with_newlines(self, delta: str) -> str:
        """For carriage returns, also where one is cut from its line feed."""
        if not delta:
            return ""
        text = delta.removeprefix("\n") if self.returned else delta
        self.returned = delta.endswith("\r")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _close(self, text: str, partial: str, *, ended: bool = False) -> list[Block]:
        pieces, rest, self.kind, self.place = _cut(text, self.place, ended)
        self.rest, self.scanned = rest + partial, len(rest)
        return [block for piece in pieces for block in self._closed(piece)]

    def _closed(self, piece: Segment) -> Iterator[Block]:
        block.define(piece.source, self.links)
        html = self._html(piece)
        if not html:
            return
        waits = _may_refer(piece.source)
        if waits:
            self.held[self.n] = piece
        yield Block(self.n, html, waits)
        self.n += 1

    def _html(self, piece: Segment, *, being_written: bool = False) -> str:
        return block.html(
            piece.source,
            self.sources,
            self.links,
            self.doubts,
            number=piece.number,
            continued=piece.continued,
            being_written=being_written,
        )

    def _draw(self) -> Iterator[Block]:
        """The open block, if it looks different now."""
        source = self._presentable()
        if source == self.drawn and self.shown.n == self.n:
            return
        self.drawn = source
        block = Block(
            self.n, self._html(self.place._replace(source=source), being_written=True), True
        )
        if block != self.shown and (block.html or self.shown.n == self.n):
            self.shown = block
            yield block

    def _presentable(self) -> str:
        """The rest without what would be seen raw for a moment."""
        lines = self.rest.split("\n")
        if _UNCLEAR.fullmatch(lines[-1]) or self.kind == "table_open":
            lines.pop()
        if self.kind not in {"table_open", "fence"}:
            _drop_table_head(lines)
        source = "\n".join(lines)
        if self.kind == "fence":
            return source
        return _mended(mathematics.without_half_formula(source).rstrip(), self.links)


def _may_refer(source: str) -> bool:
    return any(not _NO_LABEL.fullmatch(label[1]) for label in _LABEL.finditer(source))


def _cut(text: str, place: Segment, ended: bool) -> tuple[list[Segment], str, str, Segment]:
    """The complete pieces, the rest, its kind and its place.

    The text has complete lines only. A piece reaches from the end of the one before it, so that
    a link definition, whose title may stand on the next line, is in one piece with that line.
    """
    lines = text.split("\n")
    units = list(_units(block.outline(text), place))
    pieces: list[Segment] = []
    start = 0
    for unit in units:
        start = unit.start if unit.continued else start
        if unit is units[-1] and not ended and not _is_closed(unit, lines):
            *complete, last = _split(unit, lines, start, len(lines))
            return pieces + complete, last.source, unit.kind, last._replace(source="")
        pieces += _split(unit, lines, start, unit.end)
        start = unit.end
    rest = "\n".join(lines[start:])
    return (
        ([*pieces, Segment(rest)], "", "", Segment(""))
        if ended
        else (pieces, rest, "", Segment(""))
    )


def _units(tokens: list[Token], place: Segment) -> Iterator[_Unit]:
    """What may become a piece: the items of the outermost lists, and the blocks beside them."""
    goes_on, number = False, None
    for token in tokens:
        if token.map is None or token.level > 1:
            continue
        start, end = token.map
        if token.level == 0:
            goes_on = place.continued and token is tokens[0]
        if token.type == "list_item_open":
            yield _Unit(token.type, start, end, number, goes_on)
            goes_on, number = True, None if number is None else number + 1
        elif token.type == "ordered_list_open":
            number = place.number if goes_on else int(token.attrs.get("start", 1))
        elif token.type == "bullet_list_open":
            number = None
        elif token.level == 0:
            yield _Unit(token.type, start, end, None, goes_on, token.markup)


def _is_closed(unit: _Unit, lines: list[str]) -> bool:
    """Whether no further line can become part of it."""
    if unit.kind == "fence":
        return _has_closing_fence(unit, lines)
    after = lines[unit.end - 1 : min(unit.end + 1, len(lines) - 1)]
    blank = any(not line.strip(" \t") for line in after)
    return unit.kind in {"heading_open", "hr"} or (unit.kind in _ENDED_BY_BLANK and blank)


def _has_closing_fence(unit: _Unit, lines: list[str]) -> bool:
    last = lines[unit.end - 1].expandtabs(4)
    marks = last.strip(" ")
    indent = len(last) - len(last.lstrip(" "))
    return (
        unit.end - unit.start > 1
        and indent < 4
        and marks.startswith(unit.markup)
        and not marks.strip(unit.markup[0])
    )


def _split(unit: _Unit, lines: list[str], start: int, end: int) -> Iterator[Segment]:
    """The unit in pieces of which each can stand alone."""
    head, most = {"fence": (1, LINES), "table_open": (2, ROWS)}.get(unit.kind, (0, 0))
    first = unit.start + head
    last = unit.end - (unit.kind == "fence" and _has_closing_fence(unit, lines))
    if not head or last - first <= most:
        yield Segment("\n".join(lines[start:end]), unit.number, unit.continued)
        return
    yield Segment("\n".join(lines[start : first + most]), None, unit.continued)
    for at in range(first + most, last, most):
        stop = at + most if at + most < last else end
        opening = lines[unit.start : first]
        yield Segment("\n".join([*opening, *lines[at:stop]]), None, True)


def _drop_table_head(lines: list[str]) -> None:
    """A table is one from its second line on."""
    rows = [line for line in lines[-2:] if line.lstrip().startswith("|") or " | " in line[:120]]
    if rows and lines[-1] in rows and len(rows) < 2:
        lines.pop()


def _mended(source: str, links: dict[str, Any]) -> str:
    """With what the last line leaves open closed, or left out."""
    before, newline, last = source.rpartition("\n")
    half = _HALF_LINK.search(last)
    if half and not (half[2] and half[0].endswith("]") and _HALF_CITE.fullmatch(half[1])):
        label = "" if _HALF_CITE.fullmatch(half[1]) and not half[2] else half[1]
        last = last[: half.start()] + label
    mended = source = before + newline + _HALF_SOURCE.sub("", last).rstrip(" \t*_~`\\")
    for _ in range(3 if len(source) < AT_ONCE and _MARK.search(source) else 0):
        closing = block.unclosed(mended, links)
        if not closing:
            return mended
        mended += closing
    return source
