"""What Excel's number formats say: which words and signs stand around a figure, and how it stands.

Marks between thousands are left out, whatever the format says: figures are looked for without them.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from documents.readers.sheets.format_sections import (
    PLACES,
    SECTIONS,
    Section,
    Simple,
    Token,
    cut,
    parsed,
    section,
)

TESTS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
    "=": lambda value, limit: value == limit,
    "<>": lambda value, limit: value != limit,
}
SHARE = re.compile(r"(?<=\d)%")
FORMAT_CHARACTERS, DENOMINATOR = 255, 9
WRITTEN_OUT = 1e21
MARKED = re.compile(r"[-\u2212(]")
WORDS = re.compile(r"[^\W\d_]{2}")
CLOCK = re.compile(r"[^ymdhs]*(?:h|m+[^ymdhs]*s)[^yd]*", re.IGNORECASE)  # no day among it
EXACT = Context(prec=100)
TWO = 2
USUAL = {"", "General", "general", "GENERAL", "@", "Standard"}


def figure_text(value: float, form: str) -> str:
    """The figure as a person sees it; empty where the format hides it."""
    if form in USUAL:
        return plain(value)
    sections = parsed(form[:FORMAT_CHARACTERS])
    place = _place(sections, value)
    try:
        told = _digits(sections[place], abs(value))
    except (ArithmeticError, ValueError):
        return plain(value)  # more digits than anybody writes
    if told and value < 0 and _needs_sign(sections, place):
        told = f"-{told}"
    return SHARE.sub(" %", told) if "%" in told else told


def section_of(value: float, form: str) -> Section:
    """That by which the value is shown."""
    sections = parsed(form[:FORMAT_CHARACTERS])
    return sections[_place(sections, value)]


def text_shown(text: str, form: str) -> str:
    """A text among the words that its format has."""
    sections = _text_sections(form[:FORMAT_CHARACTERS])
    if not sections or sections[-1].strip() == "@":
        return text
    return " ".join(section(sections[-1]).words.replace("@", text).split())


@lru_cache(maxsize=500)
def _text_sections(form: str) -> list[str]:
    sections = cut(form)
    return [each for number, each in enumerate(sections) if "@" in each or number == SECTIONS - 1]


def _place(sections: tuple[Section, ...], value: float) -> int:
    """Which one is for this value."""
    if len(sections) == 1:
        return 0
    tested = any(each.test for each in sections)
    for place, each in enumerate(sections[:-1]):
        if TESTS[each.test[0]](value, each.test[1]) if each.test else _is_of_sign(place, value):
            return place
        if not tested and len(sections) == TWO and value == 0:
            return 0
    return len(sections) - 1


def _is_of_sign(place: int, value: float) -> bool:
    return value < 0 if place else value > 0


def _needs_sign(sections: tuple[Section, ...], place: int) -> bool:
    """A section of its own for what is negative says so by a sign or words; else by its colour,
    which no text has.
    """
    told = sections[place].words
    if len(sections) == 1:
        return True
    tested = any(each.test for each in sections)
    if place != 1 or tested:
        return not MARKED.search(told) and not WORDS.search(told)
    return not MARKED.search(told) and told.strip() == sections[0].words.strip()


def _digits(part: Section, value: float) -> str:
    if part.simple:
        return _in_one_piece(part.simple, value)
    kinds = {token.kind for token in part.tokens}
    if "general" in kinds or "place" not in kinds:
        told = _with_words(part.tokens, plain(value))
    elif "power" in kinds:
        told = _scientific(part.tokens, value)
    else:
        told = _fraction(part.tokens, value) if "slash" in kinds else ""
        told = told or _decimal(part, value)
    return " ".join(told.split())


def _in_one_piece(form: Simple, value: float) -> str:
    text = f"{value:.15g}"
    digits, _, rest = text.partition(".")
    if form.shift or len(rest) > form.places or "e" in text:
        amount = Decimal(text).scaleb(form.shift)
        digits, _, rest = f"{_rounded(amount, form.places):f}".partition(".")
    rest = _after(rest, form.wanted) if len(rest) > form.wanted else rest.ljust(form.wanted, "0")
    digits = ("" if digits == "0" else digits).zfill(form.zeros)
    return f"{form.before}{digits}{'.' if rest else ''}{rest}{form.after}"


def plain(value: float) -> str:
    """Without an exponent, as far as it can be written out."""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return f"{Decimal(text):f}" if "e" in text and 1 < abs(value) < WRITTEN_OUT else text


def _with_words(tokens: tuple[Token, ...], told: str) -> str:
    parts = (told if token.kind == "general" else token.text for token in tokens)
    return "".join(parts)


def _decimal(part: Section, value: float) -> str:
    """The digits in their places, from the right, with what stands among them."""
    tokens = part.tokens
    places = [number for number, token in enumerate(tokens) if token.kind == "place"]
    point = next((n for n, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    whole_places = [place for place in places if place < point]
    decimals = [token.text for token in tokens[point:] if token.kind == "place"][:PLACES]
    amount = Decimal(f"{value:.15g}").scaleb(2 * part.percents - 3 * _left_out(tokens, places))
    digits, _, rest = f"{_rounded(amount, len(decimals)):f}".partition(".")
    told = _whole(tokens, whole_places, "" if digits == "0" else digits)
    after = _after(rest, len("".join(decimals).rstrip("#?")))
    told[point] = ("" if whole_places else digits.strip("0")) + (f".{after}" if after else "")
    return "".join(
        told.get(number, token.text if token.kind in {"text", "percent"} else "")
        for number, token in enumerate(tokens)
    )


def _left_out(tokens: tuple[Token, ...], places: list[int]) -> int:
    """How many times a thousand: by the commas that no digit follows."""
    return sum(token.kind == "comma" for token in tokens[places[-1] :])


def _rounded(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal((0, (1,), -places)), ROUND_HALF_UP, EXACT)


def _whole(tokens: tuple[Token, ...], places: list[int], digits: str) -> dict[int, str]:
    """What stands in each place: one digit, in the first all that are left."""
    told: dict[int, str] = {}
    zeros = [place for place in places if tokens[place].text == "0"]
    for place in reversed(places):
        digit, digits = (digits, "") if place == places[0] else (digits[-1:], digits[:-1])
        padded = "0" if not digit and zeros and place >= zeros[0] else ""
        told[place] = digit or padded
    return told


def _after(rest: str, wanted: int) -> str:
    """The digits behind the point, without zeros that are not wanted."""
    while len(rest) > wanted and rest.endswith("0"):
        rest = rest[:-1]
    return rest


def _scientific(tokens: tuple[Token, ...], value: float) -> str:
    power = next(n for n, token in enumerate(tokens) if token.kind == "power")
    point = next((n for n, t in enumerate(tokens[:power]) if t.kind == "point"), power)
    whole = sum(token.kind == "place" for token in tokens[:point]) or 1
    decimals = sum(token.kind == "place" for token in tokens[point:power])
    width = sum(token.kind == "place" for token in tokens[power:])
    exponent = int(f"{value:.15e}".partition("e")[2]) // whole * whole if value else 0
    told = _rounded(Decimal(f"{value:.15g}").scaleb(-exponent), min(decimals, PLACES))
    if told >= 10**whole:
        exponent, told = exponent + whole, told.scaleb(-whole)
    sign = "-" if exponent < 0 else "+" if tokens[power].text[1] == "+" else ""
    before = "".join(token.text for token in tokens[:power] if token.kind == "text")
    after = "".join(token.text for token in tokens[power:] if token.kind in {"text", "percent"})
    return f"{before}{_rounded(told, decimals):f}E{sign}{abs(exponent):0{width}}{after}"


def _fraction(tokens: tuple[Token, ...], value: float) -> str:
    """`2 1/2`; empty where the stroke is none of a fraction."""
    slash = next(n for n, token in enumerate(tokens) if token.kind == "slash")
    behind = re.match(r"[0#?\d]+", "".join(token.text for token in tokens[slash + 1 :]))
    runs = re.findall(r"[0#?]+", _drawn(tokens[:slash]))
    if not behind or not runs:
        return ""
    fixed = int(behind[0]) if behind[0].isdigit() and int(behind[0]) else 0
    exact = Fraction(f"{value:.15g}")
    if fixed:
        parts, under = round(exact * fixed), fixed
    else:
        near = exact.limit_denominator(10 ** min(len(behind[0]), DENOMINATOR) - 1)
        parts, under = near.numerator, near.denominator
    whole, above = divmod(parts, under) if len(runs) > 1 else (0, parts)
    written = f"{above}/{under}" if above or len(runs) == 1 else ""
    before = "".join(token.text for token in tokens[:slash] if token.kind == "text")
    after = [t.text for t in tokens[slash + 1 + len(behind[0]) :] if t.kind in {"text", "percent"}]
    told = f"{whole or ''} {written}".strip() or "0"
    return f"{before.strip()} {told}{''.join(after)}".strip()


def _drawn(tokens: tuple[Token, ...]) -> str:
    return "".join(token.text if token.kind == "place" else " " for token in tokens)
