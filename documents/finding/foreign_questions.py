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
SHOWN_BY = 2  # stop words of a language in a question; with fewer it may be names in any

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
    own = {chunk for chunk, text in rows if words.language(text) == language}
    return len(own) <= 1 and own.isdisjoint(hit.chunk for hit in looked_at[:NEAREST])


def _language_of(query: str) -> str:
    """The question's language or script, where it shows; else empty."""
    language = words.language(query)
    if language == "other":
        return language
    tokens = (unaccented(token.strip("?!.,;:¿¡\"'()").lower()) for token in query.split())
    shown = sum(language in languages.languages_of(token) for token in tokens)
    return language if shown >= SHOWN_BY else ""


def _offer(index: Index) -> str:
    return Sentence(
        "Your question and the passages that were found are in different languages, and %(name)s"
        " knows English alone. %(other)s finds across languages: choose it on the Models page, or"
        " run: python manage.py reembed %(other)s",
        name=index.name,
        other=builtin.MULTILINGUAL.name,
    )
