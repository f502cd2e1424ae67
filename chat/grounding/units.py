"""What a passage is read by: its sentences, and the rows of its tables with what names them."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from chat.grounding.sentences import spans

SHORT = 60  # characters of a line that names what stands below it: a table, or some of its rows

_FIGURE = re.compile(r"\(?[$€£]?\d[\d.,]*%?\)?|[-\u2013\u2014$€£%]")
# A point of a list, or a line such as “(in millions)”.
_APART = re.compile(r"(?:[-*+•‣▪]|\d{1,3}[.)])(?:\s|$)|\(.*\)$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AMOUNT = re.compile(r"\d[.,]\d|\(\d|\d ?%")
_RULE = re.compile(r"[\s|:+-]+")
_ENDED = re.compile(r"[.!?;。！？][\"'”’)\]]*$")  # noqa: RUF001

Stretch = tuple[int, int]  # where it begins and ends, in characters of the text


class Unit(NamedTuple):
    start: int  # characters of the text
    end: int
    text: str  # in one line
    before: str  # the sentence before
    is_row: bool = False
    head: str = ""  # of a table's row: the line that names its columns, which may be itself
    needs: frozenset[int] = frozenset()  # places of the units without which it says little


class _Table(NamedTuple):
    head: str
    named: frozenset[int]  # the places of the head and of what stands above it
    label: frozenset[int] = frozenset()  # and of the line that names the next rows


def units(text: str) -> list[Unit]:
    """In their order; a row needs its head, its label and what stands above the table."""
    found: list[Unit] = []
    table: _Table | None = None
    running: list[Stretch] = []
    for start, end in _lines(text):
        line = text[start:end]
        if line and not is_row(line):
            running.append((start, end))
            continue
        found += _sentences(text, running, _last_sentence(found))
        above = [text[first:after] for first, after in running]
        table = _continued(table, above, line, len(found) - 1)
        running = []
        if line and not _RULE.fullmatch(line):
            table = _begun(table, line, found)
            head, needs = (table.head, table.named | table.label) if table else ("", frozenset())
            needs -= {len(found)}
            found.append(Unit(start, end, line, _last_sentence(found), True, head, needs))
    return found


def worth_of_terms(asked: Sequence[str], stems: Sequence[frozenset[str]]) -> dict[str, float]:
    """What each word of the question is worth: the fewer units have it the more; all sum to 1."""
    counted = Counter(term for found in stems for term in found)
    idf = {term: math.log(1 + len(stems) / (counted[term] + 0.5)) for term in asked}
    total = sum(idf.values()) or 1.0
    return {term: value / total for term, value in idf.items()}


def is_row(line: str) -> bool:
    """`a | b`, or words followed by figures as the columns of a page's table."""
    if "|" in line:
        return True
    tokens = line.split()
    return len(tokens) > 2 and all(_FIGURE.fullmatch(token) for token in tokens[-2:])


def _lines(text: str) -> Iterator[Stretch]:
    """Without blanks around them; the last one is empty."""
    at = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        start = at + (len(line) - len(line.lstrip()) if bare else 0)
        yield start, start + len(bare)
        at += len(line)
    yield at, at


def _last_sentence(found: Sequence[Unit]) -> str:
    """What the last sentence so far says."""
    if not found:
        return ""
    return found[-1].before if found[-1].is_row else found[-1].text


def _sentences(text: str, lines: Sequence[Stretch], before: str) -> Iterator[Unit]:
    apart = [place for place, line in enumerate(lines) if _APART.match(text[slice(*line)])]
    for first, after in pairwise(sorted({0, *apart, len(lines)})):
        at = lines[first][0]
        for start, end in spans(text[at : lines[after - 1][1]]):
            said = " ".join(text[at + start : at + end].split())
            yield Unit(at + start, at + end, said, before)
            before = said


def _continued(table: _Table | None, above: Sequence[str], line: str, last: int) -> _Table | None:
    """The same table after what stood between, where that only names the rows below it."""
    if table is None or not line:
        return None
    if not above:
        return table
    is_label = all(len(each) <= SHORT and not _ENDED.search(each) for each in above)
    if is_label and line.count("|") == table.head.count("|"):
        return table._replace(label=frozenset({last}))
    return None


def _begun(table: _Table | None, line: str, found: Sequence[Unit]) -> _Table | None:
    """A new table where this line names the columns, by words or anew by years."""
    head = table.head if table else ""
    is_first = "|" in line and "|" not in head
    is_other = _names_years(line) and ("|" not in line or _names_years(head))
    if not (is_first or is_other):
        return table
    return _Table(line, frozenset({len(found), *_caption(found)}))


def _names_years(line: str) -> bool:
    return len(_YEAR.findall(line)) > 1 and not _AMOUNT.search(line)


def _caption(found: Sequence[Unit]) -> Iterator[int]:
    """What stands above and ends as no sentence does: a title, the unit of all figures."""
    last = found[-1] if found else None
    if last and not last.is_row and len(last.text) <= SHORT and not _ENDED.search(last.text):
        yield len(found) - 1
