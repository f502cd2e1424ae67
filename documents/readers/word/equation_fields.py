r"""Formulas that older programs wrote as the instruction of a field: EQ \f(3;4)."""

import re
from collections.abc import Sequence

from documents.readers.common.raised import raised
from documents.readers.formula.linear_formulas import fraction, joined, limits, root

COMMAND = re.compile(r"\\([a-z]+)\s*((?:\\[a-z]+\d*\s*|\\[^\w\s(]\s*)*)\(", re.IGNORECASE)
CHARACTERS = 2_000
SIGNS = {"su": "\u2211", "pr": "\u220f"}


def formula_of(instruction: str) -> str:
    """On one line; `instruction` without its name."""
    return _line(instruction.strip()[:CHARACTERS])


def _line(text: str) -> str:
    parts: list[tuple[str, bool]] = []
    plain, place = "", 0
    while place < len(text):
        command = COMMAND.match(text, place)
        if command:
            arguments, place = _arguments(text, command.end())
            parts.append((plain, False))
            name, options = command[1].lower(), command[2].lower()
            parts.append((_built(plain, name, options, arguments), name in {"f", "r", "i"}))
            plain = ""
        else:
            place += text[place] == "\\"  # the next one stands for itself
            plain += text[place : place + 1]
            place += 1
    return joined([*parts, (plain, False)])


def _arguments(text: str, place: int) -> tuple[list[str], int]:
    """Each as a line, and where the text goes on."""
    found, depth, start = [], 0, place
    while place < len(text):
        character = text[place]
        if character == "\\":
            place += 1
        elif character == "(":
            depth += 1
        elif character in ",;" and not depth:
            found.append(text[start:place])
            start = place + 1
        elif character == ")":
            depth -= 1
            if depth < 0:
                break
        place += 1
    return [_line(each.strip()) for each in [*found, text[start:place]]], place + 1


def _built(before: str, name: str, options: str, arguments: Sequence[str]) -> str:
    first, *others = arguments
    match name:
        case "f" if others:
            return fraction(first, others[0])
        case "r":
            return root(others[0], first) if others else root(first)
        case "s":
            return raised(before, first) if "up" in options else first
        case "i" if len(others) == 2:
            signs = (sign for key, sign in SIGNS.items() if key in options)
            return f"{limits(next(signs, chr(0x222B)), first, others[0])} {others[1]}"
        case "b":
            return f"({first})"
        case "d":
            return ""
    return (", " if name == "l" else " ").join(arguments)
