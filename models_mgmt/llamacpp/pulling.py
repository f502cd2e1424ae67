"""A pull from the registry into the folder of models: what has come stays, and is gone on from."""

import errno
import fcntl
import hashlib
import os
import re
import shutil
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from localchat.lib.errors import EngineBusy, EngineCut, EngineError
from localchat.lib.sentences import Sentence
from models_mgmt.gguf import checks
from models_mgmt.llamacpp import folder
from models_mgmt.llamacpp.registry import Layer, Line, Reference, reference

PIECE_BYTES = 1 << 18
TELL_SECONDS = 0.1
LOOKS_BYTES = 1 << 20  # after so many, and each four times as many, the head is looked at
LICENCE_BYTES = 1_000_000
ROOM_BYTES = 200_000_000  # that stay free on the disk


class Step(NamedTuple):
    status: str  # as Ollama says it
    layer: Layer | None = None
    done: int = 0  # bytes of the layer


class RegistryPull:
    """Steps as Ollama's own; `close` may be called from any thread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.wanted: Reference = reference(name)
        self.line = Line()
        self.work = self._steps()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Step:
        try:
            return next(self.work)
        except OSError as error:
            raise _of_disk(error) from error
        except EngineError:
            if self.line.closed:
                raise StopIteration from None
            raise

    def close(self) -> None:
        self.line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self.work.close()
        self.line.hang_up()

    def _steps(self) -> Generator[Step]:
        found = self.line.manifest(self.wanted, self.name)
        yield Step("pulling manifest")
        layer = found.model
        part = folder.home() / ".pulling" / layer.hex
        part.parent.mkdir(parents=True, exist_ok=True)
        if self._is_here(layer):
            yield Step("success")
            return
        with part.open("ab") as file:
            _hold(file)
            yield from self._fetched(layer, part, file)
            yield Step("verifying sha256 digest")
            self._verify(part, layer)
            yield Step("writing manifest")
            licence = "\n\n".join(map(self._licence, found.licences))
            self._put(part, layer, licence)
        yield Step("success")

    def _is_here(self, layer: Layer) -> bool:
        return any(
            (entry.name, entry.digest) == (self.name, layer.digest)
            for entry in folder.listing().entries
        )

    def _fetched(self, layer: Layer, part: Path, file: BinaryIO) -> Generator[Step]:
        """Until all of it has come; from where an earlier pull was broken off."""
        done = file.seek(0, os.SEEK_END)
        if done > layer.size:
            done = _emptied(file)
        _make_sure_of_room(part, layer.size - done)
        status = f"pulling {layer.hex[:12]}"
        yield Step(status, layer, done)
        if done == layer.size:
            return
        told = time.monotonic()
        for there in self._written(layer, part, file, done):
            done = there
            if time.monotonic() - told >= TELL_SECONDS or done >= layer.size:
                told = time.monotonic()
                yield Step(status, layer, done)
        if done < layer.size:
            raise EngineCut(Sentence("The library broke off in the middle of the pull."))

    def _written(self, layer: Layer, part: Path, file: BinaryIO, done: int) -> Iterator[int]:
        """How many bytes are there, again and again."""
        response, begins = self.line.blob(self.wanted, layer, done, self.name)
        if begins != done:
            done = _emptied(file)  # a registry without ranges
        look = max(LOOKS_BYTES, done)
        while done <= layer.size and (piece := self.line.piece(response, PIECE_BYTES)):
            file.write(piece)
            done += len(piece)
            if done >= look:
                file.flush()
                self._judge(part, layer)
                look *= 4
            yield done
        file.flush()
        os.fsync(file.fileno())

    def _judge(self, part: Path, layer: Layer) -> None:
        """Gigabytes that cannot be used are not fetched."""
        if problem := checks.is_hopeless(part, self.name, layer.size):
            part.unlink()
            raise EngineError(problem)

    def _verify(self, part: Path, layer: Layer) -> None:
        with part.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != layer.hex:
            part.unlink()
            raise EngineError(
                Sentence(
                    "“%(name)s” arrived damaged and was thrown away. Pull it again.", name=self.name
                )
            )
        try:
            checks.checked(part, self.name)
        except checks.Refused as error:
            part.unlink()
            raise EngineError(error.message) from error

    def _licence(self, layer: Layer) -> str:
        if layer.size > LICENCE_BYTES:
            return ""
        response, _ = self.line.blob(self.wanted, layer, 0, self.name)
        found = self.line.content(response, LICENCE_BYTES)
        if hashlib.sha256(found).hexdigest() != layer.hex:
            raise EngineError(
                Sentence(
                    "The licence of “%(name)s” arrived damaged. Pull it again.", name=self.name
                )
            )
        return found.decode("utf-8", "replace")

    def _put(self, part: Path, layer: Layer, licence: str) -> None:
        known = {"name": self.name, "digest": layer.digest, "license": licence}
        place = folder.home() / f"{_plain(self.name)}{folder.SUFFIX}"
        folder.note(place, known)
        part.replace(place)


def _plain(name: str) -> str:
    """A file's name for that of a model."""
    return re.sub(r"[^\w.-]+", "_", name.rpartition("://")[2])


def _hold(file: BinaryIO) -> None:
    """Against another pull of the same bytes. Whoever is killed lets go."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise EngineBusy(Sentence("The same file is being pulled under another name.")) from error


def _emptied(file: BinaryIO) -> int:
    file.truncate(0)
    return file.seek(0)


def _make_sure_of_room(part: Path, needed: int) -> None:
    free = shutil.disk_usage(part.parent).free - ROOM_BYTES
    if needed > free:
        raise EngineError(
            Sentence(
                "There is no room on the disk: %(needed)s GB are needed, and %(free)s GB can be used.",
                needed=round(needed / 1e9, 1),
                free=round(max(free, 0) / 1e9, 1),
            )
        )


def _of_disk(error: OSError) -> EngineError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return EngineError(Sentence("The disk is full."))
    return EngineError(Sentence("The model cannot be kept: %(why)s.", why=error.strerror or ""))
