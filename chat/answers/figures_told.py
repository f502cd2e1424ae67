"""Figures that stand in tables, read and worked out by rules, for the model to say."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from django.contrib.auth.models import User
from django.utils.translation import gettext

from chat.cells import asked_figures, asked_verdicts, figure_lines, named_rows
from chat.cells.statements import Store
from chat.prompt import Chosen
from chat.record.draft import Draft
from chat.record.spans import Span
from documents.finding import document_pages
from documents.finding.search import Passage
from documents.text import words
from documents.text.markdown_escape import escaped
from localchat.lib.language import speaking

SPOKEN = {"english", "german"}  # in which a verdict can be said
logger = logging.getLogger(__name__)


class Told(NamedTuple):
    text: str
    steps: str
    spans: Sequence[Span]  # the rows, by the places of their passages
    decides: bool = False  # it is the answer: yes or no, or which of two
    is_all: bool = False  # and nothing else is asked

    def line(self, chosen: Chosen, number: Callable[[int], int]) -> str:
        """With the numbers under which the rows stand in the prompt."""
        if self.decides:
            said = self.sentence(self.numbers(chosen, number))
            return gettext("The answer begins with this, go on after it: {text}").format(text=said)
        cited = _cited(self.numbers(chosen, number))
        return gettext("Read from the tables, say it with its figures: {text}").format(
            text=f"{self.text} {cited}"
        )

    def sentence(self, numbers: Sequence[int]) -> str:
        """As it stands in an answer, whose sources have these numbers."""
        return f"{escaped(self.text[:1].upper() + self.text[1:])}. {_cited(numbers)}"

    def numbers(self, chosen: Chosen, number: Callable[[int], int]) -> list[int]:
        return sorted({self._under(chosen, number(span.place)) for span in self.spans})

    def _under(self, chosen: Chosen, number: int) -> int:
        for each in chosen.sent:
            if any(number == of for of, _, _ in each.spans):
                return each.number
        return number


def _cited(numbers: Sequence[int]) -> str:
    return "".join(f"[{each}]" for each in numbers)


async def say(draft: Draft, told: Told, passages: Sequence[Passage]) -> None:
    """The whole answer: no model is asked, so that none can say the contrary."""
    places = dict.fromkeys(span.place for span in told.spans)
    found = {number: passages[place] for number, place in enumerate(places, start=1)}
    await draft.show_sources(found)
    draft.computed = told.text
    draft.search = draft.search._replace(notes=[*draft.search.notes, told.text])
    await draft.keep_provenance()
    await draft.say(told.sentence(list(found)))


def with_figures(
    user: User, question: str, passages: Sequence[Passage]
) -> tuple[list[Passage], Told | None]:
    """The passages with those that the rows stand in, and what was read; None where there is doubt."""
    try:
        with speaking(words.language(question)):
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
        found = figure_lines.of_row(named, question)
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
    decides = found.decides and words.language(question) in SPOKEN
    is_all = decides and asked_verdicts.is_all(question)
    return every, Told(found.text, found.steps, spans, decides, is_all)


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
