"""The names of months and days as people write them, in the languages that dates are read in.

They come from the tables of the Unicode consortium, of which each language takes a megabyte of
memory: so they are read when the first date is.
"""

from functools import cache
from typing import Literal

from babel.dates import get_day_names, get_month_names

from documents.text.folding import fold

LANGUAGES = ("en", "de", "de_AT", "fr", "es")
SHORTENED = ("en", "de")  # not Spanish, whose August is an English word
_CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
_RARE = {"feber": 2, "maerz": 3}


@cache
def months() -> dict[str, int]:
    """The number of each month by its names in small letters, with accents and without."""
    names = _RARE.copy()
    for language in LANGUAGES:
        names |= _months("wide", language)
    for language in SHORTENED:
        names |= _months("abbreviated", language)
    return names | {fold(name): number for name, number in names.items()}


@cache
def days() -> frozenset[str]:
    """The names of the days of the week in small letters, without accents."""
    return frozenset(
        fold(name) for language in LANGUAGES for name in get_day_names(locale=language).values()
    )


def _months(width: Literal["wide", "abbreviated"], language: str) -> dict[str, int]:
    """By their names in a date, and by those alone, which some languages tell apart."""
    return {
        name.rstrip(".").lower(): number
        for context in _CONTEXTS
        for number, name in get_month_names(width, context, language).items()
    }
