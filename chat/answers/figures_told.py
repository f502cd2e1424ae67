"""Figures that stand in tables, read and worked out by rules, for the model to say."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from django.contrib.auth.models import User
from django.utils.translation import gettext

from chat.cells import asked_figures, figure_lines, named_rows
from chat.cells.statements import Store
from chat.prompt import Chosen
from chat.record.spans import Span
from documents.finding import document_pages
from documents.finding.search import Passage

_YES_NO = re.compile(r"[\s*_]*(yes|ja|no|nein)\b", re.IGNORECASE)
logger = logging.getLogger(__name__)


class Told(NamedTuple):
    text: str
    steps: str
    spans: Sequence[Span]  # the rows, by the places of their passages

    def line(self, chosen: Chosen, number: Callable[[int], int]) -> str:
        """With the numbers under which the rows stand in the prompt."""
        cited = "".join(f"[{each}]" for each in self.numbers(chosen, number))
        return gettext("Read from the tables, say it with its figures: {text}").format(
            text=f"{self.text} {cited}"
        )

    def numbers(self, chosen: Chosen, number: Callable[[int], int]) -> list[int]:
        return sorted({self._under(chosen, number(span.place)) for span in self.spans})

    def contradictions(self, answer: str) -> list[str]:
        """That the answer says yes where the tables say no, or the other way round."""
        own, other = (_YES_NO.match(text) for text in (self.text, answer))
        if own is None or other is None or _is_yes(own) is _is_yes(other):
            return []
        return [f"The tables say otherwise: {self.text}."]

    def _under(self, chosen: Chosen, number: int) -> int:
        for each in chosen.sent:
            if any(number == of for of, _, _ in each.spans):
                return each.number
        return number


def _is_yes(found: re.Match[str]) -> bool:
    return found[1].lower() in {"yes", "ja"}


def with_figures(
    user: User, question: str, passages: Sequence[Passage]
) -> tuple[list[Passage], Told | None]:
    """The passages with those that the rows stand in, and what was read; None where there is doubt."""
    try:
        return _from_tables(user, question, passages)
    except Exception:  # no answer is lost for it
        logger.exception("figures could not be read from the passages")
        return list(passages), None


def _from_tables(
    user: User, question: str, passages: Sequence[Passage]
) -> tuple[list[Passage], Told | None]:
    wanted = asked_figures.wanted(question)
    store = Store(partial(document_pages.beginnings, user), partial(document_pages.passages, user))
    found = figure_lines.found(wanted, passages, store) if wanted and passages else None
    if found is None and (named := named_rows.found(question, passages, store.pages)):
        found = figure_lines.of_row(named)
    if found is None:
        return list(passages), None
    every = list(passages)
    at = {passage.chunk: place for place, passage in enumerate(every)}
    spans = []
    for row in found.places:
        if row.passage.chunk not in at:
            at[row.passage.chunk] = len(every)
            every.append(row.passage)
        spans.append(Span(at[row.passage.chunk], row.start, row.end))
    return every, Told(found.text, found.steps, spans)


def quotes(
    told: Told, passages: Mapping[int, Passage], numbers: Sequence[int]
) -> list[dict[str, object]]:
    """The rows, to be shown before the model has said a word. `numbers`: by place."""
    found = []
    for span in told.spans[:2]:
        text = passages[numbers[span.place]].text[span.start : span.end]
        found.append(
            {"number": numbers[span.place], "text": text, "start": span.start, "end": span.end}
        )
    return found
