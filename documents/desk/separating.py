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
    rows = Content.objects.filter(pk__in=strange.values("content"))
    contents = list(rows.select_for_update(no_key=True).order_by("pk"))
    twins = _twins(collection, apart, contents)
    others = Version.objects.filter(content__in=contents).exclude(document__in=documents)
    elsewhere = set(others.values_list("content", flat=True))
    parted = {each for each in contents if each.pk in elsewhere or each.sha256 in twins}
    _take_along([each.pk for each in contents if each not in parted], apart)
    for content in sorted(parted, key=lambda each: each.pk):
        _part(content, twins.get(content.sha256) or _copied(content, apart), documents)
    _part_near(collection, documents)


def _twins(
    collection: Collection, apart: Collection | None, contents: Sequence[Content]
) -> dict[str, Content]:
    """What is there already, by the sha256."""
    there = Content.objects.filter(owner=collection.owner_id, apart=apart)
    return {row.sha256: row for row in there.filter(sha256__in=[each.sha256 for each in contents])}


def _take_along(contents: Sequence[int], apart: Collection | None) -> None:
    """All that has them goes there."""
    term_counts.take_off(*contents)
    Content.objects.filter(pk__in=contents).update(apart=apart, counted=False)


def _part(content: Content, target: Content, documents: Sequence[int]) -> None:
    moving = content.versions.filter(document__in=documents)
    affected = Document.objects.filter(pk__in=list(moving.values_list("document", flat=True)))
    moving.update(content=target)
    storing.remove_orphans([content.pk])
    if relabelling.relabel([content.pk, target.pk]):
        transaction.on_commit(tasks.embed_relabelled.delay)
    # What is being read begins anew, and so does what is known here but not read yet.
    waiting = affected.unfinished() if target.indexed_id else affected.exclude(status="failed")
    cancelling.begin_anew(list(waiting.select_for_update().values_list("pk", flat=True)))


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
