"""Which documents a question names, by the words of their names and titles."""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User

from documents.models import Document
from documents.text import about, words

# What any document may be called: by such a word in its title alone none is meant.
THINGS = frozenset(
    words.terms(
        "document documents file files report reports text paper dokument dokumente datei dateien"
        " bericht berichte"
    )
)


class Chosen(NamedTuple):
    documents: list[Document]  # by name, each content once
    named: frozenset[str]  # the terms of the question that are in their names; none: all in scope


def chosen(
    user: User,
    question: str,
    *,
    collection: str | None = None,
    documents: Sequence[int] | None = None,
) -> Chosen:
    """What can be read, narrowed to what the question names.

    Of two documents of which one has all the named terms of the other, and more, that one is meant.
    """
    found = Document.objects.for_user(user).in_scope(collection=collection, documents=documents)
    found = (
        found.filter(current__isnull=False)
        .select_related("current__content")
        .order_by("name", "pk")
    )
    by_content = {each.current.content_id: each for each in reversed(found) if each.current}
    rows = sorted(by_content.values(), key=lambda each: (each.name, each.pk))
    asked = {*words.query(question), *words.joined(question)}
    for terms_of in (_of_name, _of_title):
        named = {each.pk: terms_of(each) & asked for each in rows}
        every = {terms for terms in named.values() if terms}
        most = {terms for terms in every if not any(terms < other for other in every)}
        if most:
            meant = [each for each in rows if named[each.pk] in most]
            return Chosen(meant, frozenset().union(*most))
    return Chosen(rows, frozenset())


def _of_name(document: Document) -> frozenset[str]:
    return frozenset(about.words_of_name(document.name))


def _of_title(document: Document) -> frozenset[str]:
    title = about.titled(document.current.content.title) if document.current else ""
    return frozenset(term for term in words.terms(title) if about.tells(term)) - THINGS
