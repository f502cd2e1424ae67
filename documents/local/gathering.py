"""The front desk for files of this machine: brings in what is new or changed, and remembers it."""

import hashlib
import os
import time
from collections.abc import Mapping
from typing import IO, NamedTuple

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from documents.desk import deleting, renaming, uploading
from documents.local import folders
from documents.local.folders import Local
from documents.models import Collection, Document, Role, rights
from documents.models.local_files import LocalFile
from localchat.lib.errors import Conflict, LocalChatError
from localchat.lib.sentences import Sentence

RACY_SECONDS = 2.0  # a second change within the clock's tick would not show in the stamp


class NameTaken(Conflict):
    """Another file here has the same name in the collection."""


class News(NamedTuple):
    what: str  # "new", "changed", "unchanged", "renamed", "gone" or "failed"
    name: str
    document: Document | None = None
    said: str = ""


class Gatherer:
    """One folder of a person, and the documents of a collection that came from it."""

    def __init__(self, folder: bytes, collection: Collection, user: User) -> None:
        self.folder, self.collection, self.user = folder, collection, user
        self.rows: dict[bytes, LocalFile] = {}
        self.held: dict[int, bytes] = {}  # documents whose file is there: these are not for others

    def recall(self, there: Mapping[bytes, Local]) -> None:
        """Read what is remembered. `there` are the files that the folder has now."""
        mine = LocalFile.objects.of_folder(self.user, self.collection, self.folder)
        details = mine.select_related(
            "document__collection", "document__current__content", "document__incoming__content"
        )
        self.rows = {bytes(row.path): row for row in details}
        self.held = {row.document_id: path for path, row in self.rows.items() if path in there}

    def is_known(self, local: Local) -> bool:
        """Whether nothing speaks for a change; the file itself is not looked into."""
        row = self.rows.get(local.path)
        return row is not None and row.stamp == local.stamp and _sha256(row.document) == row.sha256

    def bring(self, local: Local) -> News:
        """Make a document of the file, or a version of the one that it has. Never raises."""
        name = folders.path_text(local.path)
        try:
            with folders.opened(self.folder, local.path) as file:
                return self._take(file, folders.local(local.path, os.fstat(file.fileno())), name)
        except LocalChatError as error:
            return News("failed", name, said=error.message)
        except OSError as error:
            return News("failed", name, said=folders.reason(error))

    def _take(self, file: IO[bytes], local: Local, name: str) -> News:
        row = self.rows.get(local.path)
        if row and _sha256(row.document) == row.sha256 == _sum(file):
            self._remember(local, file, row.document, row.sha256, made=row.made)
            return News("unchanged", name, row.document)
        collection, called = self._place(local.path, row)
        rights.require(self.user, Role.WRITER, collection.pk)  # it may have been taken back
        accepted = uploading.accept(file, name=called, by=self.user, collection=collection)
        document, new = accepted.document, accepted.news == "new"
        self._remember(local, file, document, _sha256(document), made=new or bool(row and row.made))
        if accepted.news == "already there":
            return News("unchanged", name, document)
        return News("new" if new else "changed", name, document)

    def _place(self, path: bytes, row: LocalFile | None) -> tuple[Collection, str]:
        """Where the file's document is, or will be: wherever somebody may have put it."""
        if row:
            return row.document.collection, row.document.name
        called = uploading.clean_name(folders.path_text(path))
        mine = Document.objects.for_user(self.user).filter(collection=self.collection, name=called)
        if taken := self.held.get(mine.values_list("pk", flat=True).first() or 0):
            raise NameTaken(
                Sentence(
                    "%(name)s has the same name in the collection.", name=folders.path_text(taken)
                )
            )
        return self.collection, called

    @transaction.atomic
    def _remember(
        self, local: Local, file: IO[bytes], document: Document, sha256: str, *, made: bool
    ) -> None:
        after = folders.local(local.path, os.fstat(file.fileno()))
        still = after.stamp == local.stamp and time.time() - local.touched > RACY_SECONDS
        before = LocalFile.objects.of_folder(self.user, self.collection, self.folder)
        for gone in before.filter(document=document).exclude(path=local.path):
            made = made or gone.made
            gone.delete()
            self.rows.pop(bytes(gone.path), None)
        facts = {"stamp": local.stamp if still else "", "sha256": sha256, "made": made}
        row, _ = before.update_or_create(
            collection=self.collection,
            folder=self.folder,
            path=local.path,
            defaults={**facts, "document": document},
        )
        self.rows[local.path], self.held[document.pk] = row, local.path

    def rename(self, row: LocalFile, local: Local) -> News | None:
        """The file is called otherwise now, and so is its document, unless a person named that.

        None when there is another document of that name.
        """
        old, new = folders.path_text(bytes(row.path)), folders.path_text(local.path)
        document = row.document
        try:
            with transaction.atomic():
                if document.name == uploading.clean_name(old):
                    document = renaming.rename(document, uploading.clean_name(new))
                LocalFile.objects.filter(pk=row.pk).update(path=local.path, stamp=local.stamp)
        except (Conflict, IntegrityError):
            return None
        self.rows.pop(bytes(row.path), None)
        row.path, row.stamp, row.document = local.path, local.stamp, document
        self.rows[local.path], self.held[document.pk] = row, local.path
        return News("renamed", new, document, old)

    @transaction.atomic
    def forget(self, row: LocalFile) -> News:
        """The file is gone, and its document with it, if that came from it and from no other."""
        name, document = folders.path_text(bytes(row.path)), row.document
        if not Document.objects.for_user(self.user, Role.KEEPER).filter(pk=document.pk).exists():
            return News("gone", name, said=rights.REFUSALS[Role.KEEPER])
        others = document.files.exclude(pk=row.pk)
        row.delete()
        self.rows.pop(bytes(row.path), None)
        if not row.made or _sha256(document) != row.sha256:
            return News(
                "gone", name, said=Sentence("The document stays, since it came from elsewhere too.")
            )
        if heir := others.first():
            heir.made = True
            heir.save(update_fields=["made"])
            return News(
                "gone", name, said=Sentence("The document stays, since another folder has it too.")
            )
        deleting.delete(document)
        return News("gone", name)


def _sha256(document: Document) -> str:
    """Of the version that the document has or is about to have."""
    return document.newest.content.sha256 if document.newest else ""


def _sum(file: IO[bytes]) -> str:
    """The file's sha256; it is read from its start again afterwards."""
    found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return found


def sum_of(folder: bytes, path: bytes) -> str:
    """Empty for a file that cannot be read."""
    try:
        with folders.opened(folder, path) as file:
            return _sum(file)
    except (LocalChatError, OSError):
        return ""
