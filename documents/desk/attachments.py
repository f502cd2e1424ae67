"""Attachments of messages become documents of their own, which live and die with their message."""

import logging
from io import BytesIO
from pathlib import PurePosixPath

from celery import shared_task

from documents import readers
from documents.desk import deleting, uploading
from documents.files import originals
from documents.models import Document, Version
from documents.readers.process.errors import ReaderGone, Unreadable
from documents.tasks import UNPACK
from localchat.lib.advisory_lock import alone
from localchat.lib.errors import LocalChatError

logger = logging.getLogger(__name__)

DEEP = 5  # messages inside of messages
MOST = 500  # documents out of one message, with all that are inside of it


@shared_task(name=UNPACK, ignore_result=True)
def unpack(document_id: int) -> None:
    with alone(f"unpack {document_id}") as mine:
        document = Document.objects.packed().filter(pk=document_id).first() if mine else None
        if document and document.current:
            _unpack(document, document.current)


def _unpack(document: Document, version: Version) -> None:
    content = version.content
    if _depth(document) < DEEP:
        unpacking = _Unpacking(document)
        try:
            readers.attachments(originals.path(content.stored), content.kind, unpacking.take)
        except ReaderGone:
            return  # the sweeper comes by
        except Unreadable as error:
            logger.info("attachments of document %d: %s", document.pk, error.code)
        deleting.delete_all(unpacking.left())
    Version.objects.filter(pk=version.pk).update(unpacked=True)


def _depth(document: Document) -> int:
    return 0 if document.parent is None else 1 + _depth(document.parent)


def _root(document: Document) -> Document:
    return document if document.parent is None else _root(document.parent)


class _Unpacking:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.former = {child.name: child for child in document.attachments.all()}
        self.names: set[str] = set()
        root = Document.objects.filter(pk=_root(document).pk)
        self.room = MOST - len(root.with_attachments()) + len(self.former)

    def take(self, name: str, data: bytes) -> None:
        if len(self.names) >= self.room:
            return
        called = self._free(f"{self.document.name}/{name}")
        self.names.add(called)
        try:
            uploading.accept(
                BytesIO(data),
                name=called,
                by=self.document.added_by,
                collection=self.document.collection,
                parent=self.document,
            )
        except LocalChatError as error:
            logger.info("an attachment of document %d: %s", self.document.pk, error.code)

    def _free(self, name: str) -> str:
        """The name, with a number if another file has it."""
        path = PurePosixPath(uploading.clean_name(name))
        for number in range(1, MOST + 2):
            again = f" ({number})" if number > 1 else ""
            called = str(path.with_name(f"{path.stem}{again}{path.suffix}"))
            if called not in self.names and not self._is_taken(called):
                return called
        return str(path)

    def _is_taken(self, name: str) -> bool:
        others = self.document.collection.documents.exclude(parent=self.document)
        return others.filter(name=name).exists()

    def left(self) -> list[Document]:
        """Those that were in a former version of the message, and are not in this one."""
        return [child for name, child in self.former.items() if name not in self.names]
