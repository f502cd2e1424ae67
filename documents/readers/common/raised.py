"""How raised figures are written on a line: as an exponent, or apart as the mark of a note."""

import re

FIGURES = re.compile("([+\\-\u2212\u2013]?)(\\d+)")
# A ten that is no part of a longer number or word, but may follow a sign of multiplication.
TEN = re.compile("(?<![\\w.,'\u2019])10$|\\d\\s?[x\u00d7\u00b7\u22c5*]\\s?10$")
LENGTH = re.compile("(?<!\\w)(?:[kcdhm\u00b5\u03bcn]|da)?m$|\\d(?:[kcdhm\u00b5\u03bcn]|da)?m$")
# Units that may be words or marks as well: behind a number, a stroke or a dot alone.
UNIT = re.compile(
    "(?:\\d|[\\d)/\u00b7\u22c5*]\\s?|\\bper )"
    "(?:[kmc\u00b5\u03bcn]?(?:s|g|l|L|A|V|W|N|J|K|Pa|Hz|mol)|ft|in|yd|mi|h|min|sec|\u00b0C)$"
)
UNIT_ALONE = re.compile("(?<!\\w)(?:[kmc\u00b5\u03bcn]?(?:s|g|l|L|A|V|W|N|J|K|Pa|Hz|mol)|h|min)$")
DECADE = re.compile("\\d0s$")  # the 1990s are no seconds
VARIABLE = re.compile("(?<![^\\W\\d_])[b-z]$")  # x, but neither "a" nor the end of a word
# What a letter or two are said to be: E = mc, A = \u03c0r.
EQUATION = re.compile("=\\s?\\d*[^\\W\\d_]{1,3}$")
POWERS = re.compile("[2-9]")  # nobody writes the first one
MARK = re.compile("[\\d+\\-\u2212\u2013(\\[]")
JOINED = re.compile("\\S$")
BEFORE = 40  # characters, more than any of these looks at


def raised(before: str, text: str) -> str:
    """What is written behind `before`, the text so far on the line, for `text` that is raised.

    `^6` behind a bare 10 or a unit of measure; any other figure is set apart by a blank. Letters
    (1st, m with a raised "e") stay as they are.
    """
    before = before[-BEFORE:]
    figures = FIGURES.fullmatch(text.strip())
    if figures and _is_power(before, figures[1], figures[2]):
        sign = figures[1] if figures[1] in {"", "+"} else "-"
        return f"^{sign}{figures[2]}{_blank(text)}"
    if MARK.match(text) and JOINED.search(before):
        return f" {text}"
    return text


def lowered(before: str, text: str) -> str:
    """As it is: CO2."""
    return text


def _is_power(before: str, sign: str, figures: str) -> bool:
    if DECADE.search(before):
        return False
    if TEN.search(before):
        return True
    if sign and (LENGTH.search(before) or UNIT_ALONE.search(before)):
        return True
    if not sign and not POWERS.fullmatch(figures):
        return False
    return any(place.search(before) for place in (LENGTH, UNIT, VARIABLE, EQUATION))


def _blank(text: str) -> str:
    return " " if text[-1:].isspace() else ""
