"""Rows as the workshops would have left them, without an engine and without a worker."""

import hashlib
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from chat.models import Conversation, Message, Source
from documents.files import originals
from documents.ingest import storing
from documents.models import (
    Chunk,
    Collection,
    Content,
    Document,
    Index,
    Reembedding,
    Term,
    Version,
)
from documents.text import words
from models_mgmt.engines import Call, Model, Turn
from models_mgmt.models import Pull
from tests.files import pdf

PAGES = ("The harbour was dredged in 1987.", "The lighthouse keeper was called Margarethe.")


def make_index(**facts: object) -> Index:
    """The index in use, made if there is none."""
    usual = {"engine": "builtin", "name": "all-MiniLM-L6-v2", "digest": ""}
    return Index.objects.current() or Index.objects.create(
        **{**usual, "dimensions": 384, "window": 256, **facts}
    )


def make_reembedding(owner: User, **facts: object) -> Reembedding:
    """Of a model beside the one in use."""
    known = {"engine": "builtin", "name": "multilingual-e5-small", "dimensions": 384, "window": 512}
    index = Index.objects.create(**known, in_use=False, column=Index.Column.SECOND)
    return Reembedding.objects.create(owner=owner, index=index, **facts)


@transaction.atomic
def make_document(
    owner: User,
    name: str = "harbour.pdf",
    pages: Sequence[str] = PAGES,
    ready: bool = True,
    collection: str = "Documents",
    vectors: Sequence[Sequence[float]] | None = None,
    **facts: object,
) -> Document:
    """A document of one chunk a page, its original on disk; unless ready, only queued.

    A status among the facts is one in which nothing is found yet, but for "ready".
    """
    ready = ready and facts.get("status", "ready") == "ready"
    into = Collection.objects.named(owner, collection)
    content = make_content(owner, pages, kind=name.rsplit(".", 1)[-1], into=into)
    document = Document.objects.create(
        owner=owner,
        collection=into,
        name=name,
        **{"status": "ready" if ready else "queued", **facts},
    )
    version = Version.objects.create(document=document, content=content, number=1)
    if ready:
        _fill(content, pages, vectors)
        storing.tell_about(version, name)
        document.current = version
    else:
        document.incoming = version
    document.save()
    return document


def make_content(
    owner: User, pages: Sequence[str], kind: str = "pdf", into: Collection | None = None
) -> Content:
    body = pdf(*pages) if kind == "pdf" else "\f".join(pages).encode()
    sha256 = hashlib.sha256(body).hexdigest()
    same = {"owner": owner, "sha256": sha256, "apart": into if into and into.apart else None}
    if found := Content.objects.filter(**same).first():
        return found
    content = Content.objects.create(**same, size=len(body), kind=kind)
    path = originals.path(content.stored)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return content


def _fill(
    content: Content, pages: Sequence[str], vectors: Sequence[Sequence[float]] | None
) -> None:
    if content.chunks.exists():
        return
    index = make_index()
    for position, text in enumerate(pages):
        found = words.vectorise(text)
        Chunk.objects.create(
            owner=content.owner,
            content=content,
            position=position,
            page=position + 1,
            start=0,
            end=len(text),
            text=text,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            words=found.vector,
            length=found.length,
            embedding=None if vectors is None else list(vectors[position]),
        )
    content.pages, content.indexed, content.passages = len(pages), index, len(pages)
    content.save()
    Term.objects.count_chunks(content.pk, sign=1)


def make_conversation(owner: User, title: str = "The harbour", **facts: object) -> Conversation:
    return Conversation.objects.create(owner=owner, title=title, **facts)


def make_answer(
    owner: User,
    text: str = "In 1987 [1].",
    *,
    question: str = "When was the harbour dredged?",
    conversation: Conversation | None = None,
    document: Document | None = None,
    status: str = "done",
    **facts: object,
) -> Message:
    """A question and its answer, with the document's first chunk as source 1."""
    conversation = conversation or make_conversation(owner)
    conversation.refresh_from_db(fields=["shown"])
    asked = conversation.messages.create(
        owner=owner, role="user", text=question, previous=conversation.shown
    )
    answer = conversation.messages.create(
        owner=owner,
        role="assistant",
        status=status,
        text=text,
        previous=asked,
        ref=asked.ref,
        **{"reason": "stop" if status == "done" else "", **facts},
    )
    conversation.shown = answer
    conversation.save(update_fields=["shown"])
    if document and document.current:
        make_source(answer, document)
    return answer


def make_source(answer: Message, document: Document, number: int = 1) -> Source:
    chunk = document.current.content.chunks.order_by("position").first()
    return Source.objects.create(
        message=answer,
        number=number,
        document=document,
        version=document.current,
        chunk=chunk,
        filename=document.name,
        page=chunk.page,
        start=chunk.start,
        end=chunk.end,
        score=0.83,
        text=chunk.text,
        hash=hashlib.sha256(chunk.text.encode()).hexdigest(),
    )


def make_pull(owner: User, name: str = "llama3.2:1b", **facts: object) -> Pull:
    return Pull.objects.create(owner=owner, name=name, **facts)


def make_call(model: str, turns: Sequence[Turn], **wishes: object) -> Call:
    """What is asked of a model of that name, of any engine."""
    asked = Model("", model, "", 0, frozenset({"completion"}), {})
    return Call(asked, turns, **{"num_ctx": 4096, "max_tokens": 500, **wishes})
