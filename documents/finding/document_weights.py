"""Which documents a question is about: by what they say of themselves, and by what fills them."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from documents.finding import fusion
from documents.finding.scope import FOUND_IN, Scope
from documents.finding.term_weights import Weighed
from documents.text import about, words

ROOM = 2000  # chunks that the terms looked up may stand in together
BODY_WEIGHT = 0.3  # of a document full of a term; of one with the term in its name: 1
FULL = 10  # chunks with a term that make a document half full of it
LONG = 20  # chunks of a document that can be full of anything; a shorter one in proportion
WORTH = {about.NAME: 1.0, about.TITLE: 0.3, about.BEGINNING: 0.6}

_TOLD = f"""
SELECT told.lexeme, told.weights[1], found.content_id
FROM (
    SELECT version.content_id, version.about {FOUND_IN}
    AND version.about @@ %(any)s::tsquery
) AS found, unnest(found.about) AS told
WHERE told.lexeme = ANY (%(asked)s::text[])"""

_TELLING = f"""
SELECT count(*) FROM documents_content AS content
WHERE passages > {about.SHORT} AND id IN (SELECT version.content_id {FOUND_IN})"""

_STANDING = """
SELECT standing.*, passages FROM (
    SELECT asked.term, mine.content_id, count(*) AS chunks
    FROM unnest(%(asked)s::text[], %(quoted)s::text[]) AS asked (term, quoted)
    JOIN mine ON mine.words @@ asked.quoted::tsquery
    GROUP BY asked.term, mine.content_id
) AS standing JOIN documents_content AS content ON content.id = content_id"""

Shares = dict[str, dict[int, float]]  # by term, by content


def worth_of_documents(scope: Scope, question: str, weighed: Weighed) -> dict[int, float]:
    """The share of the question, by weight, that speaks for each content; none is left out."""
    telling = [term for term in weighed.stems if about.tells(term)]
    rarer = weighed.rarest([term for term in telling if weighed.counts[term] <= ROOM], ROOM)
    told = _shares_by_about(
        scope, {*words.query(question), *words.joined(question), *weighed.stems}, rarer
    )
    standing = _standing(scope, rarer)
    # Only long documents tell more of themselves than their name: they are held against those.
    [(long,)] = scope.rows(_TELLING) if told else [(0,)]
    found: dict[int, float] = defaultdict(float)
    total = 0.0
    for term in {**told, **standing}:
        named, filled = told.get(term, {}), standing.get(term, {})
        for_body = _idf(filled, scope.documents)
        for_name = most = _idf(named, scope.documents)
        if WORTH[about.NAME] not in named.values():  # a word may be rare at beginnings alone
            most = min(most, fusion.idf(weighed.counts.get(term, 0), weighed.chunks))
            for_name = min(most, _idf(named, long))
        total += max(most, for_body)
        for content, worth in named.items():
            found[content] += for_name * worth
        for content, share in filled.items():
            found[content] += for_body * share
    return {content: score / total for content, score in found.items() if total}


def _idf(having: Collection[int], of: int) -> float:
    return fusion.idf(len(having), of) if having else 0.0


def _shares_by_about(scope: Scope, asked: set[str], rarer: Sequence[str]) -> Shares:
    """What it is worth that a term stands in a content's name, title or beginning."""
    wanted = [term for term in asked if about.tells(term)]
    # Common terms are in so many beginnings that they tell none from another.
    wanted += [about.MERELY + term for term in rarer]
    either = " | ".join(map(words.quoted, wanted))
    found: Shares = defaultdict(dict)
    for lexeme, weight, content in scope.rows(_TOLD, any=either, asked=wanted):
        term = lexeme.removeprefix(about.MERELY)
        found[term][content] = max(WORTH[weight], found[term].get(content, 0.0))
    return found


def _standing(scope: Scope, asked: Sequence[str]) -> Shares:
    """How far the rarer terms fill each content, by the chunks that they stand in."""
    found: Shares = defaultdict(dict)
    if asked:
        quoted = [words.quoted(term) for term in asked]
        for term, content, chunks, of in scope.mine(_STANDING, asked=asked, quoted=quoted):
            share = BODY_WEIGHT * min(of / LONG, 1) * chunks / (chunks + FULL)
            found[term][content] = share
    return found
