"""The workshop: a file becomes pages, the pages chunks, the chunks words and vectors."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from documents import readers
from documents.files import kept_passwords, originals
from documents.ingest import (
    chunk_context,
    chunking,
    embedding_model,
    near_duplicates,
    page_titles,
    printed_headings,
    relabelling,
    storing,
    term_counts,
)
from documents.ingest.chunking import Piece
from documents.models import Content, Document, Index, in_context
from documents.pages.recognised import Recognised
from documents.readers.common import passwords
from documents.readers.page import Reading
from documents.readers.process.errors import PASSWORD_REQUIRED, ReadingCancelled, Unreadable
from documents.tables.stored import keep_tables
from localchat.lib import events, heartbeat
from localchat.lib.advisory_lock import alone
from localchat.lib.errors import AWAY, BROKEN, LocalChatError
from localchat.lib.heartbeat import Beat, Lost
from localchat.lib.sentences import Sentence
from models_mgmt import engines

logger = logging.getLogger(__name__)

TRIES = 3  # after that many broken attempts the file is to blame
BATCH = 64  # texts to an embedding request
LONGEST = 256  # tokens of a chunk, however much the model takes: a passage, not a page
SHOW_SECONDS = 0.25
DEAR_SECONDS = 1.0  # what it took longer to embed is kept, should this attempt break off


class BrokeOff(LocalChatError):
    """Reading this file broke off several times. It may be damaged, or too much for this machine."""

    status, code = 422, "broke_off"


class Prepared(NamedTuple):
    """A piece with where it stands, and the sha256 of both."""

    piece: Piece
    context: str
    hash: str

    @property
    def searchable(self) -> str:
        return in_context(self.context, self.piece.text)


def ingest(document: Document) -> None:
    """Take the claimed document to ready or failed. Another process may take it over meanwhile."""
    log = events.Log(document.topic, document.attempt)
    if document.attempt > 1:
        log.publish("restart")
    with heartbeat.kept(document) as beat:
        try:
            if document.tries > TRIES:
                raise BrokeOff
            _Ingest(document, beat, log).run()
        except Lost:
            logger.info("document %d was taken over", document.pk)
        except (*AWAY, *BROKEN) as error:
            _wait(document, log, error)
        except LocalChatError as error:
            _fail(document, log, error)
        except DatabaseError:
            raise  # the row cannot be written either: the sweeper finds it
        except Exception:
            _fail(document, log, LocalChatError())
            raise


def _wait(document: Document, log: events.Log, error: LocalChatError) -> None:
    """Give the claim back: it is tried again until the engine answers, and has the model."""
    is_counted = isinstance(error, BROKEN)
    if is_counted and document.tries >= TRIES:
        _fail(document, log, error)
        return
    Document.objects.held(document).update(
        status=Document.Status.QUEUED,
        waiting=Sentence("Waiting for the engine. %(why)s", why=error.message),
        heartbeat=Now(),
        tries=F("tries") - (0 if is_counted else 1),
    )
    log.publish("progress", stage="waiting", done=0, total=0)


def _fail(document: Document, log: events.Log, error: LocalChatError) -> None:
    failed = Document.objects.held(document).update(
        status=Document.Status.FAILED,
        error=error.code,
        problem=error.message,
        stopping=False,
        finished=Now(),
    )
    if failed:
        logger.info("document %d failed: %s", document.pk, error.code)
        log.publish("failed", error=error.code, message=error.message)


class _Ingest:
    def __init__(self, document: Document, beat: Beat, log: events.Log) -> None:
        self.document, self.beat, self.log = document, beat, log
        version = document.newest
        if version is None:
            raise Lost
        self.version = version
        version.document = document  # or it would be looked up
        self.content: Content = version.content
        self.shown = time.monotonic()  # the claim has told that it is being read

    def run(self) -> None:
        began = time.monotonic()
        index = embedding_model.index_in_use()
        if self.content.indexed_id == index.pk:
            self.finish(index, None, [])
            return
        # Before the reading: an engine that is away makes it wait.
        possible = embedding_model.can_embed(index)
        if possible and not embedding_model.PACE.just_seen():
            engines.named(index.engine).show(index.name)
        reading = self.read()
        prepared = self.prepare(reading, index)
        vectors = self.embed(prepared, index) if possible else [None] * len(prepared)
        keep_tables(self.content, lambda: self.beat.lost or self.beat.stopping)
        self.finish(index, reading, list(zip(prepared, vectors, strict=True)))
        logger.info(
            "document %d ready in %.1f s: %d pages, %d chunks",
            self.document.pk,
            time.monotonic() - began,
            reading.total,
            len(prepared),
        )

    def read(self) -> Reading:
        self.stage(Document.Status.READING, 0, 0)
        try:
            with passwords.using(kept_passwords.opened(self.content.secret)):
                return readers.read_file(
                    originals.path(self.content.stored),
                    self.kind(),
                    {int(page): how for page, how in self.content.wishes.items()},
                    Recognised(self.content.stored),
                    progress=lambda done, total: self.stage(Document.Status.READING, done, total),
                    cancelled=lambda: self.beat.lost or self.beat.stopping,
                )
        except Unreadable as error:
            if error.code == PASSWORD_REQUIRED:
                self.content.secret = ""
                self.content.save(update_fields=["secret"])
            raise
        except ReadingCancelled:
            self.beat.check()
            raise
        finally:
            kept = Recognised(self.content.stored)
            if kept.any() and not Content.objects.filter(pk=self.content.pk).exists():
                kept.forget()  # deleted meanwhile

    def kind(self) -> str:
        """What came in a message was let in without looking what it is. Raises Unsupported.

        What an older reader has read may be of a kind that it did not know.
        """
        if not self.content.kind or 0 < self.content.reader < readers.VERSION:
            head = originals.head(self.content.stored)
            self.content.kind = readers.kind_of(head, self.document.name)
            self.content.save(update_fields=["kind"])
        return self.content.kind

    def prepare(self, reading: Reading, index: Index) -> list[Prepared]:
        self.stage(Document.Status.CHUNKING, 0, reading.total)
        count = embedding_model.counter()
        limit = min(index.window, LONGEST) - 2 - chunk_context.TOKENS
        pages = page_titles.with_titles(printed_headings.with_headings(reading.pages))
        pieces = chunking.split(pages, limit=limit, count=count)
        return [self.prepared(piece, count) for piece in pieces if piece.text.strip()]

    def prepared(self, piece: Piece, count: Callable[[str], int]) -> Prepared:
        line = chunk_context.line(self.document.name, piece.heading, count)
        return Prepared(piece, line, chunk_context.text_hash(line, piece.text))

    def embed(self, prepared: list[Prepared], index: Index) -> list[storing.Vector | None]:
        """One vector for each piece, those of an earlier attempt or version not made again."""
        hashes = [each.hash for each in prepared]
        known = storing.known_vectors(self.content, index, hashes)
        missing = {each.hash: each.searchable for each in prepared if each.hash not in known}
        slow = embedding_model.PACE.expected(len(missing)) > SHOW_SECONDS
        self.stage(Document.Status.EMBEDDING, len(known), len(prepared), now=slow)
        made: dict[str, storing.Vector] = {}
        began = time.monotonic()
        for batch in _batches(list(missing.items())):
            self.beat.check()
            vectors = embedding_model.embed(index, [text for _, text in batch])
            made |= {
                each: storing.packed(vector)
                for (each, _), vector in zip(batch, vectors, strict=True)
            }
            if time.monotonic() - began > DEAR_SECONDS:
                storing.cache_vectors(self.content, index, made)
                known, made, began = known | made, {}, time.monotonic()
            self.stage(Document.Status.EMBEDDING, len(known) + len(made), len(prepared))
        known |= made
        return [known[each] for each in hashes]

    def finish(
        self,
        index: Index,
        reading: Reading | None,
        rows: list[tuple[Prepared, storing.Vector | None]],
    ) -> None:
        """Everything becomes findable in one moment."""
        self.beat.check()
        sketch = (
            near_duplicates.sketch(reading.pages) if reading else near_duplicates.kept(self.content)
        )
        with transaction.atomic():
            ready = Document.objects.held(self.document).update(
                status=Document.Status.READY,
                current=self.version,
                incoming=None,
                finished=Now(),
                done=len(rows),
                total=len(rows),
                stopping=False,
                waiting="",
            )
            if not ready:
                raise Lost
            # The same bytes may have been read under another name meanwhile.
            content = Content.objects.select_for_update().get(pk=self.content.pk)
            if reading is not None and content.indexed_id != index.pk:
                storing.replace_chunks(content, index, reading, rows)
                near_duplicates.keep(content, sketch)
            self.version.content = content
            texts = [row.piece.text for row, _ in rows]
            storing.tell_about(self.version, self.document.name, texts)
            self.compare(sketch)
            former = self.document.current
            storing.retire_versions(self.document, self.version)
            if former:  # what stays of it may be called otherwise
                relabelling.relabel([former.content_id])
            # Last, since concurrent ingests of one owner wait for each other here.
            term_counts.add_soon(self.document)
        self.log.publish("done", status="ready", chunks=len(rows))

    def compare(self, sketch: list[int]) -> None:
        """A document that is there for the first time may be nearly the same as another."""
        first = self.document.current_id is None and self.version.number == 1
        near = near_duplicates.nearest(self.version, sketch) if first else None
        if near:
            Document.objects.held(self.document).update(near=near[0], near_share=near[1])

    def stage(self, stage: str, done: int, total: int, *, now: bool = False) -> None:
        """Show where the work stands, at most four times a second but for what is told `now`."""
        if not now and time.monotonic() - self.shown < SHOW_SECONDS:
            return
        self.beat.check()
        self.shown = time.monotonic()
        if not Document.objects.held(self.document).update(status=stage, done=done, total=total):
            raise Lost
        self.log.publish("progress", stage=stage, done=done, total=total)


def _batches(items: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def embed_missing() -> None:
    """Give vectors to chunks that were stored by words alone, once vectors are possible."""
    index = embedding_model.index_in_use()
    with alone("embed missing") as mine:
        while mine and embedding_model.can_embed(index):
            chunks = storing.without_vector(index, BATCH)
            if not chunks:
                return
            storing.set_vectors(
                index, chunks, embedding_model.embed(index, [c.searchable for c in chunks])
            )
