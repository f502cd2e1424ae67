"""Which sources an answer cites."""

import re
from collections.abc import Callable

from chat.html import block

_BEGUN = re.compile(r"[\[【]\d")  # without it there is nothing to parse
GROUP = re.compile(r"\[(\d{1,6}(?:\s*[,;]\s*\d{1,6})*)\]")


def numbers(text: str) -> list[int]:
    """The numbers that the text cites, each once, in their order. Code and links cite nothing."""
    return list(dict.fromkeys(block.cited(text))) if _BEGUN.search(text) else []


def renumbered(text: str, number: Callable[[int], int | None]) -> str:
    """With other numbers in the brackets; those without one are taken out."""

    def changed(match: re.Match[str]) -> str:
        found = [number(int(each)) for each in re.split(r"(?:(?<!\s)\s++)?[,;]\s*", match[1])]
        return "".join(f"[{each}]" for each in dict.fromkeys(found) if each)

    return GROUP.sub(changed, text)
