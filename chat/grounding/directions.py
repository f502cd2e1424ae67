"""Whether what is said to have risen has: by the sentence's own figures, and by the passages'."""

import re
from collections.abc import Iterator

from chat.grounding import numbers_dates
from chat.grounding.numbers_dates import Number

_UP = r"increas\w*|rose|risen|grew|grown|climbed|went up|stieg\w*|gestiegen|erhöht\w*"
_DOWN = r"decreas\w*|declin\w*|fell|fallen|dropped|went down|sank\w*|gesunken|fiel\w*"
_WAY = rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b"
_FROM_TO = re.compile(
    rf"{_WAY}[^;:\d]{{0,60}}?\b(?:from|von)\s(?P<a>[^;:]{{1,60}}?)\s(?:to|auf)\s(?P<b>[^;:]{{1,40}})",
    re.IGNORECASE,
)
_BY = re.compile(rf"{_WAY}\s(?:by|um)\s(?P<n>[^;:]{{1,30}})", re.IGNORECASE)
_THAN = re.compile(
    r"(?P<n>(?<!\d)\d[\d.,]{0,40}+\s?(?:%|percentage points?|percent))\s(?:(?P<up>higher|more)|(?P<down>lower|less))\b",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\b(?:not|nicht|loss\w*|deficit|verlust\w*)\b|[(-]\s?[$€£]?\d", re.IGNORECASE
)


def reason(said: str, units: Iterator[str]) -> str:
    """Why it is doubted; empty when it is not. `units`: the sentences and rows of the passages."""
    if _OTHERWISE.search(said):
        return ""
    return _by_itself(said) or _by_the_passages(said, units)


def _by_itself(said: str) -> str:
    for match in _FROM_TO.finditer(said):
        before, after = _first(match["a"]), _first(match["b"])
        if not before or not after or (before.unit, before.scaled) != (after.unit, after.scaled):
            continue
        first, last = before.values[0], after.values[0]
        if first != last and (last > first) is not bool(match["up"]):
            return f"{after.raw} is {'more' if last > first else 'less'} than {before.raw}"
    return ""


def _by_the_passages(said: str, units: Iterator[str]) -> str:
    own = {(number.values[0], way) for number, way in _ways(said) if number.unit == "%"}
    if not own:
        return ""
    theirs = {(number.values[0], way) for unit in units for number, way in _ways(unit)}
    for value, way in own:
        if (value, way) not in theirs and (value, not way) in theirs:
            return f"A source says that it {'decreased' if way else 'increased'} by {value:g}%"
    return ""


def _ways(text: str) -> Iterator[tuple[Number, bool]]:
    """By how much, and whether upwards."""
    for pattern in (_BY, _THAN):
        for match in pattern.finditer(text):
            if number := _first(match["n"]):
                yield number, bool(match["up"])


def _first(text: str) -> Number | None:
    _, rest = numbers_dates.dates(text)
    found = (each for each in numbers_dates.numbers(rest) if not (each.is_year or each.tail))
    return next(found, None)
