"""The passages of an answer, prepared so that words, numbers and dates are looked up quickly."""

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from chat.grounding import numbers_dates, tables
from chat.grounding.numbers_dates import Date, Number
from chat.grounding.tables import Figure
from documents.text import languages, periods, words
from documents.text.folding import fold
from documents.text.month_names import days, months

QUOTED = 0.85  # of a quotation's words, in their order
INITIALS_WITHIN = 20_000  # words

_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ][^\W\d_]+(?:[-&'\u2019][^\W\d_]+)*|(?:[A-Z]\.){2,}")
WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_SMALL_WORD = re.compile(r"\b[^\W\d_A-Z]+\b")
_UNIT_END = re.compile(r"(?<=[.!?;])\s++(?=[^a-z\s])|(?<!\s)[^\S\n]*+\n\s*+(?=[^a-z\s])")
_NO_NAMES = {
    *("mr", "mrs", "ms", "dr", "prof", "sir", "president", "chairman", "director"),
    *("ceo", "cfo", "coo", "note", "yes", "no", "however", "table", "figure", "section"),
    *("fiscal", "year", "quarter", "half", "usd", "eur", "gbp", "teur"),
    *("first", "second", "third", "fourth"),
}


class Unit(NamedTuple):
    text: str  # a sentence or a line of a passage
    terms: frozenset[str]


class Evidence:
    def __init__(self, passages: Sequence[str], numbered: Sequence[int] = ()) -> None:
        """`numbered`: the number of each passage; from 1 on where none are given."""
        self.numbered = numbered or range(1, len(passages) + 1)
        texts = [passage.replace("_", " ") for passage in passages]
        whole = "\n".join(texts)
        self._standing: dict[tuple[object, ...], list[list[Figure]]] = {}
        self.dates, _ = numbers_dates.dates(whole)
        self.figures = [tables.figures(text) for text in texts]  # of each passage
        self.numbers = [figure.number for each in self.figures for figure in each]
        self.years = {number.values[0] for number in self.numbers if number.is_year}
        self.years.update(map(float, numbers_dates.short_years(whole)))
        self.years.update(map(float, periods.years(whole)))
        self.years.update(float(date.year) for date in self.dates if date.year)
        self.words = [list(map(fold, WORD.findall(text))) for text in texts]
        spoken = [word for each in self.words for word in each]
        self.flat = f" {' '.join(spoken)} "
        self.terms = {term for text in texts for term in words.terms(text)}
        self.known = self.terms.union(spoken)
        self.initials = set(_initials(spoken))
        self.language = language(whole)
        self.proper = {fold(match[0]) for match in names(whole)}
        self.proper -= set(map(fold, _SMALL_WORD.findall(whole)))
        self.units = [
            Unit(unit, frozenset(words.terms(unit)))
            for text in texts
            for unit in _UNIT_END.split(text)
            if unit.strip()
        ]

    def has_quotation(self, quoted: list[str]) -> bool:
        """The words in this order; of five and more a few may differ."""
        if f" {' '.join(quoted)} " in self.flat:
            return True
        if len(quoted) < 5:
            return False
        return any(_aligned(quoted, source) >= QUOTED * len(quoted) for source in self.words)

    def has_date(self, date: Date) -> bool:
        if date.year and date.year not in self.years:
            return False
        if any(numbers_dates.same_date(date, source) for source in self.dates):
            return True
        return date.day is None and any(name in self.known for name in _names_of(date.month))

    def has_code(self, code: str) -> bool:
        """10-K and KX-40, however they are joined."""
        spread = r"[\W_]*".join(re.sub(r"[\W_]", "", fold(code)))
        return re.search(rf"(?<![a-z0-9])0?{spread}(?:s|th)?(?![a-z0-9])", self.flat) is not None

    def has_number(self, number: Number, said: str, *, about: bool) -> bool:
        """`about`: the sentence `said` gives it as a rough one."""
        value = number.values[0]
        if number.tail == "word":
            return self.has_count(number, said)
        if number.is_year and value in self.years:
            return True
        if number.tail == "s" and value > 1000 and value % 10 == 0:
            return any(value <= year < value + 10 for year in self.years)
        if any(self.standing(number, about=about)):
            return True
        return number.unit == "%" and self.has_share(number, range(len(self.figures)))

    def has_share(self, number: Number, places: Collection[int]) -> bool:
        """A percentage that these passages give as a part of one."""
        given = (figure.number.values[0] for at in places for figure in self.figures[at])
        return round(number.values[0] / 100, 6) in {value for value in given if value < 1}

    def standing(self, number: Number, *, about: bool, scaled: bool = True) -> list[list[Figure]]:
        """Where in each passage it stands. Not `scaled`: whatever scale the passage states."""
        key = (number.values, number.step, number.unit, number.scaled, number.tail, about, scaled)
        if key not in self._standing:
            self._standing[key] = [
                [
                    figure
                    for figure in each
                    if numbers_dates.same_number(
                        number, figure.number, about=about, stated=figure.scales if scaled else ()
                    )
                ]
                for each in self.figures
            ]
        return self._standing[key]

    def has_count(self, number: Number, said: str) -> bool:
        """A number in words is missing only where the sources count the same thing otherwise."""
        following = words.terms(said[number.end : number.end + 40])[:1]
        counted = {
            source.values[0]
            for source in self.numbers
            if following and not source.unit and self.counts(source, following[0])
        }
        return not counted or number.values[0] in counted

    def counts(self, source: Number, term: str) -> bool:
        return f" {fold(source.raw)} {term}" in self.flat

    def has_name(self, name: str, around: str) -> bool:
        """`around` are the words beside it, with which it may be one that the sources shorten."""
        bare = re.sub(r"['\u2019]s?$", "", name)
        plain = fold(bare)
        forms = {plain, plain.rstrip("s"), plain.replace(".", ""), *words.terms(bare)}
        known = (self.known, self.initials, _NO_NAMES, days(), months().keys())
        if not words.terms(bare) or any(forms & each for each in known):
            return True
        if all(part in self.known for part in re.split(r"[-&'\u2019]", plain)):
            return True
        if len(plain) > 4 and plain.endswith(("n", "ish", "ese")):  # American, of America
            return any(word.startswith(plain[:5]) for word in self.known)
        initials = [match[0][0].lower() for match in names(around)]
        return len(initials) > 1 and "".join(initials) in self.known


def names(text: str) -> Iterator[re.Match[str]]:
    """Words that begin with a capital, as names do."""
    return (match for match in _CAPITAL.finditer(text) if match[0][0].isupper())


def language(text: str) -> str:
    return languages.spoken(WORD.findall(text))


def _names_of(month: int) -> Iterator[str]:
    return (name for name, number in months().items() if number == month)


def _initials(spoken: Sequence[str]) -> Iterator[str]:
    """What words beside each other could be shortened to."""
    letters = "".join(word[0] for word in spoken[:INITIALS_WITHIN])
    for length in (2, 3, 4, 5):
        yield from (letters[at : at + length] for at in range(len(letters) - length + 1))


def _aligned(quoted: list[str], source: list[str]) -> int:
    """How many of the quoted words stand in the source in this order, close together."""
    matcher = SequenceMatcher(None, source, quoted, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    most = 0
    for first in blocks:
        near = (b for b in blocks if 0 <= b.a - first.a < 1.3 * len(quoted) and b.b >= first.b)
        most = max(most, sum(block.size for block in near))
    return most
