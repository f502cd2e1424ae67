"""A GGUF file that is dropped in: comes piece by piece, and becomes a model when it is whole.

What has come lies in a folder beside the models, so that whoever broke off goes on from there. A
file that cannot become a model is refused with the piece that shows it, not with the last.
"""

import errno
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from django.contrib.auth.models import User

from localchat.lib.errors import BadRequest, Conflict, LocalChatError
from localchat.lib.sentences import Sentence
from models_mgmt import choosing, requesting
from models_mgmt.gguf import checks
from models_mgmt.llamacpp import folder

PIECE_BYTES = 4_500_000  # at most; a request with more is refused before it is read
ROOM_BYTES = 500_000_000  # that stay free on the disk
_NAME = re.compile(r"(?!\.)[\w .()+,@=-]{1,150}\.gguf", re.IGNORECASE)


class NoModel(BadRequest):
    """That file is no model that can be used here."""

    code = "no_model"


class DiskFull(LocalChatError):
    """There is no room on the disk for that file."""

    status, code = 507, "disk_full"


class OutOfPlace(Conflict):
    """That piece does not follow what has come so far."""

    code = "out_of_place"


class Received(NamedTuple):
    done: int  # bytes
    model: str = ""  # its name, once it is whole


def take(user: User, name: str, start: int, total: int, piece: bytes) -> Received:
    """Add a piece that begins at byte `start` of `total`; a first one begins anew.

    Raises NotAllowed, BadRequest, NoModel, Conflict, OutOfPlace, DiskFull.
    """
    requesting.check_may_manage(user)
    part = _part(name)
    if not start:
        _begin(part, name, total)
    elif not part.is_file() or part.stat().st_size != start:
        raise OutOfPlace()
    _add(part, piece)
    done = start + len(piece)
    if done > total:
        part.unlink()
        raise BadRequest(Sentence("More has come than was said."))
    if problem := checks.is_hopeless(part, name, total):
        part.unlink()
        raise NoModel(problem)
    return _finish(part, name) if done == total else Received(done)


def forget(user: User, name: str) -> None:
    """What has come of it. Raises NotAllowed, BadRequest."""
    requesting.check_may_manage(user)
    _part(name).unlink(missing_ok=True)


def _part(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise NoModel(
            Sentence("%(name)s is not a GGUF file: its name has to end in .gguf.", name=name[:80])
        )
    return folder.home() / ".coming" / name


def _begin(part: Path, name: str, total: int) -> None:
    if (folder.home() / name).exists():
        raise Conflict(Sentence("%(name)s is there already. Delete it first.", name=name))
    part.parent.mkdir(parents=True, exist_ok=True)
    part.unlink(missing_ok=True)
    free = shutil.disk_usage(part.parent).free - ROOM_BYTES
    if total > free:
        raise DiskFull(
            Sentence(
                "%(name)s needs %(needed)s GB on the disk, and %(free)s GB can be used.",
                name=name,
                needed=round(total / 1e9, 1),
                free=round(max(free, 0) / 1e9, 1),
            )
        )


def _add(part: Path, piece: bytes) -> None:
    try:
        with part.open("ab") as file:
            file.write(piece)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise DiskFull() from error
        raise


def _finish(part: Path, name: str) -> Received:
    try:
        checks.checked(part, name)
    except checks.Refused as error:
        part.unlink()
        raise NoModel(error.message) from error
    size = part.stat().st_size
    place = folder.home() / name
    part.replace(place)
    choosing.forget()
    return Received(size, place.stem)
