"""Questions in a language that nothing of what is nearest to them is in."""

from documents.finding.candidates import Half
from documents.finding.scope import Scope, array
from documents.models import Index
from documents.text import languages, words
from documents.text.folding import unaccented
from localchat.lib.sentences import Sentence
from models_mgmt import builtin

LOOKED_AT = 8  # passages, the nearest ones
NEAREST = 3  # of which none is in its language; of all that are looked at one may seem to be
SHOWN_BY = 2  # stop words of a language in a text; with fewer it may be names in any
SHARE = 0.15  # of a passage's words; a list of names has fewer
PUNCTUATION = "?!.,;:()\"'\u00bf\u00a1"

_TEXTS = "SELECT id, text FROM mine WHERE id = ANY (%(ids)s::bigint[])"


def look(scope: Scope, query: str, nearest: Half) -> tuple[bool, list[str]]:
    """Whether it is one, and a sentence where the model in use cannot find across languages."""
    if not _is_foreign(scope, query, nearest):
        return False, []
    return True, [_offer(scope.index)] if scope.index.knows_english_alone else []


def _is_foreign(scope: Scope, query: str, nearest: Half) -> bool:
    language = _language_of(query)
    if not language or not nearest:
        return False
    looked_at = nearest[:LOOKED_AT]
    contents = {hit.content for hit in looked_at}
    rows = scope.mine(_TEXTS, contents=contents, ids=array(hit.chunk for hit in looked_at))
    spoken = {chunk: _language_of(text, SHARE) for chunk, text in rows}
    own = {chunk for chunk, each in spoken.items() if each == language}
    others = sum(each not in {"", language} for each in spoken.values())
    nearest_ones = (hit.chunk for hit in looked_at[:NEAREST])
    return len(own) <= 1 and own.isdisjoint(nearest_ones) and 2 * others >= len(rows)


def _language_of(text: str, share: float = 0.0) -> str:
    """The text's language or script, where its stop words show it; else empty."""
    language = words.language(text)
    if language == "other":
        return language
    tokens = [unaccented(token.strip(PUNCTUATION).lower()) for token in text.split()]
    shown = sum(language in languages.languages_of(token) for token in tokens)
    return language if shown >= max(SHOWN_BY, share * len(tokens)) else ""


def _offer(index: Index) -> str:
    return Sentence(
        "Your question and the passages that were found are in different languages, and %(name)s"
        " knows English alone. %(other)s finds across languages: choose it on the Models page, or"
        " run: python manage.py reembed %(other)s",
        name=index.name,
        other=builtin.MULTILINGUAL.name,
    )
