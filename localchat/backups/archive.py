"""The one file of a backup: how it is written, looked at and read.

A tar: `manifest.json`, the files, the database as pg_dump has it in pieces, and `end.json` with
a hash over all that came before. Whoever reads believes nothing until that hash is right.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from pydantic import TypeAdapter, ValidationError

from localchat.lib.errors import Conflict

FORMAT = "LocalChat backup"
NUMBER = 1  # of the format; a later one may not be understood here
MANIFEST, END = "manifest.json", "end.json"
DATABASE = "database/"
PIECE = 8 << 20  # bytes of the database in one member
BLOCK = 1 << 20
SMALL = 1 << 20  # the most that a member of facts may have

NAMES = re.compile(
    r"secret\.key|owner\.key|settings\.env|database/\d{8}|originals/[0-9a-f]{2}/[0-9a-f]{32}"
)


class NotABackup(Conflict):
    """This file is no backup of LocalChat."""


class DamagedBackup(Conflict):
    """This backup is damaged, or was cut off: it is not what was written."""


class NewerBackup(Conflict):
    """This backup was made by a newer version of LocalChat: restore it with that one."""


class Manifest(NamedTuple):
    version: str
    made: str  # ISO 8601, UTC
    migrations: list[tuple[str, str]]  # app and name of each that the tables have seen
    documents: int
    conversations: int
    originals: int


_MANIFEST = TypeAdapter(Manifest)


class Writer:
    """Takes one member after the other; `close` makes it a backup."""

    def __init__(self, out: BinaryIO, manifest: Manifest) -> None:
        self.tar = tarfile.TarFile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT)
        self.digest = hashlib.sha256()
        facts = {"format": FORMAT, "number": NUMBER, **manifest._asdict()}
        self.add_bytes(MANIFEST, json.dumps(facts).encode())

    def add_bytes(self, name: str, data: bytes) -> None:
        self._add(name, len(data), io.BytesIO(data))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            self._add(name, path.stat().st_size, file)

    def close(self) -> None:
        self.add_bytes(END, json.dumps({"sha256": self.digest.hexdigest()}).encode())
        self.tar.close()

    def _add(self, name: str, size: int, file: BinaryIO) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        _begin(self.digest, info)
        self.tar.addfile(info, _Hashing(file, self.digest))


class _Hashing(io.RawIOBase):
    """A file that adds to the hash what is read of it."""

    def __init__(self, file: Any, digest: Any) -> None:
        self.file, self.digest = file, digest

    def read(self, size: int = -1) -> bytes:
        block: bytes = self.file.read(size)
        self.digest.update(block)
        return block


def check(path: Path) -> Manifest:
    """Read all of it. Raises NotABackup, NewerBackup, DamagedBackup, OSError."""
    digest, manifest, told = hashlib.sha256(), None, ""
    with _reading(path) as tar:
        for info in tar:
            if told or not info.isreg():
                raise DamagedBackup
            if info.name == END:
                told = str(_facts(tar, info).get("sha256"))
                continue
            _begin(digest, info)
            if manifest is None:
                manifest = _manifest(tar, info, digest)
                continue
            if not NAMES.fullmatch(info.name):
                raise NotABackup(
                    "There is something foreign in this file: it is no backup of LocalChat."
                )
            _hash_rest(_Hashing(tar.extractfile(info), digest))
    if manifest is None:
        raise NotABackup
    if told != digest.hexdigest():
        raise DamagedBackup
    return manifest


def members(path: Path, of: str = "", *, but: str = "-") -> Iterator[tuple[str, BinaryIO]]:
    """The files of a backup that was checked, in order, by how their names begin."""
    with _reading(path) as tar:
        for info in tar:
            wanted = info.name.startswith(of) and not info.name.startswith(but)
            if wanted and NAMES.fullmatch(info.name) and (file := tar.extractfile(info)):
                yield info.name, file  # type: ignore[misc]


@contextmanager
def _reading(path: Path) -> Iterator[tarfile.TarFile]:
    with path.open("rb") as file:
        if not file.read(1):
            raise NotABackup("This file is empty.")
    try:
        tar = tarfile.TarFile.open(path, "r|")
    except (tarfile.TarError, ValueError) as error:
        raise NotABackup from error
    with tar:
        try:
            yield tar
        except (tarfile.TarError, EOFError, ValueError) as error:  # a number that is none
            raise DamagedBackup from error


def _begin(digest: Any, info: tarfile.TarInfo) -> None:
    digest.update(f"{info.name}\0{info.size}\0".encode(errors="surrogateescape"))


def _hash_rest(file: _Hashing) -> None:
    while file.read(BLOCK):
        pass


def _manifest(tar: tarfile.TarFile, info: tarfile.TarInfo, digest: Any) -> Manifest:
    if info.name != MANIFEST:
        raise NotABackup
    facts = _facts(tar, info, digest)
    if facts.get("format") != FORMAT:
        raise NotABackup
    if facts.get("number") != NUMBER:
        raise NewerBackup
    try:
        return _MANIFEST.validate_python([facts.get(name) for name in Manifest._fields])
    except ValidationError as error:
        raise NotABackup from error


def _facts(tar: tarfile.TarFile, info: tarfile.TarInfo, digest: Any = None) -> dict[str, Any]:
    file = tar.extractfile(info)
    if file is None or info.size > SMALL:
        raise NotABackup
    body = file.read()
    if digest:
        digest.update(body)
    try:
        facts = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotABackup from error
    if not isinstance(facts, dict):
        raise NotABackup
    return facts
