"""The row of any table that a question names, and the column that it asks for."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from chat.cells import page_tables, standard_terms
from chat.cells.asked_figures import CHANGE
from chat.cells.asked_periods import asked_periods, without_periods
from chat.cells.columns import Period, period_of
from chat.cells.page_tables import Cell, Row
from chat.cells.statements import Pages, Place, place_of, whole
from chat.grounding import sentences
from documents.finding.search import Passage
from documents.text import languages, words

MOST_PAGES = 4
MOST_CELLS = 4  # of a row that is told whole

_SAME = {"paid": "pay", "spent": "spend", "owed": "owe"}
BRACKETS = re.compile(r"\([^()]*\)")
_ROW = re.compile(r"\|[^|\n]*\d|(?<!\S)\S++(?:[ \t]++(?=[^\s\d]*+\d)\S++){2}[ \t]*+$", re.MULTILINE)


class NamedRow(NamedTuple):
    row: Row
    cells: Sequence[Cell]  # those that are asked for
    place: Place

    @property
    def is_of_two_periods(self) -> bool:
        return len(self.cells) == 2 and all(cell.period.year for cell in self.cells)


class _Asked(NamedTuple):
    terms: frozenset[str]  # that have to be in the row or around it
    words: frozenset[str]  # all, and their stems
    periods: Sequence[Period]
    compares: bool

    @property
    def before(self) -> Period | None:
        """What the only year that is asked for is compared with."""
        if not self.compares or len(self.periods) != 1:
            return None
        period = self.periods[0]
        return None if period.quarter or period.month else period._replace(year=period.year - 1)


class _Fit(NamedTuple):
    named: int  # words of the question that the label has
    around: int  # and that stand around it
    row: NamedRow


def found(question: str, passages: Sequence[Passage], pages: Pages) -> NamedRow | None:
    """None where a word of the question is in neither row nor table, and where two rows fit."""
    asked = _asked(question)
    if not asked.terms:
        return None
    fits = [fit for rows, on in _tables(passages, pages) for fit in _fits(asked, rows, on)]
    if not fits:
        return None
    best = max(fit[:2] for fit in fits)
    rows = [fit.row for fit in fits if fit[:2] == best]
    told = {(_label(each.row), *(cell.raw for cell in each.cells)) for each in rows}
    return rows[0] if len(told) == 1 else None


def _label(row: Row) -> str:
    return standard_terms.plain_label(row.label)


def _asked(question: str) -> _Asked:
    sentence = sentences.split(question)
    main = " ".join(each for each in sentence if "?" in each) or question
    bare = standard_terms.plain(without_periods(main))
    every = frozenset(_SAME.get(word, word) for word in bare.split())
    said = every | frozenset(words.terms(" ".join(every)))
    return _Asked(_terms(bare), said, asked_periods(main), bool(CHANGE.search(main)))


def _terms(text: str, skipped: str = "asking") -> frozenset[str]:
    """The stems of a plain text's words."""
    known = standard_terms.listed(skipped)
    kept = (_SAME.get(word, word) for word in text.split() if word not in known)
    return frozenset(words.terms(" ".join(kept)))


@cache
def _narrower() -> frozenset[str]:
    """Words that the row itself has to have: “adjusted”, “per share”."""
    return frozenset(words.terms(" ".join(standard_terms.listed("narrower"))))


def _is_covered(label: str, asked: _Asked) -> bool:
    """Whether each word of a label is in the question, “before” and “other” too."""
    glue = standard_terms.listed("glue")
    needed = [_SAME.get(word, word) for word in label.split() if word not in glue]
    stops = {word for word in needed if languages.is_stop_word(word)}
    return stops <= asked.words and _terms(label, "glue") <= asked.terms | asked.words


def _tables(
    passages: Sequence[Passage], pages: Pages
) -> Iterator[tuple[list[Row], Sequence[Passage]]]:
    """Of the pages that the best passages stand on; of one without pages by itself."""
    seen: set[tuple[int, int, int]] = set()
    for passage in passages:
        key = (passage.document, passage.page or 0, 0 if passage.page else passage.chunk)
        if key in seen or not _ROW.search(passage.text):
            continue
        seen.add(key)
        on = (
            pages(passage.document, [passage.page]) if passage.page else [passage._replace(start=0)]
        )
        yield page_tables.rows(whole(on)), on
        if len(seen) == MOST_PAGES:
            return


def _fits(asked: _Asked, rows: Sequence[Row], on: Sequence[Passage]) -> Iterator[_Fit]:
    title = f"{on[0].filename} {' '.join(each.heading for each in on)}"
    for row in rows:
        named = standard_terms.plain(without_periods(_label(row)))
        label = _terms(named)
        heads = _terms(standard_terms.plain_label(" ".join(cell.head for cell in row.cells)))
        about = _terms(standard_terms.plain_label(f"{row.group} {row.above} {title}"))
        around = heads | (about - _narrower())
        is_dated = not (named or asked.compares) and _is_of(row.label, asked.periods)
        if not (is_dated or (label and _is_covered(named, asked))):
            continue
        if asked.terms - label - around:
            continue
        undated = asked._replace(periods=()) if is_dated else asked
        cells = _columns(undated, label, row)
        if cells and all(re.search(r"\w", BRACKETS.sub("", cell.head)) for cell in cells):
            near = len(asked.terms & around - label)
            yield _Fit(len(label), near, NamedRow(row, cells, place_of(on, row)))


def _is_of(label: str, periods: Sequence[Period]) -> bool:
    of = period_of(label)
    return bool(of.year) and any(_same(of, each) for each in periods)


def _columns(asked: _Asked, label: frozenset[str], row: Row) -> list[Cell]:
    """Those of the periods that are asked for, else those whose head is; of a row of dates all."""
    is_dated = any(cell.period.year for cell in row.cells)
    if asked.periods and is_dated:
        found = [_only(row.cells, each) for each in asked.periods]
        if not all(found):
            return []
        before = asked.before and _only(row.cells, asked.before)
        return [cell for cell in (*found, before) if cell]
    if asked.periods and not _is_of(row.above, asked.periods):
        return []
    named = [
        (len(_terms(standard_terms.plain(c.head)) & asked.terms - label), c) for c in row.cells
    ]
    most = max((many for many, _ in named), default=0)
    best = [cell for many, cell in named if many == most]
    is_whole = not most and (is_dated or not label or len(best) == 1)
    return best if (most and len(best) == 1) or (is_whole and len(best) <= MOST_CELLS) else []


def _only(cells: Sequence[Cell], asked: Period) -> Cell | None:
    found = [cell for cell in cells if _same(cell.period, asked)]
    return found[0] if len(found) == 1 else None


def _same(of: Period, asked: Period) -> bool:
    """Every part that is asked for; a whole year is no quarter of it."""
    parts = zip(of[:4], asked[:4], strict=True)
    return all(mine == wanted for mine, wanted in parts if wanted) and (
        bool(asked.quarter or asked.month) or not (of.quarter or 0 < of.length < 12)
    )
