"""EQ fields, in which formulas of Word were written before there was an editor for them."""

import re

FORMATS = re.compile(r'\\\*\s*(?:"[^"]*"|\S+)')  # how the result is to look
PARTS = re.compile(r"\\[a-z]+\s*\d*\s*|[(),;]|[^\\(),;]+|\\.", re.IGNORECASE)


def linear(code: str) -> str:
    """`code`: what follows EQ."""
    parts = [part for part in PARTS.findall(FORMATS.sub("", code)) if part.strip()]
    text, _ = _sequence(parts, 0, 0)
    return " ".join(text.split())


DEEP = 20


def _sequence(parts: list[str], place: int, deep: int) -> tuple[str, int]:
    """Up to what ends it: a comma or a bracket of its parent."""
    told: list[str] = []
    while place < len(parts) and not (deep and parts[place] in {")", ",", ";"}):
        part = parts[place]
        place += 1
        if part.startswith("\\") and part[1:2].isalpha() and deep < DEEP:
            switches = [part.strip().lower()]
            while place < len(parts) and parts[place].startswith("\\"):
                switches.append(parts[place].strip().lower())
                place += 1
            if place < len(parts) and parts[place] == "(":
                of, place = _arguments(parts, place + 1, deep + 1)
                told.append(_formula(switches, of))
        elif part == "(" and deep < DEEP:
            inner, place = _arguments(parts, place + 1, deep + 1)
            told.append(f"({', '.join(inner)})")
        else:
            told.append(part.removeprefix("\\"))
    return "".join(told), place


def _arguments(parts: list[str], place: int, deep: int) -> tuple[list[str], int]:
    found: list[str] = []
    while place < len(parts):
        text, place = _sequence(parts, place, deep)
        found.append(text.strip())
        place += 1
        if parts[place - 1 : place] != [","] and parts[place - 1 : place] != [";"]:
            break
    return found, place


def _formula(switches: list[str], of: list[str]) -> str:
    first, last = (of[0], of[-1]) if of else ("", "")
    match switches[0][1:2]:
        case "f" if len(of) > 1:
            return f"{_bracketed(first)}/{_bracketed(last)}"
        case "r":
            return f"{first if len(of) > 1 else ''}\u221a{_bracketed(last)}"
        case "s":
            raised = any(switch.startswith("\\up") for switch in switches)
            return f"^{_bracketed(first)}" if raised else first
        case "o":  # over each other: a reading aid stands over the word
            return last if first.startswith("^") else "".join(of)
        case "b":
            return f"({first})"
        case "i" if len(of) > 2:
            return f"\u222b_{_bracketed(of[0])}^{_bracketed(of[1])} {of[2]}"
    return ", ".join(filter(None, of))


def _bracketed(text: str) -> str:
    return text if re.fullmatch(r"[-+\u2212]?[\w.,]*", text) and len(text) < 20 else f"({text})"
