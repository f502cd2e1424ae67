"""Texts on which a pattern may take long: repetitions of what it takes itself."""

import re
from collections.abc import Iterable, Iterator
from re import _constants as of  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

CHARACTERS = tuple(" a1A.,-_\n\t(['\"|:/;#$%&*é漢<>=@~^`{}!?+\\)]\0")
COMMON = (
    *(" ", "a", "A", "1", "\n", "(", "[", '"', "-", ",", "|", ".", "_", "é", "`", "/", "a ", "A "),
    *("1 ", "a, ", "1,", "1.", "* ", "|a", "a.", "A. ", " \n", "a\n", "a-", "$1", "x=1 ", "<a "),
)
MANY = 32  # a repetition that may be as long counts as endless
VARIANTS = 3  # of a character that is one of several
REPEATS = (of.MAX_REPEAT, of.MIN_REPEAT, of.POSSESSIVE_REPEAT)
FLAGS = re.VERBOSE | re.IGNORECASE | re.DOTALL | re.MULTILINE


class Text(NamedTuple):
    before: str
    repeated: str
    after: str

    def of(self, size: int, pattern: Any) -> str | bytes:
        many = (self.repeated * (size // len(self.repeated) + 1))[:size]
        text = f"{self.before}{many}{self.after}"
        return text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text

    def __str__(self) -> str:
        return f"{self.before!r} + {self.repeated!r} * n + {self.after!r}"


def texts(pattern: Any) -> Iterator[Text]:
    source = pattern.pattern
    source = source.decode("latin-1") if isinstance(source, bytes) else source
    found = {("", each) for each in COMMON}
    for before, repeated in _repeated(parser.parse(source, pattern.flags & FLAGS), ""):
        found |= {(before, repeated), ("", repeated), ("", before + repeated), ("", before)}
    for before, repeated in sorted(found):
        if repeated:
            yield Text(before, repeated, "\1")  # which nothing takes


def _repeated(tree: Iterable[Any], before: str) -> Iterator[tuple[str, str]]:  # noqa: C901
    """What an endless part takes, with what comes before it."""
    for kind, value in tree:
        match kind:
            case of.BRANCH:
                for branch in value[1]:
                    yield from _repeated(branch, before)
            case of.SUBPATTERN:
                yield from _repeated(value[-1], before)
            case of.ATOMIC_GROUP:
                yield from _repeated(value, before)
            case of.ASSERT | of.ASSERT_NOT:
                yield from _repeated(value[1], before if value[0] > 0 else "")
            case _ if kind in REPEATS:
                if value[1] is of.MAXREPEAT or value[1] >= MANY:
                    yield from ((before, _taken(value[2], n)) for n in range(VARIANTS))
                yield from _repeated(value[2], before)
        before += _one(kind, value, 0)


def _taken(tree: Iterable[Any], n: int) -> str:
    return "".join(_one(kind, value, n) for kind, value in tree)


def _one(kind: Any, value: Any, n: int) -> str:  # noqa: C901
    """One text that this part of a pattern takes: the n-th, where there are several."""
    match kind:
        case of.LITERAL:
            return chr(value)
        case of.NOT_LITERAL:
            return "b" if value == ord("a") else "a"
        case of.ANY:
            return "a"
        case of.IN:
            members = _members(value)
            return members[n % len(members)]
        case of.BRANCH:
            return _taken(value[1][n % len(value[1])], n)
        case of.SUBPATTERN:
            return _taken(value[-1], n)
        case of.ATOMIC_GROUP:
            return _taken(value, n)
        case _ if kind in REPEATS:
            return _taken(value[2], n) * max(value[0], 1 - n % 2)
    return ""


def _members(items: list[Any]) -> list[str]:
    own = [
        chr(v if kind is of.LITERAL else v[0])
        for kind, v in items
        if kind in (of.LITERAL, of.RANGE)
    ]
    return [each for each in dict.fromkeys([*CHARACTERS, *own]) if _is_in(items, each)] or [
        "\uffff"
    ]


def _is_in(items: list[Any], character: str) -> bool:
    negated, there = False, False
    for kind, value in items:
        match kind:
            case of.NEGATE:
                negated = True
            case of.LITERAL:
                there |= value == ord(character)
            case of.RANGE:
                there |= value[0] <= ord(character) <= value[1]
            case of.CATEGORY:
                there |= re.fullmatch(CATEGORIES[value], character) is not None
    return there != negated


CATEGORIES = {
    of.CATEGORY_SPACE: r"\s",
    of.CATEGORY_NOT_SPACE: r"\S",
    of.CATEGORY_DIGIT: r"\d",
    of.CATEGORY_NOT_DIGIT: r"\D",
    of.CATEGORY_WORD: r"\w",
    of.CATEGORY_NOT_WORD: r"\W",
}
