"""The sentences of an answer, with their places in its Markdown. Code and headings have none."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it.token import Token

from chat.html import block
from documents.readers.common.hidden import MARK
from documents.text import languages

AHEAD = 40  # characters that are looked at after a full stop


class Sentence(NamedTuple):
    start: int  # characters of the Markdown text
    end: int
    text: str  # plain: without markup, code and numbers of sources
    is_cell: bool = False  # of a table


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_CITES = r"(?:\s*(?:\[[\d\s,;\u2013-]+\]|【[^】\n]{0,200}】))"
_END = re.compile(
    rf"(?:(?<![.!?\u2026。！？])[.!?\u2026。！？]++[\"'”’»)\]*_]*+{_CITES}*[*_]*)(?=\s+[^\s]|$)|[。！？]{_CITES}*"  # noqa: RUF001
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|[Nn]o|Nos|Mr|Mrs|Ms|Dr|Prof|St|vs|etc|ca|approx|e\.g|i\.e|z\.B|d\.h|Nr|Fig|Abs"
    r"|[ap]\.m|U\.S|U\.K|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec))\.$"
)
_ORDINAL = re.compile(r"\b\d{1,2}\.$")  # "the 19th century" in German: "das 19. Jahrhundert"
_WORD = re.compile(r"\w+")
_MARKUP = re.compile(
    r"(?<!`)(`++)[\s\S]*?(?<!`)\1(?!`)|!?\[(?P<label>[^\]\n]{0,500})\]\([^)\s]{0,2000}\)|https?://\S+"
    rf"|(?<!\s){_CITES}|(?P<mark>[*~`]+|(?<!\w)_++|(?<!_)_++(?!\w)|\\(?=[!-/:-@\[-`{{-~])|<br ?/?>)"
)


def sentences(text: str) -> list[Sentence]:
    starts, lines = _lines(text)
    found: list[Sentence] = []
    kind = ""
    cells: dict[int, int] = {}  # by line: how far its cells have been seen
    for token in block.outline(text):
        if token.type != "inline":
            kind = token.type
        elif kind in {"td_open", "th_open"}:
            found += _cell(token, starts, lines, cells)
        elif kind == "paragraph_open":
            found += _of_paragraph(token, starts, lines)
    return found


def _lines(text: str) -> tuple[list[int], list[str]]:
    matches = [match for match in _LINE.finditer(text) if match[0]]
    return [match.start() for match in matches], [match[0] for match in matches]


def _cell(
    token: Token, starts: list[int], lines: list[str], seen: dict[int, int]
) -> Iterator[Sentence]:
    row = token.map[0] if token.map else 0
    at = lines[row].find(token.content, seen.get(row, 0))
    if at < 0 or not token.content:
        return
    seen[row] = at + len(token.content)
    start = starts[row] + at
    yield Sentence(start, start + len(token.content), plain(token.content), is_cell=True)


def _of_paragraph(token: Token, starts: list[int], lines: list[str]) -> Iterator[Sentence]:
    """Its content stands in the text line by line, behind marks of lists and quotes."""
    places: list[int] = []
    first = token.map[0] if token.map else 0
    for number, line in enumerate(token.content.split("\n"), start=first):
        at = lines[number].find(line) if number < len(lines) else -1
        if at < 0:
            return
        places += range(starts[number] + at, starts[number] + at + len(line) + 1)
    for start, end in spans(token.content):
        yield Sentence(places[start], places[end - 1] + 1, plain(token.content[start:end]))


def split(text: str) -> list[str]:
    """The sentences of running text that is no Markdown."""
    return [text[start:end] for start, end in spans(text)]


def spans(content: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of running text begin and end."""
    start = 0
    marks = [mark.span() for mark in MARK.finditer(content)] if "[" in content else []
    for match in _END.finditer(content):
        while marks and marks[0][1] <= match.start():
            marks.pop(0)
        if marks and marks[0][0] < match.end() < marks[0][1]:
            continue  # hidden: what comes after it in the mark would not say so
        following = content[match.end() : match.end() + AHEAD].lstrip()
        if following and _is_inside(content[start : match.end()], match[0], following):
            continue
        yield from _trimmed(content, start, match.end())
        start = match.end()
    yield from _trimmed(content, start, len(content))


def _is_inside(before: str, end: str, following: str) -> bool:
    """A full stop that ends no sentence: of an abbreviation, or an ordinal before its noun."""
    if following[:1].islower():
        return True
    if end != "." or _ABBREVIATED.search(before):
        return end == "."
    word = _WORD.match(following)
    is_noun = word is not None and not languages.is_stop_word(word[0])
    return is_noun and _ORDINAL.search(before) is not None


def _trimmed(content: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = content[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def plain(markdown: str) -> str:
    """Without marks, with a blank for what is not read: code, addresses, numbers of sources."""
    return _MARKUP.sub(_blanked, markdown)


def _blanked(match: re.Match[str]) -> str:
    if match["mark"]:
        return " " if match["mark"].startswith("<") else ""
    return f" {match['label'] or ''} "
