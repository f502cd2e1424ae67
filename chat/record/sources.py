"""Answers and their sources as clients get them."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from chat.html import citations
from chat.models import Message, Source
from documents.finding.search import Passage
from documents.models import Chunk, Document, Version
from documents.pages import flags, page_names

# What a finished answer's row tells of it.
FACTS = (
    "reason",
    "model",
    "usage",
    "doubts",
    "standalone",
    "notes",
    "computed",
    "declined",
    "read",
    "unfinished",
    "choices",
    "left_out",
    "hurried",
    "cut",
)


def by_number(passages: Sequence[Passage]) -> dict[int, Passage]:
    """From 1 on."""
    return dict(enumerate(passages, start=1))


def source(answer: Message, number: int, passage: Passage, *, sent: bool = True) -> Source:
    return Source(
        message=answer,
        number=number,
        document_id=passage.document,
        version_id=passage.version,
        chunk_id=passage.chunk,
        filename=passage.filename,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        heading=passage.heading,
        score=passage.score,
        stages=passage.stages,
        text=passage.text,
        hash=hashlib.sha256(passage.text.encode()).hexdigest(),
        sent=sent,
    )


def passages_read(documents: Iterable[int | None]) -> list[dict[str, int]]:
    """How many passages of each document, by the document of each passage."""
    counted = Counter(each for each in documents if each)
    return [{"document": pk, "passages": count} for pk, count in counted.items()]


def chunk_of(source: Source) -> Chunk | None:
    """The passage; where another embedding model has cut anew, the one that has its place."""
    if source.chunk or source.version is None:
        return source.chunk
    same = Chunk.objects.filter(
        content=source.version.content_id,
        page=source.page,
        start__lt=source.end,
        end__gt=source.start,
    )
    shared = [(min(row.end, source.end) - max(row.start, source.start), row) for row in same]
    return max(shared, key=lambda each: each[0], default=(0, None))[1]


def let_go(found: Source) -> None:
    """Point to nothing that is gone; a deleted document takes its text along."""
    if not Chunk.objects.filter(pk=found.chunk_id or 0).exists():
        found.chunk = None
    if not Version.objects.filter(pk=found.version_id or 0).exists():
        found.version = None
    if not Document.objects.filter(pk=found.document_id or 0).exists():
        found.document = None
        found.filename = found.heading = found.text = found.support = ""


def as_json(sources: Iterable[Source]) -> list[dict[str, object]]:
    """The sources that an answer may cite, as clients get them."""
    return [_source_json(source) for source in sources if source.sent]


def _source_json(found: Source) -> dict[str, object]:
    return {
        "number": found.number,
        "document": found.document_id,
        "filename": found.filename,
        "page": found.page,
        "label": page_names.label(found.filename, found.page),
        "heading": found.heading,
        "support": found.support,
        "chunk": found.chunk_id,
        "score": round(found.score, 4),
        "text": found.text,
        "speaks_to_models": flags.is_flagged(found.text),
    }


def stale(answer: Message) -> list[Source]:
    """The sources that the answer rests on, once a document, whose documents are not as they were.

    It rests on those that it cites; if it cites none, on all that were sent.
    """
    sent = {source.number: source for source in answer.sources.all() if source.sent}
    cited = [sent[number] for number in citations.numbers(answer.text) if number in sent]
    found = [source for source in cited or sent.values() if source.change]
    return list({(each.document_id, each.version_id): each for each in reversed(found)}.values())


def end_of(
    answer: Message, sources: list[Source], facts: Mapping[str, object]
) -> dict[str, object]:
    """The facts of an answer's end, as followers get them."""
    return {
        "message": answer.pk,
        "conversation": answer.conversation_id,
        "sources": as_json(sources),
        **facts,
    }


def facts_of(answer: Message) -> dict[str, object]:
    """Of an answer that has ended."""
    return {name: getattr(answer, name) for name in FACTS}
