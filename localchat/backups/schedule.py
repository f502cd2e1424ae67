"""Backups that are made by themselves: when, where, how many are kept, and how the last one went."""

import json
import logging
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from localchat.backups import taking
from localchat.backups.taking import LOCK, Taken
from localchat.lib.advisory_lock import alone
from localchat.lib.errors import LocalChatError

logger = logging.getLogger(__name__)

SUFFIX = ".backup"
REGULAR, BEFORE_UPGRADE = "localchat", "before-upgrade"
AGAIN_SECONDS = 3600  # after one that failed


class Last(NamedTuple):
    """The attempt before; `problem` is empty if it went well."""

    at: float  # seconds since 1970
    problem: str


def due() -> bool:
    """Whether it is time, and nobody is at it."""
    if not settings.BACKUP_HOURS or not settings.BACKUPS_KEPT:
        return False
    tried = last()
    wait = AGAIN_SECONDS if tried and tried.problem else settings.BACKUP_HOURS * 3600
    if tried and time.time() - tried.at < wait:
        return False
    with alone(LOCK) as free:
        return free


def back_up(*, asked: bool = False) -> None:
    """Make the backup that is due, or asked for. What goes wrong is kept for doctor, and logged."""
    if not (asked or due()):
        return
    _note("it was begun and not finished")
    try:
        taken = keep(REGULAR)
    except LocalChatError as error:
        problem = str(error.message)
    except OSError as error:
        problem = f"{settings.BACKUP_FOLDER}: {error.strerror or type(error).__name__}"
    else:
        problem = ""
        logger.info("backed up %d originals, %d bytes", taken.manifest.originals, taken.size)
    if problem:
        logger.error("the backup failed: %s", problem)
    _note(problem)


def keep(kind: str) -> Taken:
    """Make one in BACKUP_FOLDER, and let go of those of its kind that are too many.

    Raises what `taking.back_up` does.
    """
    taken = taking.back_up(name(kind))
    for old in kept(kind)[settings.BACKUPS_KEPT :]:
        old.unlink(missing_ok=True)
    return taken


def name(kind: str) -> Path:
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    return Path(settings.BACKUP_FOLDER) / f"{kind}-{moment}{SUFFIX}"


def kept(kind: str) -> list[Path]:
    """The newest first."""
    return sorted(Path(settings.BACKUP_FOLDER).glob(f"{kind}-*{SUFFIX}"), reverse=True)


def last() -> Last | None:
    with suppress(OSError, ValueError, TypeError):
        return Last(**json.loads(_state().read_text(encoding="utf-8")))
    return None


def _note(problem: str) -> None:
    _state().write_text(json.dumps(Last(time.time(), problem)._asdict()), encoding="utf-8")


def _state() -> Path:
    return Path(settings.DATA) / "last-backup.json"
