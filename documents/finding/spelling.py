"""Words that no passage has: those that are taken for ones written almost so, and names."""

import re
from collections.abc import Collection, Iterable, Mapping

from rapidfuzz.distance import OSA

from documents.finding.scope import KNOWN_TERMS, Scope
from documents.text import periods, words
from documents.text.folding import unaccented
from localchat.lib.sentences import Sentence

_NAME = re.compile(r"(?<=[^\s.?!:]\s)[^\W\d_a-zß-ÿ][\w&-]+")  # not the first word
# What says how to answer, and in which units.
_INSTRUCTION = re.compile(
    r"\b(?:answer|please|respond|reply|give|list|name|tell|show|explain|describe|summari[sz]e|state"
    r"|round|use|note|assume|return|write|usd|eur|euros?|gbp|chf|dollars?|thousands?|millions?|billions?"
    r"|antworte|bitte|nenne|gib|liste|zeige|erkläre|beschreibe|schreibe|tsd|mio|mrd|tausend"
    r"|millionen|milliarden)\b",
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?<=\w{4})(?:s|es|ed|ing|e|en|er|em|n)$")
SHORTEST = 5  # letters: shorter words are too near to too many others
LONG = 9  # letters, from which on two mistakes are forgiven
MOST = 3  # words of a question
LOOKED_AT = 8  # passages with a term, for how it is written there

# A first letter is seldom mistaken; with it the table of terms is read by its index.
_BESIDE = "term >= %(first)s AND term < %(after)s AND chunks > 0"
_LIKE = f"""
SELECT term, sum(chunks)::bigint FROM {KNOWN_TERMS.format(condition=_BESIDE)} AS known
WHERE length(term) BETWEEN %(shortest)s AND %(longest)s GROUP BY term"""

_HAVING = f"SELECT text FROM mine WHERE words @@ %(term)s::tsquery LIMIT {LOOKED_AT}"


def meant(scope: Scope, question: str, unknown: Iterable[str]) -> dict[str, tuple[str, int]]:
    """For each of the terms that has one, the nearest known one, and the chunks that have it.

    Terms are stems: those of two words may be near each other that are not (summer, summarised).
    None for who is held to some collections: what is known stands in all of them together.
    """
    if scope.is_held:
        return {}
    telling = set(words.phrase(telling_words(question), question))
    wanted = [
        term for term in unknown if len(term) >= SHORTEST and term.isalpha() and term in telling
    ]
    found = {term: _nearest(scope, term, question) for term in wanted[:MOST]}
    return {term: near for term, near in found.items() if near}


def telling_words(question: str) -> str:
    """Without periods, and without what is said of the answer."""
    return _INSTRUCTION.sub(" ", periods.without(question))


def notes(scope: Scope, question: str, found: Mapping[str, str]) -> list[str]:
    """A sentence for each term that stands nowhere, with the words as people write them."""
    return [
        Sentence(
            "No passage has “%(asked)s”: looked for “%(near)s” instead.",
            asked=(asked := words.written(term, question)),
            near=_as_it_stands(scope, near, asked),
        )
        for term, near in found.items()
    ]


def _as_it_stands(scope: Scope, term: str, asked: str) -> str:
    """Of the words that have this stem, the one that is most like the asked one."""
    rows = scope.mine(_HAVING, term=words.quoted(term))
    written = dict.fromkeys(word for (text,) in rows for word in words.forms(term, text))
    return min(written or [term], key=lambda word: _apart_as_written(asked, word))


def _apart_as_written(asked: str, other: str) -> int:
    """Mistakes between two words, whatever number, case or tense they stand in."""
    one, two = unaccented(asked.lower()), unaccented(other.lower())
    bare = apart(_ENDING.sub("", one), _ENDING.sub("", two), len(one))
    return min(apart(one, two, len(one)), bare)


def _nearest(scope: Scope, term: str, question: str) -> tuple[str, int] | None:
    """By the fewest mistakes; of those that are even, the one that most chunks have."""
    most = 2 if len(term) >= LONG else 1
    rows = scope.rows(
        _LIKE,
        first=term[0],
        after=chr(ord(term[0]) + 1),
        shortest=len(term) - most,
        longest=len(term) + most,
    )
    near = [
        (mistakes, -chunks, known)
        for known, chunks in rows
        if (mistakes := apart(term, known, most)) <= most
    ]
    asked = words.written(term, question)
    for _, chunks, known in sorted(near)[:MOST]:
        if _apart_as_written(asked, _as_it_stands(scope, known, asked)) <= most:
            return known, -chunks
    return None


def apart(one: str, other: str, most: int) -> int:
    """Letters added, left out, changed or swapped with the next; beyond `most` one more."""
    return OSA.distance(one, other, score_cutoff=most)


def strangers(question: str, known: Collection[str]) -> list[str]:
    """Names in the question of which no word is known: what is asked about may be nowhere."""
    names = _NAME.findall(telling_words(question))
    found = {name: words.phrase(name, question) for name in names}
    return [name for name, terms in found.items() if terms and not {*terms} & {*known}][:MOST]
