"""A summary without a chat model: the sentences that stand for most of a text, as they stand."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from django.utils.translation import gettext

from chat.grounding.sentences import split
from documents.finding.search import Passage
from documents.text import words
from documents.text.markdown_escape import escaped
from localchat.lib.language import speaking

SENTENCES, MOST_SENTENCES = 8, 24  # of one document, of all together
LETTERS = range(30, 400)  # of a sentence that is worth to be quoted
STRETCHES = 8  # of a document, of which each gives at most so many sentences:
FROM_STRETCH = 2
_PARAGRAPH_END = re.compile(r"\n{2,}|\n(?=[^\S\n]*+[-*•#|])")
_ENDED = re.compile(r"[.!?。！？][\"'”’)\]]*$")  # noqa: RUF001


class _Sentence(NamedTuple):
    place: int  # of its passage, from 0
    text: str
    terms: frozenset[str]


class Extract(NamedTuple):
    text: str  # Markdown with numbers from 1
    passages: list[Passage]  # that the numbers are of


def extract(documents: Sequence[Sequence[Passage]], language: str) -> Extract:
    """Of each document's passages the most central sentences, spread over the whole of it."""
    each = max(2, min(SENTENCES, MOST_SENTENCES // max(1, len(documents))))
    cited: list[Passage] = []
    parts = [_beginning(language)]
    for passages in documents:
        lines = []
        for sentence in _central(passages, each):
            passage = passages[sentence.place]
            if passage not in cited:
                cited.append(passage)
            lines.append(f"- {escaped(sentence.text)} [{cited.index(passage) + 1}]")
        if lines:
            parts.append(f"**{escaped(passages[0].filename)}**")
            parts.append("\n".join(lines))
    return Extract("\n\n".join(parts), cited)


def _beginning(language: str) -> str:
    with speaking(language):
        return gettext(
            "No chat model answers here. These sentences stand for most of what the documents say,"
            " word for word and in their order:"
        )


def _central(passages: Sequence[Passage], limit: int) -> list[_Sentence]:
    """In their order. What many passages speak of counts, but not what all of them do."""
    sentences = [
        _Sentence(place, text, frozenset(words.terms(text)))
        for place, passage in enumerate(passages)
        for text in _sentences(passage.text)
    ]
    counted = Counter(term for sentence in sentences for term in sentence.terms)
    rest = sorted(sentences, key=lambda each: -_worth(each, counted, len(sentences)))
    chosen: list[_Sentence] = []
    said: Counter[str] = Counter()
    taken: Counter[int] = Counter()
    for sentence in rest:
        stretch = sentence.place * STRETCHES // len(passages)
        again = sum(said[term] > 0 for term in sentence.terms) > len(sentence.terms) * 0.6
        if len(chosen) == limit or again or taken[stretch] == FROM_STRETCH:
            continue
        chosen.append(sentence)
        said.update(sentence.terms)
        taken[stretch] += 1
    return sorted(chosen, key=lambda each: (each.place, passages[each.place].text.find(each.text)))


def _sentences(text: str) -> list[str]:
    paragraphs = (" ".join(part.split()) for part in _PARAGRAPH_END.split(text))
    found = chain.from_iterable(map(split, paragraphs))
    return [part for part in found if len(part) in LETTERS and _ENDED.search(part)]


def _worth(sentence: _Sentence, counted: Counter[str], many: int) -> float:
    """The mean worth of its terms: often there, but not everywhere."""
    if not sentence.terms:
        return 0.0
    worth = (
        math.log1p(counted[term] - 1) * math.log((many + 1) / counted[term])
        for term in sentence.terms
    )
    return sum(worth) / (len(sentence.terms) + 5)
