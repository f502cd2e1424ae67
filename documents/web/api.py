"""Documents over HTTP."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import File, Form, Router
from ninja.files import UploadedFile as NinjaFile

from documents.desk import deleting, renaming, uploading
from documents.finding import explanation, search
from documents.models import Chunk, Document, Role, Version
from documents.pages import pictures
from documents.web import file_responses, json_shapes, mine
from documents.web.schemas import (
    ChunksOut,
    ClearIn,
    DeletedOut,
    DocumentOut,
    NearIn,
    PasswordIn,
    RenameIn,
    SearchTextIn,
    Stays,
    TestIn,
    TestOut,
    WhyIn,
)
from localchat.lib import events, following
from localchat.lib.api import Body, Frame, event_stream, frames, person
from localchat.lib.db_threads import threaded
from localchat.lib.errors import LIMITS, BadRequest, LocalChatError, NotFound
from localchat.lib.events import Event
from localchat.lib.sentences import Sentence
from localchat.lib.wording import in_words, worded

router = Router(tags=["Documents"])
MOST_FILES = 1_000  # of one request
PROGRESS = ("stage", "done", "total", "place")


@router.post("/upload")
async def upload(
    request: HttpRequest,
    files: list[NinjaFile] = File(..., max_length=MOST_FILES),  # noqa: B008
    collection: str = Form("", max_length=500),
) -> StreamingHttpResponse:
    """Take files in, and tell how each is read, as `text/event-stream`.

    Frames: `message`, `progress`, one `result` for each file, `done`. Closing the connection
    stops nothing.
    """
    user = person(request)
    accepted = [await _accept(user, files[0], collection, alone=True)]
    accepted += [await _accept(user, file, collection) for file in files[1:]]
    return event_stream(_frames(user, accepted))


async def _accept(
    user: User, file: UploadedFile, collection: str, *, alone: bool = False
) -> tuple[str, Document | None, str]:
    """The file's name, its row, and what there is to say already.

    A limit that is met before anything was taken in is raised: it is the request's.
    """
    name = uploading.clean_name(file.name or "")
    try:
        accepted = await threaded(uploading.accept_named)(
            file, name=name, by=user, collection=collection
        )
    except LocalChatError as error:
        if alone and isinstance(error, LIMITS):
            raise
        return name, None, error.message
    await events.announce(user.pk, accepted.document.topic)
    return name, accepted.document, accepted.news


async def _frames(
    user: User, accepted: list[tuple[str, Document | None, str]]
) -> AsyncIterator[Frame]:
    for name, document, news in accepted:
        yield "", {"message": Sentence("Processing %(name)s...", name=name)}
        if document is None:
            yield "", {"result": {"success": False, "filename": name, "message": news}}
            continue
        async for frame in _progress(user, name, document, news):
            yield frame
    total = await threaded(Document.objects.for_user(user).count)()
    yield "", {"done": True, "total_documents": total}


async def _progress(user: User, name: str, document: Document, news: str) -> AsyncIterator[Frame]:
    facts: Body = {"filename": name, "document": document.pk}
    begun = news != "already there" and document.status == Document.Status.QUEUED
    after = events.before(document.attempt)
    followed = following.follow(user, document.topic, after, begun=begun)
    async for frame in frames(followed, partial(_frame, facts, news)):
        yield frame and ("", frame[1])  # an id of one of several topics would lead nowhere


def _frame(facts: Body, news: str, event: Event) -> Body | None:
    match event["type"]:
        case "progress":
            counts = {key: event[key] for key in PROGRESS if key in event}
            return {"progress": {**facts, **counts}}
        case "failed":
            return {"result": {"success": False, **facts, "message": event["message"]}}
        case "done":
            message = json_shapes.welcome(str(facts["filename"]), news, event.get("chunks", 0))
            return {"result": {"success": True, **facts, "message": message}}
    return None


@router.get("", response=list[DocumentOut])
def documents(
    request: HttpRequest, collection: str = "", status: str = "", q: str = ""
) -> list[dict[str, Any]]:
    user = person(request)
    found = Document.objects.in_scope(user, collection=collection or None)
    found = found.with_details().order_by("-created", "-pk")
    if status:
        found = found.filter(status=status)
    if q:
        found = found.filter(name__icontains=q.replace("\0", ""))
    return json_shapes.documents(user, found)


@router.get("/list")
def original_list(request: HttpRequest) -> dict[str, Any]:
    found = Document.objects.for_user(person(request)).with_details().order_by("-created", "-pk")
    rows = [
        {
            "id": each.pk,
            "filename": each.name,
            "created_at": each.created.isoformat(),
            "chunk_count": each.chunks,
        }
        for each in found
    ]
    return {"success": True, "documents": rows}


@router.get("/stats")
def stats(request: HttpRequest) -> dict[str, Any]:
    return {"success": True, **json_shapes.statistics(person(request))}


@router.post("/test", response=TestOut)
def test(request: HttpRequest, body: TestIn) -> dict[str, Any]:
    """What a question finds, with the score of each stage.

    With `why` also of one's own document, page or chunk: its rank, or by how much it missed.
    """
    found = search.search(
        person(request),
        body.query,
        limit=body.top_k,
        collection=body.collection,
        documents=body.documents,
    )
    return {
        "success": True,
        "why": body.why and _why(request, body, body.why),
        "query": body.query,
        "results": [passage._asdict() for passage in found.passages],
        "notes": worded(found.notes),
        "documents": found.documents,
        "chunks": found.chunks,
    }


def _why(request: HttpRequest, body: TestIn, wanted: WhyIn) -> list[dict[str, Any]]:
    rows = explanation.explain(
        person(request),
        body.query,
        explanation.Asked(document=wanted.document, page=wanted.page, chunk=wanted.chunk),
        collection=body.collection,
        documents=body.documents,
    )
    if not rows:
        raise NotFound
    return [
        {**passage._asdict(), "rank": rank, "reason": in_words(reason)}
        for rank, passage, reason in rows
    ]


@router.post("/search-text")
def search_text(request: HttpRequest, body: SearchTextIn) -> dict[str, Any]:
    """Chunks in which the text stands as it is, case aside."""
    results = json_shapes.chunks_with(person(request), body.search_text, body.limit)
    return {
        "success": True,
        "search_text": body.search_text,
        "count": len(results),
        "results": results,
    }


@router.delete("/clear", response=DeletedOut)
def clear(request: HttpRequest, body: ClearIn) -> dict[str, Any]:
    """Delete all documents in one's own collections. Needs {"confirm": true}."""
    if not body.confirm:
        raise BadRequest(Sentence('Say {"confirm": true} to delete all your documents.'))
    receipt = deleting.clear(person(request))
    return {"success": True, "message": receipt.sentence(), "receipt": receipt._asdict()}


@router.get("/{int:document_id}", response=DocumentOut)
def document(request: HttpRequest, document_id: int) -> dict[str, Any]:
    return _document_now(request, document_id)


@router.patch("/{int:document_id}", response=DocumentOut)
def rename(request: HttpRequest, document_id: int, body: RenameIn) -> dict[str, Any]:
    """Give it another name, or put it into another collection, which is made if need be."""
    role = Role.KEEPER if body.name.strip() else Role.WRITER
    found = mine.document(request, document_id, role)
    renaming.rename(found, body.name, body.collection, person(request))
    return _document_now(request, document_id)


@router.get("/{int:document_id}/chunks", response=ChunksOut)
def chunks(request: HttpRequest, document_id: int) -> dict[str, Any]:
    return {"chunks": list(Chunk.objects.of_document(mine.document(request, document_id)))}


@router.get("/{int:document_id}/original")
def original(request: HttpRequest, document_id: int) -> StreamingHttpResponse:
    """The file as it came, always as an attachment."""
    found = mine.document(request, document_id)
    return file_responses.original(found.name, _version(found, None).content)


@router.get("/{int:document_id}/pages/{int:page}.webp")
def page_picture(
    request: HttpRequest,
    document_id: int,
    page: int,
    chunk: int | None = None,
    version: int | None = None,
) -> HttpResponseBase:
    """The page as a picture, with the chunk's lines marked. PDF only."""
    content = _version(mine.document(request, document_id), version).content
    found = None if chunk is None else get_object_or_404(content.chunks, pk=chunk)
    return file_responses.picture(request, pictures.show(content, page, found))


@router.post("/{int:document_id}/retry", response=DocumentOut)
def retry(request: HttpRequest, document_id: int) -> dict[str, Any]:
    uploading.retry(mine.document(request, document_id, Role.WRITER))
    return _document_now(request, document_id)


@router.post("/{int:document_id}/password", response=DocumentOut)
def password(request: HttpRequest, document_id: int, body: PasswordIn) -> dict[str, Any]:
    """Read a PDF that failed with `password_required` by this password."""
    uploading.unlock(mine.document(request, document_id, Role.WRITER), body.password)
    return _document_now(request, document_id)


@router.post("/{int:document_id}/near", response=Stays)
def near(request: HttpRequest, document_id: int, body: NearIn) -> dict[str, Any]:
    """Say what a document is that is nearly the same as another: a new `version` of that one,
    to `keep` beside it, or to `skip`. Answers with the document that stays."""
    found = mine.document(request, document_id, Role.WRITER)
    stays = uploading.settle(found, body.choice)
    message = in_words(json_shapes.settled(body.choice, found.name, stays.name))
    return {"success": True, "message": message, "document": stays.pk}


@router.delete("/{int:document_id}", response=DeletedOut)
def delete(request: HttpRequest, document_id: int) -> dict[str, Any]:
    """Delete the document and all that was made of it; the receipt counts what that was."""
    found = mine.document(request, document_id, Role.KEEPER)
    receipt = deleting.delete(found)
    message = receipt.sentence(found.name)
    return {"success": True, "message": message, "receipt": receipt._asdict()}


def _document_now(request: HttpRequest, pk: int) -> dict[str, Any]:
    return json_shapes.document(person(request), mine.document(request, pk))


def _version(found: Document, number: int | None) -> Version:
    """That version; without a number the one that is searched, or the one being read."""
    version = found.current or found.incoming
    if number is not None:
        return get_object_or_404(found.versions.select_related("content"), number=number)
    if version is None:
        raise NotFound
    return version
