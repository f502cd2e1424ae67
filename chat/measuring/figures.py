"""Whether an answer has the figure that is expected, in whatever notation."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from chat.grounding import numbers_dates
from chat.grounding.numbers_dates import Number

MOST = 8  # different figures: who says more of them has not answered, but listed what there is

_ZAHLEN = (
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
)
_IN_WORDS = re.compile(rf"\b(?:{'|'.join(_ZAHLEN)})\b", re.IGNORECASE)
_LESS = re.compile(
    r"\b(?:decreas\w*|declin\w*|dropp?\w*|f[ae]ll\w*|fell|loss\w*|lost|negative|minus|lower|less"
    r"|down|reduc\w*|deficit|outflow\w*|used|verlust\w*|rückgang|gesunken|sank|weniger|abnahme)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"%|\bper ?cent|\bprozent", re.IGNORECASE)
_MINUS = ("-", "\u2212", "\u2013")
_CURRENCIES = {"$", "€", "£", "¥", "CHF", "EUR", "GBP", "USD", "DKK", "SEK", "NOK"}


class Expected(NamedTuple):
    """A figure that is asked for, in a scale: of 1,577 in millions both 1,577 and 1.577e9 are it."""

    number: Number
    is_negative: bool
    scale: float
    unit: str
    tolerance: float


def expected(text: str, scale: float = 1.0, unit: str = "", tolerance: float = 0.0) -> Expected:
    """Of the first number in the text. Raises StopIteration where there is none."""
    number = next(numbers_dates.numbers(text))
    before = text[: number.start].rstrip("$€£ ")
    negative = before.endswith((*_MINUS, "("))
    if unit in _CURRENCIES:
        unit = "$"
    return Expected(number, negative, scale, unit or number.unit, tolerance)


def is_figure(text: str) -> bool:
    """Whether it is one number and nothing else, but for its sign."""
    bare = text.strip().strip("()-\u2212. ").replace("$-", "$")
    found = list(numbers_dates.numbers(bare))
    return len(found) == 1 and found[0].raw == bare and found[0].tail in {"", "word"}


def telling(text: str, question: str = "") -> Iterator[Number]:
    """The figures of a sentence that are no years or dates, and that its question did not name."""
    asked = {value for each in numbers_dates.numbers(question) for value in each.values}
    for figure in numbers_dates.numbers(numbers_dates.dates(text)[1]):
        if not figure.is_year and figure.values[0] not in asked and figure.tail != "word":
            yield figure


def signed(text: str, figure: Number) -> str:
    """As it stands in the text, with its sign."""
    return f"-{figure.raw}" if _has_minus(text, figure) else figure.raw


def has_figure(text: str, wanted: Expected, question: str) -> bool:
    if len({figure.values[0] for figure in telling(text, question)}) > MOST:
        return False
    return any(_is_it(text, number, wanted, question) for number in _figures(text))


def _figures(text: str) -> Iterator[Number]:
    """Those of dates are none."""
    rest = numbers_dates.dates(text)[1]
    yield from numbers_dates.numbers(rest)
    for match in _IN_WORDS.finditer(rest):
        value = float(_ZAHLEN.index(match[0].lower()) + 2)
        yield Number(match[0], (value,), 1.0, tail="word", start=match.start(), end=match.end())


def _is_it(text: str, said: Number, wanted: Expected, question: str) -> bool:
    if not _same_unit(said, wanted, question):
        return False
    minus = _has_minus(text, said)
    if minus and not wanted.is_negative:
        return False
    if wanted.is_negative and not (minus or _in_brackets(text, said) or _LESS.search(text)):
        return False
    targets = {wanted.scale} if said.scaled else {wanted.scale, 1.0}
    return any(_near(value, wanted, by) for value in said.values for by in targets)


def _same_unit(said: Number, wanted: Expected, question: str) -> bool:
    if said.unit == "%":
        return wanted.unit == "%" or (not wanted.unit and _PERCENT.search(question) is not None)
    return wanted.unit != "%" or not (said.unit or said.scaled)


def _has_minus(text: str, said: Number) -> bool:
    before = text[: said.start].rstrip("$€£")
    return before.endswith(_MINUS) and not before[-2:-1].isalnum()


def _in_brackets(text: str, said: Number) -> bool:
    """As accountants write what is negative."""
    return text[: said.start].rstrip("$€£").endswith("(") and text[said.end :].startswith(")")


def _near(value: float, wanted: Expected, by: float) -> bool:
    """Within the tolerance, or what the last digit of the figure is worth; a year is exact."""
    target = wanted.number.values[0] * by
    if wanted.number.is_year and wanted.scale == 1 and not wanted.unit and target > 1899:
        return value == target
    allowed = max(wanted.tolerance * target, 0.5 * wanted.number.step * by)
    return abs(value - target) <= allowed * (1 + 1e-9)
