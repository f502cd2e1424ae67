"""What is written in many ways, in the one form that they share.

Dates, times of day, amounts, versions, articles of law, and numbers of accounts, cards and telephones. What can
be read in two ways, such as 5/3/26 and 1.234, has both forms. One pattern finds what may be one;
each of its branches is bounded, so that any text is looked through in one go.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from documents.text import notation_dates, notation_numbers, notation_times

_YEAR = r"(?:1[0-9]|20)[0-9]{2}"
_DAY = "[0-3]?[0-9]"
_NAME = r"[^\W\d_]{3,14}\.?"  # of a month
_NO_DIGIT = "(?![0-9])"
_BRANCHES = {
    "account": r"(?<=[A-Za-z]{2})(?<![^\W_][A-Za-z]{2})[0-9]{2}(?:[ -][A-Za-z0-9]{4}){2,7}"
    r"(?:[ -][A-Za-z0-9]{1,3})?(?![^\W_])",
    "east": rf"{_YEAR}\s?[年년]\s?[0-9]{{1,2}}\s?[月월]\s?[0-9]{{1,2}}\s?[日일]",
    "year_first": rf"{_YEAR}(?P<one>[-/]|\. ?)[01]?[0-9](?P=one){_DAY}{_NO_DIGIT}",
    "in_blanks": rf"(?<![0-9] )(?:{_YEAR} [01][0-9] [0-3][0-9]|[0-3][0-9] [01][0-9] {_YEAR})"
    r"(?! ?[0-9])",
    "year_last": rf"{_DAY}(?P<two>[-/]|\. ?){_DAY}(?P=two)"
    rf"(?:{_YEAR}|[0-9]{{2}})(?![0-9]|[./][0-9])",
    "day_second": rf"{_DAY}(?:st|nd|rd|th)?(?:,\s?|\s|-){_YEAR}{_NO_DIGIT}",
    "telephone": r"(?:(?<=[+(])|(?=0[0-9(]))[0-9](?:[ ./()-]{0,3}[0-9]){6,17}" + _NO_DIGIT,
    "grouped": r"(?<![0-9] )[0-9]{2,6}(?P<gap>[ -])[0-9]{2,6}(?:(?P=gap)[0-9]{2,6}){1,6}"
    r"(?![ -]?[0-9]|[.,][0-9])",
    "clock": r"(?<![0-9]:)[0-2]?[0-9](?:[:.][0-5][0-9])?\s?(?:[apAP]\.?[mM](?![^\W_])|[Uu]hr\b)"
    r"|(?<![0-9]:)[0-2]?[0-9](?::[0-5][0-9]){1,2}(?![0-9:/]|[.,][0-9])"
    r"|[0-2]?[0-9]\s?h\s?[0-5][0-9](?![^\W_])",
    "dotted": r"(?![0-9]+\.[0-9]+-[0-9]+\.[0-9]+(?![.0-9]))"  # from one to another
    r"[0-9]{2,6}(?:[./-][0-9]{1,6}){2,6}" + _NO_DIGIT,
    "amount": r"(?<![0-9] )[1-9][0-9]{0,2}(?P<mark>[ '\u2019])[0-9]{3}(?:(?P=mark)[0-9]{3}){0,5}"
    r"(?:[.,][0-9]{1,4})?(?![0-9]|(?P=mark)[0-9])",
    "article": r"[0-9]{1,4}[a-z]?(?: ?\([0-9]{1,2}[a-z]?\)|,? (?i:abs(?:atz|\.)?|para(?:graph|\.)?|al\.) [0-9]{1,2}\b)",
    "number": r"[0-9]{1,15}(?:[.,][0-9]{1,15}){1,6}" + _NO_DIGIT,
    "day_first": rf"{_DAY}(?:st|nd|rd|th|er|re|[oae])?\.?[\s-](?:(?:de|of|di|den) )?{_NAME},?[\s-]"
    rf"(?:(?:de|del|of) )?(?:{_YEAR}|'?[0-9]{{2}}){_NO_DIGIT}",
    "named_second": rf"{_YEAR}\.?[\s-]{_NAME}[\s-]{_DAY}{_NO_DIGIT}",
}
_ANY = "|".join(f"(?P<{name}>{branch})" for name, branch in _BRANCHES.items())
_FOUND = re.compile(f"(?<![0-9][.,])(?:{_ANY})")
_DIGITS = re.compile("[0-9]+")

# From the text, where it begins and where it ends; nothing where it is none after all.
_FORMS: dict[str, Callable[[str, int, int], tuple[str, ...]]] = {
    "account": notation_numbers.account,
    "east": notation_dates.year_first,
    "year_first": notation_dates.year_first,
    "in_blanks": notation_dates.in_blanks,
    "year_last": notation_dates.year_last,
    "day_second": notation_dates.day_second,
    "telephone": notation_numbers.telephone,
    "grouped": notation_numbers.grouped,
    "clock": notation_times.clock,
    "dotted": notation_numbers.dotted,
    "amount": notation_numbers.amount,
    "article": notation_numbers.article,
    "number": notation_numbers.number,
    "day_first": notation_dates.day_first,
    "named_second": notation_dates.named_second,
}


class Notation(NamedTuple):
    start: int
    end: int
    forms: tuple[str, ...]
    is_date: bool


def find(text: str) -> Iterator[Notation]:
    """Of a text in ASCII digits and compatibility form, in their order."""
    at = 0
    for run in _DIGITS.finditer(text):  # to try the branches at each character takes ten times
        match = _FOUND.match(text, run.start()) if run.start() >= at else None
        kind = match.lastgroup if match else None
        if match and kind and (forms := _FORMS[kind](text, *match.span())):
            start, at = match.span()
            if kind == "day_second":
                start = notation_dates.named_at(text, start)
            yield Notation(start, at, forms, _FORMS[kind].__module__ == notation_dates.__name__)
