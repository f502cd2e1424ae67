"""Formulas as people write them: `(average inventory between FY2018 and FY2019) / FY2019 COGS`."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from chat.cells.asked_periods import asked_periods, without_periods
from chat.cells.columns import Period

LONGEST = 400  # characters
DEEPEST = 20  # brackets

_SAID = (
    (re.compile(r"\bdivided by\b|\bover\b|÷", re.IGNORECASE), " / "),
    (re.compile(r"\bmultiplied by\b|\btimes\b|\u00d7", re.IGNORECASE), " * "),
    (re.compile(r"\bminus\b|\bless\b|\s[\u2013\u2212]\s", re.IGNORECASE), " - "),
    (re.compile(r"\bplus\b", re.IGNORECASE), " + "),
)
_TOKEN = re.compile(
    r"(?:(?<!\s)\s++)?(?:(?P<sign>[()*/+]|(?<=[\s)])-(?=[\s(]))|(?P<phrase>[^()*/+\s]+))"
)
_HOW = re.compile(
    r"^(?:the )?(?P<how>average|mean|change|increase)(?: (?:of|in))?(?: the)? ", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FILLER = re.compile(
    r"^(?:the|of|in|its|their|a)\b\s*|(?:(?<!\s)\s++)?\b(?:between|and|for|from|of|in|to|the|during)$",
    re.IGNORECASE,
)


class Number(NamedTuple):
    value: Decimal


class Part(NamedTuple):
    """A figure of a report, or its mean or its change between two periods."""

    phrase: str
    periods: tuple[Period, ...] = ()  # where they are named
    how: str = ""  # average or change
    optional: bool = False


class Sum(NamedTuple):
    sign: str  # + - * /
    left: "Formula"
    right: "Formula"


Formula = Number | Part | Sum


class NoFormula(Exception):
    """What was read is none."""


def formula(text: str) -> Formula | None:
    if len(text) > LONGEST:
        return None
    for pattern, sign in _SAID:
        text = pattern.sub(sign, text)
    try:
        return _Reader(_tokens(text)).whole()
    except NoFormula:
        return None


def parts(of: Formula) -> list[Part]:
    if isinstance(of, Sum):
        return [*parts(of.left), *parts(of.right)]
    return [of] if isinstance(of, Part) else []


def _tokens(text: str) -> list[str]:
    """Signs and brackets, and the phrases between them."""
    found: list[str] = []
    is_phrase = False
    for match in _TOKEN.finditer(f" {text.strip()} "):
        if match["sign"]:
            found.append(match["sign"])
        elif is_phrase:
            found[-1] += f" {match['phrase']}"
        else:
            found.append(match["phrase"])
        is_phrase = not match["sign"]
    return found


class _Reader:
    """Products before sums, brackets before both."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens, self.at, self.deep = tokens, 0, 0

    def whole(self) -> Formula:
        found = self._sum()
        if self.at < len(self.tokens):
            raise NoFormula
        return found

    def _sum(self) -> Formula:
        found = self._product()
        while self._next() in {"+", "-"}:
            found = Sum(self._take(), found, self._product())
        return found

    def _product(self) -> Formula:
        found = self._factor()
        while self._next() in {"*", "/"}:
            found = Sum(self._take(), found, self._factor())
        return found

    def _factor(self) -> Formula:
        token = self._take()
        if token == "(":
            self.deep += 1
            if self.deep > DEEPEST:
                raise NoFormula
            found = self._sum()
            if self._take() != ")":
                raise NoFormula
            return found
        if token in {")", "+", "-", "*", "/"}:
            raise NoFormula
        return Number(Decimal(token)) if _NUMBER.fullmatch(token) else _part(token)

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._next()
        if not token:
            raise NoFormula
        self.at += 1
        return token


def _part(token: str) -> Part:
    how = ""
    if found := _HOW.match(token):
        how = "average" if found["how"].lower() in {"average", "mean"} else "change"
        token = token[found.end() :]
    optional = token.endswith("?")
    phrase = without_periods(token.removesuffix("?")).strip(" ,.;:")
    before = ""
    while before != phrase:
        before, phrase = phrase, _FILLER.sub("", phrase).strip(" ,.;:")
    if not phrase:
        raise NoFormula
    return Part(phrase, tuple(asked_periods(token)), how, optional)
