"""The names of months and days as people write them, in the languages that dates are read in.

They come from the tables of the Unicode consortium, of which each language takes a megabyte of
memory: so they are read when the first date is. For finding dates there are more languages, whose
names of months alone stand in a file.
"""

from functools import cache, lru_cache
from pathlib import Path

from babel.dates import get_day_names, get_month_names

from documents.text.folding import fold

LANGUAGES = ("en", "de", "de_AT", "fr", "es")
SHORTENED = ("en", "de")  # not Spanish, whose August is an English word
_RARE = {"feber": 2, "maerz": 3}


@cache
def months() -> dict[str, int]:
    """The number of each month by its names in small letters, with accents and without."""
    tables = [get_month_names("wide", locale=language) for language in LANGUAGES]
    for language in SHORTENED:  # in a date and alone: German has Sept. and Sep
        tables.append(get_month_names("abbreviated", "format", language))
        tables.append(get_month_names("abbreviated", "stand-alone", language))
    named = {
        name.rstrip(".").lower(): number for table in tables for number, name in table.items()
    } | _RARE
    return named | {fold(name): number for name, number in named.items()}


@cache
def days() -> frozenset[str]:
    """The names of the days of the week in small letters, without accents."""
    tables = (get_day_names(locale=language) for language in LANGUAGES)
    return frozenset(fold(name) for table in tables for name in table.values())


@lru_cache(maxsize=10_000)
def numbered(name: str) -> int:
    """The number of a month by its name in any language of the stop words; 0 where it is none."""
    return _numbers().get(fold(name), 0)


@cache
def _numbers() -> dict[str, int]:
    rows = Path(__file__).with_name("months.txt").read_text(encoding="utf-8").splitlines()
    named = (row.split(":") for row in rows if not row.startswith("#"))
    return {name: int(number) for number, names in named for name in names.split()}
