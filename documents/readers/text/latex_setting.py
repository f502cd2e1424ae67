"""LaTeX's commands carried out: what they set is text, what they steer is left out."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from documents.readers.common.raised import raised
from documents.readers.formula.linear_formulas import fraction
from documents.readers.text.latex_commands import (
    ABOUT,
    FRACTIONS,
    GROUPS,
    LAID_OUT,
    LEVELS,
    LISTS,
    MATH,
    NOTES,
    NUMBERED,
    QUANTITIES,
    REFERENCES,
)
from documents.readers.text.latex_signs import ACCENTS, LETTERS, SIGNS, UNITS, accented

TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z@]+)\*?(?P<gap>[ \t]*(?:\n(?![ \t]*\n)[ \t]*)?)|\\(?P<sign>.|\n)"
    r"|(?P<mark>[{}$&~])|(?P<text>[^\\{}$&~]+|\\$)"
)
OPTION = re.compile(r"[ \t]*\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){0,300})\]")
NAME = re.compile(r"\s*\{([^{}]{0,300})\}")
COMMAND = re.compile(r"\\([A-Za-z]+)")
# The power of a unit that stands before it.
POWERED = re.compile(
    r"\\(square|cubic)((?:\\(?:kilo|mega|giga|centi|milli|micro|nano|deci|hecto))?\\[A-Za-z]+)"
)
POWERS = {"square": "squared", "cubic": "cubed"}
BEFORE = 30  # characters that tell how what is raised behind them is written
LOWERED = re.compile(r"_(?=\d)")
SPACING = re.compile(r"\*?(?:[ \t]{0,200}+\[[^\]\n]{0,500}+\])?")
SIMPLE = re.compile(r"[\w.,√°%]*")
HEADING = "\ue011"  # before the level and the text of one
DEEP = 60  # groups inside of groups


class Token(NamedTuple):
    kind: str  # word, sign, mark or text
    text: str
    start: int
    end: int


class Points(NamedTuple):
    """A list: which number its last point has, where they have any."""

    numbered: bool
    last: int


class Setting:
    """Sets one source; what it says of the whole is in `about`."""

    def __init__(self, own: Mapping[str, str]) -> None:
        self.about: dict[str, str] = {}
        self._own = own  # commands of its own, and what they stand for
        self._source = ""
        self._at = 0
        self._deep = 0
        self._math = False
        self._lists: list[Points] = []
        self._notes: list[str] = []

    def through(self, source: str) -> str:
        self._source, self._at = source, 0
        text = ""
        while self._at < len(source):  # a brace too many ends no text
            text += self._group()
        text = text.replace("^°", "°")
        return text + "".join(f"\n[{at}] {note}" for at, note in enumerate(self._notes, start=1))

    def _next(self) -> Token | None:
        found = TOKEN.match(self._source, self._at)
        if not found:
            self._at = len(self._source)
            return None
        self._at = found.end()
        kind = str(found.lastgroup)
        kind = "word" if kind == "gap" else kind
        return Token(kind, found[kind], found.start(), found.end())

    def _group(self) -> str:
        """Up to the brace that ends it."""
        out: list[str] = []
        self._deep += 1
        while token := self._next():
            if token.kind == "mark" and token.text == "}":
                break
            if token.kind == "mark" and token.text == "{":
                out.append(self._braced(out))
            else:
                out.append(self._set(token))
        self._deep -= 1
        return "".join(out)

    def _braced(self, before: list[str]) -> str:
        if self._deep > DEEP:
            return ""
        text = self._group()
        end = before[-1][-1:] if self._math and before else ""
        if end == "_" and text.isdigit():
            before[-1] = before[-1][:-1]
            return text
        return (
            f"({text})" if end in {"^", "_"} and not SIMPLE.fullmatch(text.lstrip("-+")) else text
        )

    def _set(self, token: Token) -> str:
        if token.kind == "text":
            return self._words(token.text)
        if token.kind == "mark":
            return self._mark(token.text)
        if token.kind == "sign":
            return self._sign(token.text)
        return self._command(token)

    def _words(self, text: str) -> str:
        self._math = self._math and "\n\n" not in text  # where a dollar was forgotten
        if self._math:
            return LOWERED.sub("", text)
        text = text.replace("---", "\u2014").replace("--", "\u2013")
        return text.replace("``", "\u201c").replace("''", "\u201d").replace('"`', "\u201e")

    def _mark(self, mark: str) -> str:
        if mark == "$":
            self._math = not self._math
            return ""
        return " " if mark == "~" else "" if self._math else " | "

    def _sign(self, sign: str) -> str:
        if sign in ACCENTS and not self._math:
            return accented(sign, self._argument())
        if sign == "\\":
            self._at = _end(SPACING, self._source, self._at)
            return "\n"
        if sign in "()[]":
            self._math = sign in "(["
            return "\n" if sign in "[]" else ""
        return LETTERS.get(sign, "")

    def _argument(self) -> str:
        """The next group, or the next letter."""
        while self._source[self._at : self._at + 1] in {" ", "\n", "\t"}:
            self._at += 1
        token = None if self._deep > DEEP else self._next()
        if token is None:
            return ""
        if token.text == "}" and token.kind == "mark":
            self._at = token.start
            return ""
        if token.kind == "text":
            self._at = token.start + 1
            return token.text[0]
        self._deep += 1
        opens = token.text == "{" and token.kind == "mark"
        text = self._braced([]) if opens else self._set(token)
        self._deep -= 1
        return text

    def _option(self) -> str:
        found = OPTION.match(self._source, self._at)
        if not found:
            return ""
        self._at = found.end()
        return found[1]

    def _raw(self) -> str:
        """The next group as it is written, where it is a name."""
        found = NAME.match(self._source, self._at)
        if not found:
            return self._argument()
        self._at = found.end()
        return found[1].strip()

    def _command(self, token: Token) -> str:
        name = token.text
        if name in ACCENTS:
            return accented(name, self._argument())
        for known in (self._own, LETTERS, SIGNS):
            if name in known:
                self._at += 2 if self._source.startswith("{}", self._at) else 0
                return known[name]
        if name in LEVELS:
            self._option()
            text = " ".join(self._argument().split())
            return f"\n\n{HEADING}{LEVELS.index(name) + 1}{text}\n\n" if text else ""
        return self._structure(name)

    def _structure(self, name: str) -> str:
        if name in {"begin", "end"}:
            return self._environment(self._raw(), begins=name == "begin")
        if name == "item":
            return self._item()
        if name in NOTES:
            self._option()
            self._notes.append(" ".join(self._argument().split()))
            return f" [{len(self._notes)}]"
        if name in ABOUT:
            self._option()
            self.about[name] = " ".join(self._argument().split()).replace(" , ", ", ")
            return ""
        if name == "href":
            address = self._raw()
            return f"{self._argument()} ({address})"
        if name == "caption":
            self._option()
            return f"\n{self._argument()}\n"
        return self._inline(name)

    def _inline(self, name: str) -> str:
        if name in FRACTIONS:
            return fraction(self._argument(), self._argument())
        if name == "sqrt":
            return f"{self._option()}√{_bracketed(self._argument())}"
        if name in QUANTITIES:
            return self._quantity(name)
        if name == "textsuperscript":
            before = self._source[: self._source.rfind("\\", 0, self._at)][-BEFORE:]
            return raised(before.replace("~", " "), self._argument())
        if REFERENCES.fullmatch(name):
            return self._grouped(1, (0,), "[{}]")
        return self._grouped(*GROUPS.get(name, (0, ())))

    def _grouped(self, count: int, wanted: tuple[int, ...], shape: str = "{}") -> str:
        while self._option():
            continue
        groups: list[str] = []
        for _ in range(count):
            groups.append(self._argument())
            self._option()
        text = " ".join(groups[place] for place in wanted)
        return shape.format(text) if text else ""

    def _quantity(self, name: str) -> str:
        self._option()
        number = "" if name in {"si", "unit"} else self._raw()
        unit = "" if name == "num" else self._raw()
        unit = POWERED.sub(lambda found: f"{found[2]}\\{POWERS[found[1]]}", unit)
        unit = COMMAND.sub(lambda found: UNITS.get(found[1], found[1]), unit)
        return f"{number} {unit.replace('~', '').replace('.', '·')}".strip()

    def _environment(self, name: str, *, begins: bool) -> str:
        if MATH.fullmatch(name):
            self._math = begins
        elif begins and name in LISTS:
            self._lists.append(Points(name in NUMBERED, 0))
        elif name in LISTS and self._lists:
            self._lists.pop()
        if begins:
            self._option()
            for _ in range(LAID_OUT.get(name, 0)):
                self._raw() or self._argument()
        return "\n"

    def _item(self) -> str:
        label = self._option().strip()
        points = self._lists[-1] if self._lists else Points(False, 0)
        if label or not points.numbered:
            return f"\n{label or '-'} "
        self._lists[-1] = points._replace(last=points.last + 1)
        return f"\n{points.last + 1}. "


def _bracketed(text: str) -> str:
    return text if SIMPLE.fullmatch(text) else f"({text})"


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
