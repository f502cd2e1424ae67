"""Tables out of files, kept with the content, and ready to be computed over."""

import json
import logging
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction

from documents import readers
from documents.files import originals
from documents.models import Chunk, Content, Document
from documents.models.sheets import Sheet
from documents.readers.common.sheets import KINDS
from documents.readers.common.sheets import Sheet as SheetRead
from documents.readers.process.errors import ReaderGone, Unreadable
from documents.tables import vocabulary
from documents.tables.blocks import tables_of
from documents.tables.lexicon import Lexicon
from documents.tables.table import Parted, Table, parted

logger = logging.getLogger(__name__)

MOST_FILES = 500  # with tables, that one question is tried on
FEW_TABLES = 8  # that are all tried
KEPT_TABLES = 32  # in memory, of at most so many cells each:
KEPT_CELLS = 500_000
SECONDS = 120.0


class Scoped(NamedTuple):
    """A table, and the document that it is found by."""

    sheet: Sheet
    document: Document
    lexicon: Lexicon

    @property
    def place(self) -> str:
        """The file, and the sheet if there are several."""
        return f"{self.document.name}, {self.sheet.name}" if self.sheet.name else self.document.name


def keep_tables(content: Content, cancelled: Callable[[], bool]) -> None:
    """Read the tables of a content that was not looked at. One that cannot be read has none."""
    if content.kind not in KINDS or content.sheets.exists():
        return
    try:
        sheets = _read_tables(content, cancelled)
    except Unreadable as error:
        logger.info("no tables of content %d: %s", content.pk, error.code)
        sheets = []
    except ReaderGone:
        return  # it is tried again when somebody asks
    rows = [row for sheet in sheets for row in _rows(content, sheet)]
    for position, row in enumerate(rows):
        row.position = position
    # Looked at and nothing found is kept too, or every question would look again.
    rows = rows or [Sheet(content=content, position=0, exact=False, cells=b"")]
    with transaction.atomic():
        Content.objects.select_for_update().filter(pk=content.pk).first()
        if not content.sheets.exists():
            Sheet.objects.bulk_create(rows)


def _read_tables(content: Content, cancelled: Callable[[], bool]) -> list[SheetRead]:
    path = originals.path(content.stored)
    try:
        return readers.read_tables(path, content.kind, cancelled=cancelled)
    except FileNotFoundError as error:
        raise Unreadable from error


def _rows(content: Content, sheet: SheetRead) -> list[Sheet]:
    """One for each table of the sheet."""
    lone = sheet.number is None
    found = [
        table
        for rows in tables_of(sheet.rows)
        if (table := parted(rows, exact=sheet.exact, lone=lone))
    ]
    return [_row(content, sheet, table) for table in found]


def _row(content: Content, sheet: SheetRead, found: Parted) -> Sheet:
    columns = list(zip(*found.rows, strict=True))
    return Sheet(
        content=content,
        position=0,
        page=sheet.number,
        name=sheet.name[:200],
        exact=sheet.exact,
        columns=found.names,
        left_out=found.left_out,
        rows=len(found.rows),
        cells=zlib.compress(json.dumps(columns, ensure_ascii=False).encode(), 6),
    )


def in_scope(
    user: User, *, collection: str | None = None, documents: Sequence[int] | None = None
) -> list[Document]:
    """The person's documents that may have tables, each content once."""
    found = Document.objects.in_scope(user, collection=collection, documents=documents)
    found = found.filter(current__content__kind__in=KINDS).select_related("current__content")
    by_content = {each.current.content_id: each for each in found.order_by("-pk") if each.current}
    return list(by_content.values())[:MOST_FILES]


def only_tables(
    user: User, *, collection: str | None = None, documents: Sequence[int] | None = None
) -> bool:
    """Whether nothing else is in scope."""
    found = Document.objects.in_scope(user, collection=collection, documents=documents)
    return not found.exclude(current__content__kind__in=KINDS).exists()


def tables(
    documents: Sequence[Document], question: str, cancelled: Callable[[], bool]
) -> list[Scoped]:
    """The tables of these documents; of many, those whose names the question has words of.

    Files that were not looked at yet are read.
    """
    by_content = {each.current.content_id: each for each in documents if each.current}
    known = set(Sheet.objects.filter(content__in=by_content).values_list("content", flat=True))
    for document in documents:
        if document.current and document.current.content_id not in known:
            keep_tables(document.current.content, cancelled)
    rows = list(Sheet.objects.filter(content__in=by_content, rows__gt=0).defer("cells"))
    if len(rows) > FEW_TABLES:
        rows = _likely(question, rows, {pk: each.name for pk, each in by_content.items()})
    return [
        Scoped(sheet, document, _lexicon(sheet, document.name))
        for sheet in rows
        if (document := by_content[sheet.content_id])
    ]


def _likely(question: str, rows: Sequence[Sheet], files: dict[int, str]) -> list[Sheet]:
    """Those that share words with the question, the most first; without reading their cells."""
    said = [
        each
        for each in vocabulary.tokens(question)
        if each.folded not in vocabulary.grammar_words()
    ]
    asked = {stem for each in said for stem in each.stems}
    asked |= {like for stem in asked for like in vocabulary.synonyms().get(stem, ())}
    shared = {row.pk: len(asked & _stems(row, files[row.content_id])) for row in rows}
    likely = [row for row in rows if shared[row.pk]]
    return sorted(likely, key=lambda row: -shared[row.pk])[:KEPT_TABLES]


def _stems(row: Sheet, file: str) -> set[str]:
    names = (row.name, file, *row.columns)
    return {stem for name in names for word in vocabulary.words_of(name) for stem in word.stems}


def first_chunk(user: User, scoped: Scoped) -> Chunk | None:
    """The passage that the table begins in."""
    found = Chunk.objects.for_user(user).of_document(scoped.document)
    return found.filter(page=scoped.sheet.page).first() or found.first()


def _lexicon(sheet: Sheet, name: str) -> Lexicon:
    small = sheet.rows * len(sheet.columns) <= KEPT_CELLS
    make = _kept_lexicon if small else _kept_lexicon.__wrapped__
    return make(sheet.pk, name)


@lru_cache(maxsize=KEPT_TABLES)
def _kept_lexicon(pk: int, name: str) -> Lexicon:
    sheet = Sheet.objects.get(pk=pk)
    columns = json.loads(zlib.decompress(sheet.cells))
    file = name.rpartition("/")[2]
    table = Table(
        sheet.name,
        list(zip(sheet.columns, columns, strict=True)),
        exact=sheet.exact,
        file=file,
        left_out=sheet.left_out,
    )
    return Lexicon(table)
