"""Numbers and dates in a text, so far normalised that two ways of writing one can be compared."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from documents.text.month_names import months

LONGEST = 24  # characters of a number; what is longer is none

SCALES = {
    **dict.fromkeys(("k", "thousand", "thousands", "tausend", "tsd", "teur", "mille"), 1e3),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions", "millionen", "millones"), 1e6),
    **dict.fromkeys(("b", "bn", "mrd", "billion", "billions", "milliarden", "milliards"), 1e9),
    **dict.fromkeys(("tn", "trillion", "trillions"), 1e12),
}
_SMALL = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {word: value for value, word in enumerate(_SMALL, start=2)}
WORDS |= {word: 10 * value for value, word in enumerate(_TENS, start=2)} | {"dozen": 12}
_ENGLISH = ("thousand", "thousands", "mn", "million", "millions", "bn", "billion", "billions")
_GERMAN = ("tausend", "tsd", "mio", "millionen", "mrd", "milliarden")
_ONE_GROUP = re.compile(r"\d{1,3}[.,]\d{3}")
_OF_YEAR = r"(?:,?\s+(?:de )?(?P<y>\d{4})(?!\d))?"
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<money>(?:US)?[$€£¥]\s?|(?:USD|EUR|GBP)\s)?"
    r"(?P<digits>\d{1,3}(?:[,.'\u2019\u00a0\u202f ]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?:(?P<percent>[\s-]?(?:%|percent\b|per cent\b|percentage points?\b|prozent\b|pour cent\b))"
    rf"|(?:[\s-]?(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))})\b)"
    r"|(?P<tail>[A-Za-z]\w*))?"
    r"(?P<currency>\s?(?:€|EUR\b|USD\b|dollars?\b|euros?\b|pounds?\b))?",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    rf"\b(?:(?:{'|'.join(_TENS)})[-\s](?:one|{'|'.join(_SMALL[:8])})|{'|'.join(WORDS)})\b",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(
    r"\b(?P<century>\d\d)\d\d\s?[/\u2013-]\s?(?P<year>\d\d)(?!\d)|\bFY\s?'?(?P<fy>\d\d)\b"
)


class Number(NamedTuple):
    raw: str
    values: tuple[float, ...]  # as it may be read, with its scale
    step: float  # what the last digit is worth
    unit: str = ""  # % or $
    scaled: bool = False
    tail: str = ""  # letters at its end
    start: int = 0
    end: int = 0

    @property
    def is_year(self) -> bool:
        bare = not (self.unit or self.scaled or self.tail.strip("s"))
        return bare and re.fullmatch(r"1\d{3}s?|20\d\ds?", self.raw) is not None


class Date(NamedTuple):
    raw: str
    year: int | None
    month: int
    day: int | None
    swapped: bool = False  # day and month may be the other way round


def dates(text: str) -> tuple[list[Date], str]:
    """The dates, and the text with blanks in their places."""
    found: list[Date] = []
    for pattern in _dates():
        for match in pattern.finditer(text):
            if date := _date(match):
                found.append(date)
                text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return found, text


@cache
def _dates() -> tuple[re.Pattern[str], ...]:
    names = "|".join(sorted(months(), key=len, reverse=True))
    month = rf"(?P<m>{names})\b\.?"
    patterns = (
        r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)",
        r"(?<![\d.])(?P<d>\d{1,2})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|[.])?\s+(?:of |de )?{month}{_OF_YEAR}",
        rf"\b{month}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d%])(?:,?\s+(?P<y>\d{{4}})(?!\d))?",
        rf"\b{month},?\s+(?:of |de )?(?P<y>\d{{4}})(?!\d)",
    )
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _date(match: re.Match[str]) -> Date | None:
    parts = match.groupdict()
    name = parts["m"].lower()
    month = months().get(name) or (int(name) if name.isdecimal() else 0)
    day = int(parts["d"]) if parts.get("d") else None
    year = int(parts["y"]) if parts.get("y") else None
    swapped = parts.get("sep") is not None and (day or 0) <= 12
    if swapped or (1 <= month <= 12 and (day or 1) <= 31):
        return Date(match[0].strip(), year, month, day, swapped)
    if parts.get("sep") and 1 <= (day or 0) <= 12 and month <= 31:
        return Date(match[0].strip(), year, day or 0, month)
    return None


def same_date(said: Date, source: Date) -> bool:
    """Whether the source has every part that is said; the year may stand elsewhere in it."""
    if said.year and source.year and said.year != source.year:
        return False
    pairs = {(source.month, source.day), *([(source.day, source.month)] if source.swapped else [])}
    asked = {(said.month, said.day), *([(said.day, said.month)] if said.swapped else [])}
    if said.day is None:
        return said.month in {month for month, _ in pairs}
    return bool(pairs & asked)


def numbers(text: str) -> Iterator[Number]:
    for match in _NUMBER.finditer(text):
        tail, digits = match["tail"] or "", match["digits"]
        if len(digits) > LONGEST:
            continue
        scale = SCALES.get((match["scale"] or "").lower(), 1.0)
        unit = "%" if match["percent"] else "$" if match["money"] or match["currency"] else ""
        readings = list(_readings(_plain(match)))
        decimals = len(digits) - 1 - max(digits.rfind("."), digits.rfind(","))
        whole = readings[0] == int(readings[0]) and not re.search(
            r"[.,]\d{1,2}$|[.,]\d{4,}$", digits
        )
        yield Number(
            raw=match[0].strip(),
            values=tuple(value * scale for value in readings),
            step=scale * (1.0 if whole else 10.0**-decimals),
            unit=unit,
            scaled=scale > 1,
            tail=tail,
            start=match.start(),
            end=match.end(),
        )
    for match in _IN_WORDS.finditer(text):
        value = float(sum(WORDS.get(word, 1) for word in re.split(r"[-\s]+", match[0].lower())))
        yield Number(match[0], (value,), 1.0, tail="word", start=match.start(), end=match.end())


def _plain(match: re.Match[str]) -> str:
    """Its digits; by the unit's language without the separator of thousands, where it tells."""
    digits, scale = match["digits"], (match["scale"] or "").lower()
    if not _ONE_GROUP.fullmatch(digits):
        return digits
    if scale in _ENGLISH and "." in digits:
        return f"{digits}0"
    if scale in _ENGLISH and (scale != "millions" or match["money"]):
        return digits.replace(",", "")
    return f"{digits}0" if scale in _GERMAN and "," in digits else digits


def _readings(digits: str) -> Iterator[float]:
    """1,577 and 1.577 may have thousands or decimals."""
    grouped = re.fullmatch(
        r"\d{1,3}(?:([,.'\u2019\u00a0\u202f ])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", digits
    )
    if grouped:
        whole = digits.replace(grouped[1], "").replace(",", ".")
        if whole.count(".") < 2:
            yield float(whole)
        if digits.count(grouped[1]) > 1 or grouped[1] not in ",." or whole.count("."):
            return
    bare = re.sub(r"[^\d.,]", "", digits).replace(",", ".")
    yield float(bare if bare.count(".") < 2 else bare.replace(".", ""))


def short_years(text: str) -> Iterator[int]:
    """2017/18 and FY18 are years too."""
    for match in _SHORT_YEAR.finditer(text):
        yield int((match["century"] or "20") + (match["year"] or match["fy"]))


def same_number(said: Number, source: Number, *, about: bool, stated: Sequence[float] = ()) -> bool:
    """`stated`: the scales that the source gives for its figure, where it does."""
    if "$" in {said.unit, source.unit} and "%" in {said.unit, source.unit}:
        return False
    if said.unit == "%" and not source.unit and (source.tail or source.scaled or source.is_year):
        return False
    if said.is_year:
        return not source.unit and said.values[0] in source.values
    said_scales, source_scales = _scales(said, source), _scales(source, said)
    if stated and len(source_scales) > 1:
        source_scales = tuple(stated) if said.scaled else (1.0, *stated)
    return any(
        _near(one * a, other * b, said.step * a, source.step * b, about)
        for one in said.values
        for other in source.values
        for a in said_scales
        for b in source_scales
    )


def _scales(number: Number, other: Number) -> tuple[float, ...]:
    """A table may say elsewhere that its figures are millions."""
    may_be = not number.scaled and number.unit != "%" and not number.is_year and not number.tail
    large = other.scaled or (not other.scaled and max(other.values) >= 1e6)
    return (1.0, 1e3, 1e6, 1e9) if may_be and large else (1.0,)


def _near(said: float, source: float, said_step: float, source_step: float, about: bool) -> bool:
    """Equal, or the source's figure rounded as far as what is said has digits."""
    apart = abs(said - source)
    if apart <= 1e-9 * max(said, source):
        return True
    if about and apart <= 0.05 * source:
        return True
    return (
        said_step > source_step * 1.001 and said >= 10 * said_step and apart <= said_step * 0.5001
    )
