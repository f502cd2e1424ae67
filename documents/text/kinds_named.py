"""What kinds of documents a text names, whichever way they are written: 10-K and annual report."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from documents.text.folding import fold

_SEAM = re.compile(r"[\s_]+")


class Named(NamedTuple):
    kinds: frozenset[str]
    words: frozenset[str]  # of the text that name them
    several: bool  # one of them is said in the plural


def kinds(text: str) -> Named:
    """The longest names first: an annual report is no report of another kind."""
    left = _SEAM.sub(" ", fold(text))
    found: set[str] = set()
    said: set[str] = set()
    several = False
    for phrase, kind, plural in _phrases():
        matched = phrase.findall(left)
        if matched:
            said.update(*(each.split() for each in matched))
            left = phrase.sub(" ", left)
            found.add(kind)
            several = several or plural
    return Named(frozenset(found), frozenset(said), several)


@cache
def _phrases() -> list[tuple[re.Pattern[str], str, bool]]:
    rows = Path(__file__).with_name("document_kinds.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for row in rows:
        if row.startswith("#"):
            continue
        kind, _, names = row.partition(": ")
        one, _, many = names.partition(" * ")
        found += [(name, kind, False) for name in one.split(", ")]
        found += [(name, kind, True) for name in many.split(", ") if name]
    found.sort(key=lambda each: -len(each[0]))
    return [(_pattern(name), kind, plural) for name, kind, plural in found]


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])")
