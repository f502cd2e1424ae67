"""Contents of a collection that is or was shared are its own.

Who may read it is told nothing by how quickly a file is read, by what it is called elsewhere, or
by words counted there: the same bytes are kept once more.
"""

import os
import shutil
import uuid
from collections.abc import Sequence

from django.db import connection, transaction

from documents import tasks
from documents.desk import cancelling
from documents.files import originals
from documents.ingest import relabelling, storing, term_counts
from documents.models import Chunk, Collection, Content, Document, Sheet, Sketch, Version
from documents.pages.recognised import Recognised

_COPY = "INSERT INTO {table} (content_id, {columns}) SELECT %s, {columns} FROM {table} WHERE content_id = %s"


@transaction.atomic
def settle(collection: Collection, documents: Sequence[int]) -> None:
    """Have all versions of these documents, which lie there now, point to contents of there."""
    apart = collection if collection.apart else None
    strange = Version.objects.filter(document__in=documents).exclude(content__apart=apart)
    contents = Content.objects.filter(pk__in=strange.values("content"))
    for content in contents.select_for_update(no_key=True).order_by("pk"):
        _settle(content, apart, documents)
    _part_near(collection, documents)


def _settle(content: Content, apart: Collection | None, documents: Sequence[int]) -> None:
    there = Content.objects.filter(owner=content.owner_id, sha256=content.sha256, apart=apart)
    moving = content.versions.filter(document__in=documents)
    target = there.first()
    if target is None and not content.versions.exclude(document__in=documents).exists():
        _take_along(content, apart)
        return
    target = target or _copied(content, apart)
    affected = list(moving.values_list("document", flat=True).distinct())
    moving.update(content=target)
    storing.remove_orphans([content.pk])
    if relabelling.relabel([content.pk, target.pk]):
        transaction.on_commit(tasks.embed_relabelled.delay)
    reading = Document.objects.filter(pk__in=affected).unfinished()
    cancelling.begin_anew(list(reading.select_for_update().values_list("pk", flat=True)))


def _take_along(content: Content, apart: Collection | None) -> None:
    """All that has it goes there."""
    term_counts.take_off(content.pk)
    Content.objects.filter(pk=content.pk).update(apart=apart, counted=False)


def _copied(content: Content, apart: Collection | None) -> Content:
    facts = {field.attname: getattr(content, field.attname) for field in Content._meta.fields}
    facts |= {"id": None, "apart_id": apart and apart.pk, "stored": uuid.uuid4(), "counted": False}
    made = Content(**facts)
    _link(content, made)
    made.save(force_insert=True)
    for model in (Chunk, Sheet, Sketch):
        fields = model._meta.concrete_fields
        names = [str(each.column) for each in fields if each.name not in {"id", "content"}]
        columns = ", ".join(map(connection.ops.quote_name, names))
        with connection.cursor() as cursor:
            sql = _COPY.format(table=model._meta.db_table, columns=columns)
            cursor.execute(sql, [made.pk, content.pk])
    return made


def _link(content: Content, made: Content) -> None:
    """The file under another name: the same blocks of the disk, where it can do that."""
    source, place = originals.path(content.stored), originals.path(made.stored)
    if not source.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(source, place)
    except OSError:
        shutil.copyfile(source, place)
    recognised = Recognised(content.stored)
    if recognised.any():
        shutil.copytree(recognised.folder, Recognised(made.stored).folder)


def _part_near(collection: Collection, documents: Sequence[int]) -> None:
    """No document is said to be like one that others may read."""
    moved = Document.objects.filter(pk__in=documents).exclude(near=None)
    others = Document.objects.filter(near__in=documents)
    if collection.apart:
        moved, others = (
            moved.exclude(near__collection=collection),
            others.exclude(collection=collection),
        )
    else:
        moved, others = (
            moved.filter(near__collection__apart=True),
            others.filter(collection__apart=True),
        )
    moved.update(near=None)
    others.update(near=None)
