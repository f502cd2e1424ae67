"""What stands between quotes in a question: passages that have it word for word come first."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from documents.finding import candidates
from documents.finding.candidates import Half, Hit
from documents.finding.scope import Scope, array
from documents.finding.term_weights import Weighed
from documents.text import words
from localchat.lib.sentences import Sentence

MOST = 5  # phrases of a question
LOOKED_AT = 20  # of those that stand between quotes, stop words alone among them
# Single ones are apostrophes too often.
_QUOTED = re.compile(
    r"\"([^\"\n]+)\"|[\u201c\u201e\u201f]([^\u201c-\u201f\n]+)[\u201c\u201d\u201f]"
    r"|\u00ab([^\u00ab\u00bb\n]+)\u00bb|\u00bb([^\u00ab\u00bb\n]+)\u00ab"
    r"|[\u300c\u300e]([^\u300c-\u300f\n]+)[\u300d\u300f]"
)


_TEXTS = "SELECT id, text FROM mine WHERE id = ANY (%(ids)s::bigint[])"


class Quoting(NamedTuple):
    hits: Half
    shares: dict[int, float]  # of the phrases, by chunk
    notes: list[str]  # a sentence for each phrase that stands nowhere


def find(scope: Scope, weighed: Weighed, question: str) -> Quoting:
    """The passages that have any of the question's quoted phrases to the letter."""
    asked = quoted(question)
    hits: dict[int, Hit] = {}
    shares: dict[int, float] = {}
    notes: list[str] = []
    for phrase, terms in asked.items():
        holding = [*_holding(scope, phrase, candidates.by_phrase(scope, weighed, terms))]
        if not holding:
            notes.append(Sentence("No passage has “%(phrase)s” word for word.", phrase=phrase))
        for hit in holding[: candidates.HALF]:
            hits[hit.chunk] = hit
            shares[hit.chunk] = shares.get(hit.chunk, 0.0) + 1 / len(asked)
    return Quoting([*hits.values()], shares, notes)


def quoted(question: str) -> dict[str, str]:
    """Each phrase, as it is asked for, with the tsquery of its terms one after the other."""
    found: dict[str, str] = {}
    phrases = (
        " ".join(next(filter(None, match.groups())).strip(" .,;:!?").split())
        for match in _QUOTED.finditer(question)
    )
    for phrase in islice(dict.fromkeys(phrases), LOOKED_AT):
        terms = words.phrase(phrase, question)
        if terms:  # stop words alone are in no index
            found.setdefault(phrase, " <-> ".join(map(words.quoted, terms)))
        if len(found) == MOST:
            break
    return found


def _holding(scope: Scope, phrase: str, hits: Half) -> Iterator[Hit]:
    """Those whose text has it, as words of their own: stop words and endings count too."""
    wanted = words.plain(phrase)
    whole = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    of = {hit.content for hit in hits}
    rows = scope.mine(_TEXTS, contents=of, ids=array(hit.chunk for hit in hits)) if hits else []
    texts = {chunk: words.plain(text) for chunk, text in rows}
    unspaced = not wanted.isascii()  # and then perhaps written without blanks
    for hit in hits:
        text = texts.get(hit.chunk, "")
        if whole.search(text) or (unspaced and wanted in text):
            yield hit
