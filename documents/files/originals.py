"""The files as they came, under names of our own, in the data folder."""

import hashlib
import os
import uuid
from pathlib import Path
from typing import NamedTuple, Protocol

from django.conf import settings

from localchat.lib.errors import TooLarge
from localchat.lib.sentences import Sentence

BLOCK = 1 << 20
HEAD = 1 << 16


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class Stored(NamedTuple):
    name: uuid.UUID
    sha256: str
    size: int  # bytes
    head: bytes  # the first 64 KiB


def path(name: uuid.UUID) -> Path:
    return Path(settings.ORIGINALS) / name.hex[:2] / name.hex


def keep(file: Readable) -> Stored:
    """Write the file to disk and see that it is there. Raises TooLarge."""
    name = uuid.uuid4()
    place = path(name)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size, head = hashlib.sha256(), 0, b""
    limit = settings.MAX_UPLOAD_MB * 1_000_000
    try:
        with place.open("xb") as copy:
            while block := file.read(BLOCK):
                size += len(block)
                if size > limit:
                    raise TooLarge(
                        Sentence(
                            "The file is larger than %(max_upload_mb)s MB.",
                            max_upload_mb=settings.MAX_UPLOAD_MB,
                        )
                    )
                head = head or block[:HEAD]
                digest.update(block)
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return Stored(name, digest.hexdigest(), size, head)


def head(name: uuid.UUID) -> bytes:
    """The first 64 KiB, as `Stored` has them."""
    with path(name).open("rb") as file:
        return file.read(HEAD)


def remove(name: uuid.UUID) -> None:
    path(name).unlink(missing_ok=True)
