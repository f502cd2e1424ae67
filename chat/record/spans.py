"""The parts of passages that are sent, and the text that they make: from both it can be told again."""

from collections.abc import Sequence
from typing import NamedTuple

LEFT_OUT = "…"


class Span(NamedTuple):
    """A part of a passage that is kept."""

    place: int  # of its passage, from 0
    start: int  # characters of the passage's text
    end: int


def text_of(texts: Sequence[str], spans: Sequence[Span]) -> str:
    """These parts of the passages' texts, with a line of its own for what is left out between two.

    Of repeated heads of a table, and of what has no word, nothing is said.
    """
    made = ""
    before: Span | None = None
    for span in spans:
        if before is not None:
            made += _joint(_between(texts, before, span), made)
        made += texts[span.place][span.start : span.end]
        before = span
    return made


def _between(texts: Sequence[str], before: Span, span: Span) -> str:
    if before.place == span.place:
        return texts[span.place][before.end : span.start]
    whole, above = texts[before.place], texts[span.place][: span.start]
    is_shared = whole.endswith(above)  # where the passages overlap
    return whole[before.end :] + ("" if is_shared else above)


def _joint(between: str, above: str) -> str:
    if not between.strip():
        return between
    shown = {line.strip() for line in above.splitlines()}
    lines = {line.strip() for line in between.splitlines()} - shown
    says = any(letter.isalnum() for line in lines for letter in line)
    return f"\n{LEFT_OUT}\n" if says else "\n"
