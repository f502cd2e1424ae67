"""A question that begins with a quote of what was said or read, in lines with ">" before them."""

from typing import NamedTuple


class Quoted(NamedTuple):
    quote: str  # without the marks; empty where nothing is quoted
    question: str


def split(text: str) -> Quoted:
    """Where nothing but a quote stands there, that is the question."""
    lines = text.strip().splitlines()
    count = next((n for n, line in enumerate(lines) if line.strip() and line[0] != ">"), len(lines))
    quote = "\n".join(line.removeprefix(">").strip() for line in lines[:count]).strip()
    question = "\n".join(lines[count:]).strip()
    if not quote or not question:
        return Quoted("", text)
    return Quoted(quote, question)
