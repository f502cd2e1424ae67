"""From a backup to a data folder that works. Django is not needed: there is no database yet."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from localchat.backups import archive, database
from localchat.backups.archive import Manifest, NewerBackup
from localchat.embedded.lock import UNFINISHED, Lock, in_use
from localchat.embedded.services import CHECKOUT, Services
from localchat.embedded.unix_users import hand_over
from localchat.lib import environment
from localchat.lib.errors import Conflict

NAMES = {"settings.env": "restored.env"}  # of files that are called otherwise here
PUT = ("postgresql", "originals", "secret.key", "owner.key", "restored.env")
FOLDERS = {"accounts": "localchat/accounts"}  # of apps that are not called like theirs
OURS = ("accounts", "chat", "documents", "models_mgmt")

Say = Callable[[str], None]


class NotEmpty(Conflict):
    """A backup is restored into an empty folder only."""


def restore(file: Path, data: Path, say: Say) -> Manifest:
    """Check the backup, then make the data folder of it.

    Raises NotABackup, DamagedBackup, NewerBackup, NotEmpty, DataInUse, DatabaseNotCopied,
    MigrationFailed, OSError; nothing is left of what was begun then.
    """
    manifest = archive.check(file)
    _refuse_unknown_migrations(manifest)
    lock = Lock(data)
    before = lock.take("restore")
    if before is None:
        raise in_use(lock.read(), data)
    try:
        _require_empty(data)
        services = Services(data, before)
        lock.write(pid=os.getpid(), command="restore", restoring=str(services.run))
        with _unfinished(data):
            _fill(file, services, say)
    finally:
        lock.leave()
    return manifest


def _refuse_unknown_migrations(manifest: Manifest) -> None:
    for app, name in manifest.migrations:
        folder = CHECKOUT / FOLDERS.get(app, app) / "migrations"
        if app in OURS and not (folder / f"{name}.py").is_file():
            raise NewerBackup


def _require_empty(data: Path) -> None:
    """What a restore that was killed has left is taken away first."""
    if (data / UNFINISHED).exists():
        _clear(data)
    there = [name for name in ("postgresql", "originals") if _has_something(data / name)]
    if there:
        raise NotEmpty(
            f"{data} is not empty: it has {' and '.join(there)}. Set LOCALCHAT_DATA to a new"
            " folder; a backup is never restored over data."
        )
    if (url := environment.text("DATABASE_URL")) and not database.is_empty(url):
        raise NotEmpty("The database of DATABASE_URL is not empty: name a new one.")


def _has_something(folder: Path) -> bool:
    return folder.exists() and any(folder.iterdir())


@contextmanager
def _unfinished(data: Path) -> Iterator[None]:
    """While its mark is there, nothing starts on this folder but another restore."""
    mark = data / UNFINISHED
    mark.touch(mode=0o600)
    try:
        yield
    except BaseException:
        _clear(data)
        mark.unlink()
        raise
    mark.unlink()


def _clear(data: Path) -> None:
    for name in PUT:
        shutil.rmtree(data / name, ignore_errors=True)
        if not (data / name).is_dir():
            (data / name).unlink(missing_ok=True)


def _fill(file: Path, services: Services, say: Say) -> None:
    try:
        services.start()
        url = environment.text("DATABASE_URL") or services.postgres.url
        for name, content in archive.members(file, but=archive.DATABASE):
            _keep(services.data / NAMES.get(name, name), content)
        # The last thing: as long as a piece is missing, the database stays empty.
        database.load(url, (piece.read() for _, piece in archive.members(file, archive.DATABASE)))
        for name in PUT[1:]:  # not the database, which belongs to whoever runs its server
            hand_over(services.data / name, services.account)
        say("The files are there; the tables are brought up to date.")
        services.migrate()
    finally:
        services.stop()


def _keep(place: Path, file: BinaryIO) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        shutil.copyfileobj(file, copy, archive.BLOCK)


def other_secret_key(data: Path) -> bool:
    """Whether the environment has another SECRET_KEY than what was restored."""
    given = environment.text("SECRET_KEY")
    try:
        return bool(given) and given != (data / "secret.key").read_text(encoding="ascii")
    except (OSError, ValueError):
        return False
