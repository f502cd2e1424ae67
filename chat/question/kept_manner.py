"""What a conversation keeps of how it is asked: the next question has it without saying it.

It keeps what is said with a question. An assistant gives what is not said with the first.
"""

from collections.abc import Collection as Names
from typing import Any

from django.contrib.auth.models import User

from chat.manner import SETTINGS, Assistant, Manner
from chat.models import Conversation
from chat.question_parsing import Wish
from documents.models import Collection, Document
from localchat.lib.errors import NotFound
from localchat.lib.sentences import Sentence

CHOSEN = (*SETTINGS, "without_notes")
SCOPE = frozenset({"collection", "collections", "documents"})
KEPT = (*CHOSEN, "model", "collections", "documents")


def begun_with(user: User, wish: Wish) -> Assistant | None:
    """Raises NotFound."""
    if wish.assistant is None:
        return None
    found = Assistant.objects.for_user(user).filter(pk=wish.assistant).first()
    if found is None:
        raise NotFound(Sentence("There is no such assistant."))
    return found


def begin_with(conversation: Conversation, assistant: Assistant) -> None:
    conversation.assistant = assistant
    for name, value in assistant.as_manner().items():
        setattr(conversation, name, value)


def keep(conversation: Conversation, wish: Wish, said: Names[str]) -> None:
    """Put down what is said, and store it if the conversation is stored and that is new.

    What is for one question alone is not put down.
    """
    if wish.once:
        return
    before = conversation.as_manner()
    put(conversation, conversation.owner, wish, said)
    if conversation.pk and before != conversation.as_manner():
        conversation.save(update_fields=KEPT)


def put(manner: Manner, owner: User, wish: Wish, said: Names[str]) -> None:
    """On a conversation, or an assistant."""
    for name in CHOSEN:
        if name in said:
            value = getattr(wish, name)
            setattr(manner, name, (value or "") if name == "instructions" else value)
    if "model" in said and wish.model:
        manner.model = wish.model
    if SCOPE & set(said) and not _is_of(manner, owner, wish):
        manner.collections, manner.documents = _chips(owner, wish)


def _is_of(manner: Manner, owner: User, wish: Wish) -> bool:
    """Whether just these documents are what it is about already, under other names."""
    if wish.documents is None or wish.collections or wish.collection:
        return False
    return scope_of(owner, manner.collections, manner.documents)[1] == sorted(wish.documents)


def _chips(owner: User, wish: Wish) -> tuple[list[int], list[int]]:
    """Ids. Of a collection that is named, and documents beside it, only those in both."""
    documents = wish.documents or []
    if wish.collection is None:
        return wish.collections or [], documents
    named = Collection.objects.called(owner, wish.collection)
    if wish.documents is None:
        return list(named.values_list("pk", flat=True)), []
    rows = Document.objects.for_user(owner).filter(collection__in=named, pk__in=documents)
    return [], list(rows.values_list("pk", flat=True))


def settled(conversation: Conversation, wish: Wish) -> Wish:
    """The wish as it is answered: with what is kept, and with a scope that a search can have."""
    values = {name: getattr(wish, name) for name in CHOSEN}
    said = [name for name, value in values.items() if value is not None and value is not False]
    return with_settings(conversation, _within(conversation, wish), said)


def with_settings(conversation: Conversation, wish: Wish, said: Names[str]) -> Wish:
    """Those that are not said are as the conversation keeps them now."""
    kept: dict[str, Any] = {
        "instructions": conversation.instructions or None,
        "temperature": conversation.temperature,
        "window": conversation.window,
        "length": conversation.length,
        "without_notes": conversation.without_notes,
    }
    kept = {name: value for name, value in kept.items() if name not in said}
    if wish.collections:
        chosen = wish.collections, wish.documents or []
        collection, documents = scope_of(conversation.owner, *chosen)
        kept |= {"collection": collection, "documents": documents}
    return wish._replace(**kept, collections=None, assistant=None)


def _within(conversation: Conversation, wish: Wish) -> Wish:
    if wish.collection is not None or wish.documents is not None or wish.collections:
        return wish
    chosen = conversation.collections, conversation.documents
    collection, documents = scope_of(conversation.owner, *chosen)
    return wish._replace(collection=collection, documents=documents)


def scope_of(
    owner: User, collections: list[int], documents: list[int]
) -> tuple[str | None, list[int] | None]:
    """A collection, or documents, that are just these together; of what is gone, nothing."""
    if not collections and not documents:
        return None, None
    mine = Collection.objects.for_user(owner).filter(pk__in=collections).select_related("owner")
    if len(collections) == 1 and not documents and (only := mine.first()):
        return only.called_by(owner), None
    inside = Document.objects.for_user(owner).filter(collection__in=mine)
    return None, sorted({*documents, *inside.values_list("pk", flat=True)})
