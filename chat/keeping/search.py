"""Which of a person's conversations say something, where, and with which words around it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import pairwise
from typing import NamedTuple, TypeVar

import Stemmer
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.db.models.expressions import Func, RawSQL
from django.db.models.fields import BooleanField

from chat.models import Conversation, Message
from chat.querysets import SearchTerms

MOST_WORDS = 12  # of what is searched for
MOST_MESSAGES = 400  # looked at, the newest first
ENOUGH = 50  # found by words
AROUND = 90  # characters on each side of what is marked
SHORTEST_STEM = 3
Row = TypeVar("Row", Conversation, Message)
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_LANGUAGES = ("english", "german")


class Passage(NamedTuple):
    text: str
    marks: list[tuple[int, int]]  # in its characters

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in order, each piece with whether it is marked."""
        edges = [0, *(edge for mark in self.marks for edge in mark), len(self.text)]
        spans = enumerate(pairwise(edges))
        return [(self.text[a:b], bool(n % 2)) for n, (a, b) in spans if a < b]


class Hit(NamedTuple):
    conversation: Conversation
    title: Passage
    message: Message | None = None  # None: only the title has it
    said: Passage | None = None


class _Matches(Func):
    """Whether the terms of a text match a query; the index is on the same terms."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


def find(user: User, text: str, among: QuerySet[Conversation], most: int = 100) -> list[Hit]:
    """Titles first, then what was said, newest first; each conversation once, at its newest place."""
    words = _words(text)
    if not words:
        return []
    marker = _marker(words)
    titled = _found(Conversation.objects.for_user(user).kept(), "title", words)
    said = _found(
        Message.objects.for_user(user).filter(conversation__temporary=False), "text", words
    )
    newest: dict[int, Message] = {}
    for message in said:
        newest.setdefault(message.conversation_id, message)
    order = dict.fromkeys([*(row.pk for row in titled), *newest])
    allowed = among.in_bulk(list(order))
    return [_hit(allowed[pk], newest.get(pk), marker) for pk in order if pk in allowed][:most]


def _words(text: str) -> list[str]:
    found = _WORD.findall(text.replace("\0", ""))[:MOST_WORDS]
    return list(dict.fromkeys(word.lower() for word in found))


def _found(rows: QuerySet[Row], field: str, words: Sequence[str]) -> list[Row]:
    """By whole words and their beginnings; then, for what is written without blanks and for parts
    of words, wherever they stand."""
    matches = _Matches(SearchTerms(field), _query(words))
    found = list(rows.filter(matches).order_by("-pk")[:MOST_MESSAGES])
    if len(found) < ENOUGH:  # every text is looked through for it
        parts = reduce(Q.__and__, (Q(**{f"{field}__icontains": word}) for word in words))
        known = [row.pk for row in found]
        rest = rows.filter(parts).exclude(pk__in=known).order_by("-pk")
        found += rest[: MOST_MESSAGES - len(found)]
    return sorted(found, key=lambda row: -row.pk)


def _query(words: Iterable[str]) -> RawSQL:
    one = (
        "(plainto_tsquery('english', %s) || plainto_tsquery('german', %s)"
        " || to_tsquery('simple', %s))"
    )
    words = list(words)
    values = [each for word in words for each in (word, word, _beginning(word))]
    return RawSQL(f"({' && '.join([one] * len(words))})", values)


def _beginning(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}':*"


def _folded(text: str) -> str:
    """Without accents, each character where it was."""
    return "".join(unicodedata.normalize("NFD", each)[0] for each in text)


def _marks(text: str, marker: re.Pattern[str]) -> list[tuple[int, int]]:
    return [found.span() for found in marker.finditer(_folded(text))]


def _marker(words: Sequence[str]) -> re.Pattern[str]:
    """What of a text the words mean: whole words by their stems, else the letters as they stand."""
    stems = {word: _folded(word) for word in words}
    for language in _LANGUAGES:
        stemmer = Stemmer.Stemmer(language)
        for word in words:
            stem = _folded(stemmer.stemWord(word))
            if SHORTEST_STEM <= len(stem) < len(stems[word]):
                stems[word] = stem
    whole = [rf"\b{re.escape(stem)}\w*" for stem in sorted(stems.values(), key=len, reverse=True)]
    parts = [re.escape(_folded(word)) for word in sorted(words, key=len, reverse=True)]
    return re.compile("|".join([*whole, *parts]), re.IGNORECASE)


def _hit(conversation: Conversation, message: Message | None, marker: re.Pattern[str]) -> Hit:
    title = Passage(conversation.title, _marks(conversation.title, marker))
    said = _around(message.text, marker) if message else None
    return Hit(conversation, title, message, said)


def _around(text: str, marker: re.Pattern[str]) -> Passage:
    """The words around the first place that has what was searched for."""
    flat = " ".join(text.split())
    first = marker.search(_folded(flat))
    start = max(0, first.start() - AROUND) if first else 0
    end = min(len(flat), (first.end() if first else 0) + AROUND)
    if start and (blank := flat.find(" ", start, start + 20)) >= 0:
        start = blank + 1
    piece = ("… " if start else "") + flat[start:end] + (" …" if end < len(flat) else "")
    return Passage(piece, _marks(piece, marker))
