"""Making a backup while the program runs: database and originals as they are at one moment."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from chat.models import Conversation
from documents.files import originals
from documents.models import Content, Document
from localchat import VERSION
from localchat.backups import database
from localchat.backups.archive import DATABASE, Manifest, Writer
from localchat.lib import environment
from localchat.lib.advisory_lock import alone
from localchat.lib.db_snapshot import exported_moment, one_moment
from localchat.lib.errors import Conflict, DiskFull

LOCK = "backup"
STAGE = "backing-up-"
NO_ROOM = {28, 122}  # ENOSPC, EDQUOT


class BackupRuns(Conflict):
    """Another backup is being made at this moment."""


class BackupThere(Conflict):
    """There is a file of that name already."""


class Moment(NamedTuple):
    snapshot: str  # by which another connection sees the same rows
    names: list[UUID]  # of the originals that are in the stage
    lost: int  # how many the rows name, but are nowhere


class Taken(NamedTuple):
    path: Path
    manifest: Manifest
    size: int  # bytes
    lost: int


def back_up(target: Path) -> Taken:
    """Write everything into `target`, which is there only when it is whole.

    Raises BackupRuns, BackupThere, DatabaseNotCopied, DiskFull, OSError.
    """
    if target.exists():
        raise BackupThere(f"{target} is there already: name another file.")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    with _alone():
        partial.unlink(missing_ok=True)
        try:
            with os.fdopen(
                os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as out:
                manifest, lost = _write(out)
                out.flush()
                os.fsync(out.fileno())
            partial.rename(target)
        except OSError as error:
            raise (_no_room(target) if error.errno in NO_ROOM else error) from error
        finally:
            partial.unlink(missing_ok=True)
    return Taken(target, manifest, target.stat().st_size, lost)


def _no_room(target: Path) -> DiskFull:
    return DiskFull(f"There is no room for a backup in {target.parent}.")


@contextmanager
def _alone() -> Iterator[None]:
    with alone(LOCK) as mine:
        if not mine:
            raise BackupRuns
        yield


def _write(out: BinaryIO) -> tuple[Manifest, int]:
    with _stage() as stage, _moment(stage) as moment:
        manifest = _manifest(moment)
        writer = Writer(out, manifest)
        writer.add_bytes("secret.key", settings.SECRET_KEY.encode())
        with suppress(FileNotFoundError):
            writer.add_bytes("owner.key", (settings.DATA / "owner.key").read_bytes())
        writer.add_bytes("settings.env", environment.chosen().encode())
        pieces = database.dump(settings.DATABASE_URL, moment.snapshot)
        for number, piece in enumerate(pieces):
            writer.add_bytes(f"{DATABASE}{number:08}", piece)
        for name in moment.names:
            writer.add_file(f"originals/{name.hex[:2]}/{name.hex}", stage / name.hex)
        writer.close()
    return manifest, moment.lost


@contextmanager
def _stage() -> Iterator[Path]:
    """A folder in which originals stay, whatever is deleted meanwhile."""
    settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in settings.DATA.glob(f"{STAGE}*"):  # by one that was killed
        shutil.rmtree(left, ignore_errors=True)
    stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=settings.DATA))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def _moment(stage: Path) -> Iterator[Moment]:
    """A moment at which every original is held of which the rows know.

    A file goes after its row has gone. So one that is missing is looked for at a later moment,
    whose rows no longer name it; what is named and missing twice is lost.
    """
    before: set[UUID] = set()
    while True:
        with one_moment():
            snapshot = exported_moment()
            named = list(Content.objects.order_by("pk").values_list("stored", flat=True))
            missing = {name for name in named if not _held(stage, name)}
            if missing <= before:
                names = [name for name in named if name not in missing]
                yield Moment(snapshot, names, len(missing))
                return
            before = missing


def _held(stage: Path, name: UUID) -> bool:
    """Whether the original is in the stage, by another name of the same bytes if that can be."""
    place, file = stage / name.hex, originals.path(name)
    if place.exists():
        return True
    try:
        os.link(file, place)
    except FileNotFoundError:
        return False
    except OSError:  # a file system without such names
        shutil.copyfile(file, place)
    return True


def _manifest(moment: Moment) -> Manifest:
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        version=VERSION,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        migrations=sorted(applied),
        documents=Document.objects.count(),
        conversations=Conversation.objects.count(),
        originals=len(moment.names),
    )
