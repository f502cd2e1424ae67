"""The folder of models: every GGUF file in it that passes the checks is a model.

Beside a file that was pulled lies what is known of it, as NAME.json: its name and its digest.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from localchat.lib.errors import ModelMissing
from localchat.lib.sentences import Sentence
from models_mgmt.gguf.checks import Checked, Refused, checked
from models_mgmt.gguf.facts import Facts

SUFFIX = ".gguf"
END_BYTES = 1 << 20


class Entry(NamedTuple):
    name: str
    path: Path
    size: int  # bytes
    modified: str  # ISO
    digest: str  # of the whole where it was pulled, else of its length and its ends
    facts: Facts


class Listing(NamedTuple):
    entries: list[Entry]
    refused: list[str]  # sentences


def home() -> Path:
    return Path(settings.MODELS)


def files() -> list[Path]:
    """Whatever calls itself GGUF, by name."""
    with suppress(OSError):
        return sorted(each for each in home().iterdir() if each.suffix.lower() == SUFFIX)
    return []


def listing() -> Listing:
    found = Listing([], [])
    for path in files():
        try:
            entry = _entry(path)
        except OSError as error:
            found.refused.append(
                Sentence(
                    "%(name)s cannot be read: %(why)s.", name=path.name, why=error.strerror or ""
                )
            )
        except Refused as error:
            found.refused.append(error.message)
        else:
            found.entries.append(entry)
    return found


def find(name: str) -> Entry:
    """Raises ModelMissing, also for a file that is refused, with the reason."""
    found = listing()
    for entry in found.entries:
        if entry.name == name:
            return entry
    raise ModelMissing(Sentence("The model “%(model)s” is not installed.", model=name[:200]))


def remove(name: str) -> None:
    """The file and what lies beside it. Raises ModelMissing."""
    path = find(name).path
    path.unlink(missing_ok=True)
    _beside(path).unlink(missing_ok=True)


def note(path: Path, known: Mapping[str, str]) -> None:
    """Put down what is known of a model beside its file."""
    _beside(path).write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _entry(path: Path) -> Entry:
    status = path.stat()
    outcome, digest = _looked_at(path, status.st_size, status.st_mtime_ns)
    if isinstance(outcome, Refused):
        raise outcome
    known = _known(path)
    return Entry(
        known.get("name") or path.stem,
        path,
        outcome.size,
        datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="seconds"),
        known.get("digest") or digest,
        outcome.facts,
    )


@lru_cache(maxsize=256)
def _looked_at(path: Path, size: int, modified: int) -> tuple[Checked | Refused, str]:
    """Kept as long as the file stays as it is."""
    try:
        return checked(path, path.name), _digest(path, size)
    except Refused as error:
        return error, ""


def _digest(path: Path, size: int) -> str:
    """Gigabytes are not read for it."""
    with path.open("rb") as file:
        start = file.read(END_BYTES)
        file.seek(max(0, size - END_BYTES))
        ends = str(size).encode() + b"\n" + start + file.read(END_BYTES)
    return f"ends-{hashlib.sha256(ends).hexdigest()}"


def _known(path: Path) -> dict[str, str]:
    with suppress(OSError, ValueError):
        known = json.loads(_beside(path).read_text(encoding="utf-8"))
        return {key: str(known[key]) for key in ("name", "digest") if known.get(key)}
    return {}
