"""The parts of Excel's number formats: what stands between semicolons, and of what it is made."""

import re
from functools import lru_cache
from typing import NamedTuple

from documents.readers.sheets import currencies

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]{0,255}+)[^\]]{0,255}+\]'
    r"|\[(?P<test>[<>=]{1,2}-?[\d.]+)\]|(?P<gone>\[[^\]]{0,255}+\]|\*.)|_(?P<gap>.)"
    r"|(?P<general>General|Standard)|(?P<power>E[+-])|(?P<place>[0#?])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
SECTION = re.compile(r'(?:"[^"]*"?|\\.|[_*].|\[[^\]]{0,255}+\]|[^;"])*', re.DOTALL)
# Words, the digits before the point, commas that leave out thousands, those behind it, words.
DRAWN = {"text": "w", "percent": "%", "place": "d", "comma": ",", "point": "."}
SIMPLE = re.compile(r"([w%]*+)(d(?:,*+d)*+)(,*+)(\.d*+|)(,*+)[w%]*+")
AMONG = re.compile(r"w*d+(?:w+d+)+w*")
LETTERS = re.compile(r"[^\W\d_]")
TEST = re.compile(r"(<=|>=|<>|<|>|=)(-?\d{1,20}(?:\.\d{1,20})?)")
BLANKS = re.compile(r"\s+")
KINDS = {".": "point", ",": "comma", "%": "percent", "/": "slash"}
PLACES, SECTIONS = 30, 4


class Token(NamedTuple):
    kind: str  # text, place, point, comma, percent, power, general, slash
    text: str = ""


class Simple(NamedTuple):
    """A section of digits in one piece, as nearly all are."""

    before: str
    zeros: int  # digits before the point, at least
    wanted: int  # and behind it
    places: int  # at most
    shift: int  # of the point to the right
    after: str


class Section(NamedTuple):
    """What stands between semicolons: how some of the figures are shown."""

    tokens: tuple[Token, ...]
    test: tuple[str, float] | None = None
    currency: str = ""  # as it says itself
    simple: Simple | None = None
    is_label: bool = False  # its figures are what something is called by: INV-0042, 01067, 17-34

    @property
    def words(self) -> str:
        return "".join(token.text for token in self.tokens if token.kind == "text")

    @property
    def percents(self) -> int:
        return sum(token.kind == "percent" for token in self.tokens)


@lru_cache(maxsize=500)
def parsed(form: str) -> tuple[Section, ...]:
    """Those of figures; the one of texts is left out."""
    found = [section(text) for text in cut(form)]
    numbers = [each for each in found[:3] if "@" not in each.words]
    return tuple(numbers) or (Section((Token("general"),)),)


def cut(form: str) -> list[str]:
    """Between semicolons."""
    found: list[str] = []
    place = 0
    while place <= len(form) and len(found) < SECTIONS:
        text = SECTION.match(form, place)
        found.append(text[0] if text else "")
        place = (text.end() if text else place) + 1
    return found


def section(text: str) -> Section:
    tokens: list[Token] = []
    test, currency = None, ""
    for found in TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind == "test" and (parts := TEST.fullmatch(found["test"])):
            test = (parts[1], float(parts[2]))
        elif kind == "currency":
            currency = found["currency"]
            tokens.append(Token("text", currency))
        elif kind not in {"test", "gone"}:
            tokens.append(_token(kind, found[kind]))
    simple = _simple(tokens)
    return Section(tuple(tokens), test, currency, simple, _is_label(tokens, simple))


def _simple(tokens: list[Token]) -> Simple | None:
    """None where there is anything among the digits, or behind them that is no word."""
    drawn = "".join(DRAWN.get(token.kind, "x") for token in tokens)
    found = SIMPLE.fullmatch(drawn)
    if not found:
        return None
    (start, point, end), commas = (found.end(place) for place in (1, 2, 4)), found[3] or ""
    whole = "".join(t.text for t in tokens[start:point] if t.kind == "place")
    behind = "".join(t.text for t in tokens[point:end] if t.kind == "place")[:PLACES]
    shift = 2 * drawn.count("%") - 3 * (commas + (found[5] or "")).count(",")
    return Simple(
        BLANKS.sub(" ", "".join(token.text for token in tokens[:start])).lstrip(),
        len(whole) - whole.index("0") if "0" in whole else 0,
        len(behind.rstrip("#?")),
        len(behind),
        shift,
        BLANKS.sub(" ", "".join(token.text for token in tokens[found.end(5) :])).rstrip(),
    )


def _is_label(tokens: list[Token], simple: Simple | None) -> bool:
    if simple is None:
        drawn = "".join(DRAWN.get(token.kind, "x") for token in tokens)
        return AMONG.fullmatch(drawn) is not None
    glued = LETTERS.search(simple.before) and not simple.before.endswith((" ", ":"))
    named = glued and not currencies.found(simple.before)
    return not (simple.places or simple.shift) and (simple.zeros > 1 or bool(named))


def _token(kind: str, text: str) -> Token:
    if kind == "gap":
        return Token("text", " ")
    if kind in {"general", "power", "place"}:
        return Token(kind, text)
    return Token(KINDS.get(text, "text") if kind == "other" else "text", text)
