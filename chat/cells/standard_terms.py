"""The figures and ratios that every annual report has; which they are stands in terms.toml."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from documents.text.folding import fold

_BRACKETS = re.compile(r"\([^()]*\)")
_OTHERS = re.compile(r"[^a-z0-9äöüß]+")


class Figure(NamedTuple):
    name: str
    statement: str  # income, balance or cash
    asked: tuple[str, ...]
    rows: tuple[str, ...]  # patterns of labels, the best first
    outflow: bool  # reports write it as a negative number; its amount is meant
    otherwise: str  # the formula for it where it has no row


class Ratio(NamedTuple):
    name: str
    asked: tuple[str, ...]
    formula: str
    percent: bool
    also: str  # a second formula that goes by the same name


class Statement(NamedTuple):
    title: re.Pattern[str]
    rows: tuple[tuple[str, ...], ...]  # it has one of each of these patterns


class Mention(NamedTuple):
    start: int  # characters of the plain text
    end: int
    of: Figure | Ratio


def plain(text: str) -> str:
    """In small letters, without punctuation."""
    text = fold(text.replace("'s ", " ").replace("\u2019s ", " "))
    text = text.replace("'", "").replace("\u2019", "").replace("&", " and ")
    return _OTHERS.sub(" ", text).strip()


def plain_label(text: str) -> str:
    """A row's label so, without what stands in brackets."""
    return plain(_BRACKETS.sub(" ", text))


def figure(phrase: str) -> Figure | None:
    found = _by_phrase().get(plain(phrase))
    return found if isinstance(found, Figure) else None


def ratio(phrase: str) -> Ratio | None:
    found = _by_phrase().get(plain(phrase))
    return found if isinstance(found, Ratio) else None


def mentions(text: str) -> list[Mention]:
    """Those in a plain text, the longest names first where one is in another."""
    found = (
        Mention(match.start(1), match.end(1), _by_phrase()[match[1]])
        for match in _every().finditer(f" {text} ")
    )
    return [Mention(each.start - 1, each.end - 1, each.of) for each in found]


@cache
def statement(name: str) -> Statement:
    each = next(each for each in _data()["statement"] if each["name"] == name)
    title = re.compile(rf"\b(?:{each['title']})\b", re.IGNORECASE)
    return Statement(title, tuple(tuple(one.split("|")) for one in each["rows"]))


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list: asking, plain, glue or narrower."""
    return frozenset(plain(_data()[name]).split())


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("terms.toml").read_text("utf-8"))


@cache
def _every() -> re.Pattern[str]:
    phrases = sorted(_by_phrase(), key=len, reverse=True)
    return re.compile(rf"(?<= )({'|'.join(map(re.escape, phrases))})(?= )")


@cache
def _by_phrase() -> dict[str, Figure | Ratio]:
    return {plain(phrase): each for each in _all() for phrase in (*each.asked, each.name)}


def _all() -> Iterator[Figure | Ratio]:
    for each in _data()["ratio"]:
        yield Ratio(
            each["name"],
            tuple(each["asked"]),
            each["is"],
            each.get("percent", False),
            each.get("also", ""),
        )
    for each in _data()["figure"]:
        yield Figure(
            each["name"],
            each["statement"],
            tuple(each["asked"]),
            tuple(each["rows"]),
            each.get("outflow", False),
            each.get("else", ""),
        )
