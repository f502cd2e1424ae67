"""What each word of a question is to one table: a column, a value, a date, a cue, or unknown."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import takewhile
from typing import NamedTuple

from documents.tables import relative_dates, values, vocabulary
from documents.tables.table import Column, Table
from documents.tables.vocabulary import Token
from documents.text import month_names
from documents.text.folding import fold

MOST_VALUES = 20_000  # different ones of a column, to be looked for in questions
LONGEST_VALUE = 8  # words
SHORT = 3  # characters of a value that must be written as in the table
QUARTER = re.compile(r"q([1-4])")
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "erste": 1, "zweite": 2, "dritte": 3}
QUARTERS |= {"ersten": 1, "zweiten": 2, "dritten": 3, "vierten": 4, "vierte": 4}
NUMBERED = re.compile(r"(?<=\w{3})(?:nr|nummer|id)$", re.IGNORECASE)
ORDER = (
    "column",
    "value",
    "period",
    "cue",
    "number",
    "quoted",
    "part",
    "like",
    "named",
    "noun",
    "filler",
)


class Mark(NamedTuple):
    kind: str  # of ORDER, or unknown
    length: int  # tokens
    text: str
    column: Column | None = None
    columns: tuple[tuple[Column, str], ...] = ()  # of a value: where it is, and how written there
    meanings: tuple[str, ...] = ()  # of a cue
    period: str = ""  # as the grammar has it
    number: Decimal | None = None
    relative: bool = False  # of a period: told from today


class Lexicon:
    """The words of a table, its sheet and its file."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.columns = {each.name: _names(each) for each in table.columns}
        self.values = _values(table)
        self.parts = _parts(table.columns)
        self.names = [
            vocabulary.words_of(name) for name in (table.name, table.file.rpartition(".")[0])
        ]
        names = (table.name, table.file.rpartition(".")[0], *(each.name for each in table.columns))
        self.nouns = {
            stem for name in names for word in vocabulary.words_of(name) for stem in word.stems
        }

    def marks(self, question: str) -> list[Mark]:
        found = vocabulary.tokens(question)
        marks: list[Mark] = []
        place = 0
        while place < len(found):
            best = _best(list(self._at(found, place)))
            marks.append(best)
            place += best.length
        return marks

    def _at(self, tokens: Sequence[Token], place: int) -> Iterator[Mark]:
        yield Mark("unknown", 1, tokens[place].text)
        yield from self._columns(tokens, place)
        yield from self._values(tokens, place)
        yield from self._names(tokens, place)
        yield from _periods(tokens, place)
        yield from _cues(tokens, place)
        yield from self._single(tokens[place])

    def _columns(self, tokens: Sequence[Token], place: int) -> Iterator[Mark]:
        for column in self.table.columns:
            for name in self.columns[column.name]:
                part = tokens[place : place + len(name)]
                if len(part) == len(name) and all(
                    a.stems & b.stems for a, b in zip(part, name, strict=True)
                ):
                    meanings = vocabulary.cues().get(tuple(each.folded for each in part), ())
                    text = " ".join(each.text for each in part)
                    yield Mark("column", len(name), text, column, meanings=meanings)

    def _values(self, tokens: Sequence[Token], place: int) -> Iterator[Mark]:
        if tokens[place].kind == "quoted":
            words = [each.folded for each in vocabulary.words_of(tokens[place].text)]
            where = self.values.get(tuple(words), ())
            yield Mark("value" if where else "quoted", 1, tokens[place].text, columns=tuple(where))
            return
        for length in range(1, min(LONGEST_VALUE, len(tokens) - place) + 1):
            part = tokens[place : place + length]
            text = " ".join(each.text for each in part)
            for key in _spelt(part):
                where = [each for each in self.values.get(key, ()) if _may_be(text, each[1])]
                if where:
                    yield Mark("value", length, text, columns=tuple(where))
                    break

    def _names(self, tokens: Sequence[Token], place: int) -> Iterator[Mark]:
        """Words of the sheet's or the file's name that follow each other: `fleet 7`."""
        for name in self.names:
            for start in range(len(name) - 1):
                pairs = zip(tokens[place:], name[start:], strict=False)
                length = sum(
                    1 for _ in takewhile(lambda each: each[0].stems & each[1].stems, pairs)
                )
                if length > 1:
                    text = " ".join(each.text for each in tokens[place : place + length])
                    yield Mark("named", length, text)

    def _single(self, token: Token) -> Iterator[Mark]:
        if token.kind == "number" and (number := _number(token.text)) is not None:
            yield Mark("number", 1, token.text, number=number)
        elif token.folded in vocabulary.NUMBER_WORDS:
            yield Mark(
                "number", 1, token.text, number=Decimal(vocabulary.NUMBER_WORDS[token.folded])
            )
        columns = [column for stem in token.stems for column in self.parts.get(stem, ())]
        different = {column.name: column for column in columns}
        if len(different) == 1:
            yield Mark("part", 1, token.text, columns[0])
        # What is bought is no buyer.
        told = frozenset() if token.folded in vocabulary.trade() else token.stems
        same = {s for stem in told for s in vocabulary.synonyms().get(stem, ())}
        if different or self.nouns & (token.stems | same):
            yield Mark("noun", 1, token.text)
        if not different and (column := self._like(same)):
            yield Mark("like", 1, token.text, column)
        if token.folded in vocabulary.fillers():
            yield Mark("filler", 1, token.text)

    def _like(self, same: set[str]) -> Column | None:
        """The column whose name means the same, if it is one alone."""
        found = {
            column.name: column
            for column in self.table.columns
            if any(word.stems & same for word in _telling(column))
        }
        return next(iter(found.values())) if len(found) == 1 else None


def _best(marks: Sequence[Mark]) -> Mark:
    """A value as it is written before a column in another form: Open before Opened."""
    best = max(marks, key=_worth)
    if best.kind != "column" or best.column is None or fold(best.text) == fold(best.column.name):
        return best
    written = [m for m in marks if m.kind == "value" and m.length == best.length]
    return next((m for m in written if fold(m.columns[0][1]) == fold(m.text)), best)


def _worth(mark: Mark) -> tuple[int, int]:
    order = ORDER.index(mark.kind) if mark.kind in ORDER else len(ORDER)
    return mark.length, -order


def _names(column: Column) -> list[list[Token]]:
    """The whole name, and the name without what stands in brackets."""
    bare = re.sub(r"[(\[].{0,200}?[)\]]", " ", column.name)
    whole, named = vocabulary.words_of(column.name), vocabulary.words_of(bare)
    without = [word for word in named if word.folded not in vocabulary.UNITS]
    return [name for name in (whole, named, without) if name]


def _parts(columns: Sequence[Column]) -> dict[str, list[Column]]:
    """By the stem of each word of a name of several words."""
    found: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        for word in _telling(column):
            first = NUMBERED.sub("", word.text)  # Kundennr is of Kunden
            for stem in word.stems | vocabulary.stems(first):
                found[stem].append(column)
    return found


def _telling(column: Column) -> list[Token]:
    """Units tell nothing of the column Unit Price, but amounts something of Amount net."""
    words = [word for word in vocabulary.words_of(column.name) if len(word.folded) > 2]
    silent = vocabulary.grammar_words() | vocabulary.UNITS
    words = [word for word in words if word.folded not in silent]
    if column.form.kind != "number":
        return words
    sure = frozenset().union(*vocabulary.money())
    return [word for word in words if word is words[-1] or word.stems & sure]


def _values(table: Table) -> dict[tuple[str, ...], list[tuple[Column, str]]]:
    found: dict[tuple[str, ...], list[tuple[Column, str]]] = defaultdict(list)
    for column in table.columns:
        if column.form.kind != "text" or len(column.counted) > MOST_VALUES:
            continue
        seen: set[str] = set()
        for cell in column.counted:
            words = tuple(each.folded for each in vocabulary.words_of(cell[:200]))
            figures = all(word.isdigit() for word in words)  # which might as well be an amount
            if not figures and len(words) <= LONGEST_VALUE and cell.casefold() not in seen:
                seen.add(cell.casefold())
                found[words].append((column, cell))
    return found


def _spelt(part: Sequence[Token]) -> list[tuple[str, ...]]:
    """As written; and with the last word as it may be without an ending."""
    whole = tuple(word for each in part for word in _folded_words(each))
    last = part[-1]
    shorter = [last.folded[:-1]] if last.folded.endswith(("s", "n")) else []
    shorter += [last.folded[:-2]] if last.folded.endswith(("es", "en", "'s")) else []
    return [whole, *((*whole[:-1], word) for word in shorter if len(word) > SHORT)]


def _folded_words(token: Token) -> list[str]:
    words = vocabulary.words_of(token.text)
    return [each.folded for each in words] if words else [token.folded]


def _may_be(text: str, cell: str) -> bool:
    """Words of the language are values only when they are written as in the table."""
    if len(cell) <= SHORT:
        return text == cell
    folded = fold(text)
    common = folded in vocabulary.grammar_words() or (folded,) in vocabulary.cues()
    return not common or text == cell


def _number(text: str) -> Decimal | None:
    found = values.number(text, ".")
    return values.number(text, ",") if found is None else found


def _periods(tokens: Sequence[Token], place: int) -> Iterator[Mark]:
    token = tokens[place]
    if token.kind == "date":
        yield Mark("period", 1, token.text, period=token.text)
    elif re.fullmatch(r"(?:19|20)\d\d", token.text):
        yield Mark("period", 1, token.text, period=token.text, number=Decimal(token.text))
    for length in range(relative_dates.LONGEST, 0, -1):
        part = tokens[place : place + length]
        if len(part) == length and (told := relative_dates.period([each.folded for each in part])):
            year = Decimal(told) if told.isdigit() else None
            text = " ".join(each.text for each in part)
            yield Mark("period", length, text, period=told, number=year, relative=True)
    for length in (4, 3, 2):
        part = tokens[place : place + length]
        if len(part) == length and (period := _spoken(part)):
            yield Mark("period", length, " ".join(each.text for each in part), period=period)


def _spoken(part: Sequence[Token]) -> str:
    """March 2024, 5 March 2024, March 5 2024, Q1 2024, first quarter of 2024."""
    words = [
        each.folded for each in part if each.folded not in {"of", "the", "des", "im", "jahres"}
    ]
    if len(words) < 2 or part[0].folded in {"of", "the", "im"}:
        return ""
    if not re.fullmatch(r"(?:19|20)\d\d", words[-1]):
        return ""
    year, rest = words[-1], words[:-1]
    quarter = _quarter(rest)
    if quarter:
        return f"{year}-Q{quarter}"
    named = month_names.months()
    months = [named[word] for word in rest if word in named]
    days = [found[1] for word in rest if (found := re.fullmatch(r"(\d\d?)(?:st|nd|rd|th)?", word))]
    if len(months) != 1 or len(months) + len(days) != len(rest):
        return ""
    return f"{year}-{months[0]:02}" + (f"-{int(days[0]):02}" if days else "")


def _quarter(words: Sequence[str]) -> int:
    if len(words) == 1 and (found := QUARTER.fullmatch(words[0])):
        return int(found[1])
    if len(words) == 2 and words[1] in {"quarter", "quartal", "quartals"}:
        return QUARTERS.get(words[0], 0)
    return 0


def _cues(tokens: Sequence[Token], place: int) -> Iterator[Mark]:
    known = vocabulary.cues()
    for length in range(1, vocabulary.LONGEST_CUE + 1):
        part = tokens[place : place + length]
        meanings = known.get(tuple(each.folded for each in part))
        if meanings and len(part) == length:
            text = " ".join(each.text for each in part)
            yield Mark("cue", length, text, meanings=meanings)
