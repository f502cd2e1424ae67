"""The front desk: every file comes in here, whoever brings it."""

import re
import unicodedata
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models.functions import Now

from documents import readers, tasks
from documents.desk import collections, deleting, storage
from documents.files import kept_passwords, originals
from documents.files.originals import Readable, Stored
from documents.ingest import relabelling, storing
from documents.models import Collection, Content, Document, Index, Role, Version, rights
from documents.readers.process.errors import PASSWORD_REQUIRED, Unreadable
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.accounts.limits import rates
from localchat.lib.errors import BadRequest, Conflict
from localchat.lib.sentences import Sentence

CHOICES = ("version", "keep", "skip")
DEFAULT_COLLECTION = "Documents"
UNSHOWN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # controls, marks that turn the writing, ends of lines


class Accepted(NamedTuple):
    document: Document
    news: str  # "new", "new version" or "already there"


def collection_of(user: User, name: str = "") -> Collection:
    """The collection that the person calls so, made if need be, to put something into.

    Raises BadRequest; NotAllowed for one that they may only read.
    """
    called = " ".join(name.split()) or DEFAULT_COLLECTION
    found = Collection.objects.called(user, called).first()
    if found is None:
        return Collection.objects.named(user, collections.checked(called))
    rights.require(user, Role.WRITER, found.pk)
    return found


def accept_named(file: Readable, *, name: str, by: User, collection: str) -> Accepted:
    """What a person uploads: `accept` into what they call so. Raises LimitReached too."""
    rates.count_upload(by)
    return accept(file, name=name, by=by, collection=collection_of(by, collection))


def accept(
    file: Readable,
    *,
    name: str,
    by: User | None,
    collection: Collection,
    parent: Document | None = None,
) -> Accepted:
    """Keep the file, write its row and start the work. It belongs to the collection's owner.

    Raises TooLarge, StorageFull, and what `readers.kind_of` raises for bytes that nothing here can
    read; what came in a message is kept nevertheless, and fails when it is read.
    """
    stored = originals.keep(file)
    try:
        kind = _kind(stored, name, even_unknown=parent is not None)
        content, accepted = _entered(stored, kind, clean_name(name), by, collection, parent)
    except BaseException:
        _let_go(stored)
        raise
    if content.stored != stored.name:
        originals.remove(stored.name)
    if parent is None and accepted.news != "already there":
        note(Act.DOCUMENT_ADDED, "document", accepted.document.pk, by=by)
    return accepted


def _let_go(stored: Stored) -> None:
    """Unless a row has it: what failed may have failed after that was kept."""
    try:
        is_kept = Content.objects.filter(stored=stored.name).exists()
    except DatabaseError:
        return  # nobody can tell
    if not is_kept:
        originals.remove(stored.name)


def _entered(
    stored: Stored,
    kind: str,
    name: str,
    by: User | None,
    collection: Collection,
    parent: Document | None,
) -> tuple[Content, Accepted]:
    """Its rows. When somebody brings the same at the same moment, one of the two begins anew."""

    def enter() -> tuple[Content, Accepted]:
        with transaction.atomic():
            into = Collection.objects.pinned(collection.pk)
            content = _content(stored, kind, into)
            return content, _place(name, content, by, into, parent)

    try:
        return enter()
    except IntegrityError:
        return enter()


def _kind(stored: Stored, name: str, *, even_unknown: bool) -> str:
    try:
        return str(readers.kind_of(stored.head, name))
    except Unreadable:
        if even_unknown:
            return ""
        raise


def clean_name(name: str) -> str:
    """A relative path with forward slashes that is safe to show, whatever was sent."""
    text = name.encode("utf-8", "replace").decode("utf-8").replace("\\", "/")
    text = "".join(" " if unicodedata.category(c) in UNSHOWN else c for c in text)
    # Cut first, since the cut may make a part into one that leads elsewhere.
    return "/".join(_parts("/".join(_parts(text))[-400:])) or "unnamed"


def _parts(path: str) -> list[str]:
    parts = (part.strip() for part in re.split(r"/+", path))
    return [part for part in parts if part not in {"", ".", ".."}]


def _content(stored: Stored, kind: str, into: Collection) -> Content:
    same: dict[str, Any] = {"owner_id": into.owner_id, "sha256": stored.sha256}
    same["apart"] = into if into.apart else None
    content = Content.objects.filter(**same).first()
    if content is None:
        storage.check_room(into.owner, stored.size)
        return Content.objects.create(**same, size=stored.size, kind=kind, stored=stored.name)
    if not originals.path(content.stored).exists():  # lost, and here it is again
        content.stored = stored.name
        content.save(update_fields=["stored"])
    if content.kind != kind:  # its name says something else now, or we have learnt to read it
        content.kind, content.indexed = kind, None
        content.save(update_fields=["kind", "indexed"])
    return content


def _place(
    name: str, content: Content, by: User | None, collection: Collection, parent: Document | None
) -> Accepted:
    same: dict[str, Any] = {"owner_id": collection.owner_id, "collection": collection, "name": name}
    found = Document.objects.select_for_update(of=("self",)).filter(**same).first()
    document = found or Document.objects.create(**same, parent=parent, added_by=by)
    newest = document.newest
    if newest and newest.content_id == content.pk:
        if not document.is_live and (document.problem or content.indexed_id is None):
            _work(document, newest)
        return Accepted(document, "already there")
    _work(document, _version(document, content, first=not found))
    return Accepted(document, "new version" if found else "new")


def _version(document: Document, content: Content, *, first: bool = False) -> Version:
    latest = None if first else document.versions.order_by("-number").first()
    number = latest.number if latest else 0
    return Version.objects.create(document=document, content=content, number=number + 1)


def _work(document: Document, version: Version) -> None:
    """Point to the version at once when its content is known, else start reading it.

    A higher attempt ends whatever was being done for an earlier version. The row has been made or
    locked by the caller.
    """
    wanted = {"attempt": document.attempt + 1, "error": "", "problem": "", "waiting": ""}
    former = document.current
    index = Index.objects.current() if version.content.indexed_id else None
    if index and version.content.indexed_id == index.pk:
        moment = "finished"
        wanted |= {"status": Document.Status.READY, "current": version, "incoming": None}
    else:
        moment = "heartbeat"
        wanted |= {"status": Document.Status.QUEUED, "incoming": version, "tries": 0}
        wanted |= {"stopping": False, "done": 0, "total": 0}
        transaction.on_commit(lambda: tasks.ingest.delay(document.pk))
    changes = {name: value for name, value in wanted.items() if getattr(document, name) != value}
    Document.objects.filter(pk=document.pk).update(**changes, **{moment: Now()})
    for name, value in changes.items():
        setattr(document, name, value)
    if document.current_id == version.pk:
        storing.retire_versions(document, version)
        if former:  # what stays of it may be called otherwise
            relabelling.relabel([former.content_id])
        transaction.on_commit(lambda: tasks.unpack_later(document.pk))


@transaction.atomic
def retry(document: Document) -> None:
    """Read a failed document again. Raises Conflict when it did not fail."""
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if document.status != Document.Status.FAILED or document.newest is None:
        raise Conflict(Sentence("Only a document that failed can be tried again."))
    _work(document, document.newest)


def unlock(document: Document, password: str) -> None:
    """Read the PDF anew by this password, which is kept with it as long as it is right.

    Raises Conflict when no password is asked for.
    """
    version = document.newest
    asks = document.status == Document.Status.FAILED and document.error == PASSWORD_REQUIRED
    if not asks or version is None or version.content.kind != "pdf":
        raise Conflict(Sentence("This document does not ask for a password."))
    if not 1 <= len(password) <= 500:
        raise BadRequest(Sentence("Enter the password of the file."))
    Content.objects.filter(pk=version.content_id).update(secret=kept_passwords.closed(password))
    retry(document)


def read_anew(document: Document) -> None:
    """Read the newest version again, whose content is no longer indexed as it should be."""
    if document.newest is not None:
        _work(document, document.newest)


@transaction.atomic
def settle(document: Document, choice: str) -> Document:
    """Do what a person says of a document that is nearly the same as another.

    `version`: it is a new version of the other one; `keep`: both stay; `skip`: it goes again.
    Returns the document that stays. Raises Conflict when there is nothing to choose.
    """
    if choice not in CHOICES:
        raise BadRequest(Sentence("The choice is one of %(names)s.", names=", ".join(CHOICES)))
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    near, version = document.near, document.current
    if near is None or version is None:
        raise Conflict(Sentence("This document is not waiting for that choice."))
    if choice == "keep":
        Document.objects.filter(pk=document.pk).update(near=None)
        return document
    if choice == "version":
        near = Document.objects.select_for_update(of=("self",)).get(pk=near.pk)
        _work(near, _version(near, version.content))
        document.files.update(document=near)
    deleting.delete(document)
    return near
