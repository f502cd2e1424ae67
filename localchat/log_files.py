"""The logs in the data folder as entries: the last bytes of each file, in the order of time."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

BYTES = 1_000_000  # of each process, counted from the end
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_OURS = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) ([A-Z]{4,8}) (.*)")
_POSTGRESQL = re.compile(
    r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.(\d{3}) UTC \[\d+\] ([A-Z]+\d?): +(.*)"
)
_REDIS = re.compile(r"\d+:[A-Z] (\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d)\.(\d{3}) ([.\-*#]) (.*)")
# As the servers call theirs. What PostgreSQL says beside an entry has no level, and goes on in it.
_SERVERS = {
    **dict.fromkeys(["DEBUG1", "DEBUG2", "DEBUG3", "DEBUG4", "DEBUG5", "."], "DEBUG"),
    **dict.fromkeys(["LOG", "INFO", "NOTICE", "-", "*"], "INFO"),
    **dict.fromkeys(["WARNING", "#"], "WARNING"),
    **dict.fromkeys(["ERROR", "FATAL"], "ERROR"),
    "PANIC": "CRITICAL",
}


class Entry(NamedTuple):
    process: str  # the file's name
    at: datetime  # in UTC
    level: str
    text: str  # with the lines that belong to it, such as a trace


class Wish(NamedTuple):
    """Which entries are wanted: of this process, of this level or above, with this word."""

    process: str = ""
    level: str = ""
    word: str = ""

    def fits(self, entry: Entry) -> bool:
        least = LEVELS.index(self.level) if self.level in LEVELS else 0
        is_loud = LEVELS.index(entry.level) >= least
        return is_loud and self.word.lower() in entry.text.lower()


def processes(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.log"))


def entries(folder: Path, wish: Wish) -> list[Entry]:
    """The newest last. What cannot be read is left out."""
    names = [name for name in processes(folder) if wish.process in {"", name}]
    found = (entry for name in names for entry in _entries(name, _lines(folder / f"{name}.log")))
    return sorted(filter(wish.fits, found), key=lambda entry: entry.at)


def _lines(log: Path) -> Iterator[str]:
    """The last ones, of the file before as well where this one is short."""
    end = _end_of(log, BYTES)
    before = _end_of(log.with_name(f"{log.name}.1"), BYTES - len(end))
    yield from before.decode("utf-8", "replace").splitlines()
    yield from end.decode("utf-8", "replace").splitlines()


def _end_of(path: Path, most: int) -> bytes:
    """Whole lines of at most so many bytes."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            start = max(0, size - most)
            file.seek(start)
            found = file.read(most)
    except OSError:
        return b""
    return found.partition(b"\n")[2] if start else found


def _entries(process: str, lines: Iterable[str]) -> Iterator[Entry]:
    entry = None
    for line in lines:
        begun = _begun(process, line)
        if begun is None and entry is not None:
            entry = entry._replace(text=f"{entry.text}\n{line}")
            continue
        if entry is not None:
            yield entry
        entry = begun
    if entry is not None:
        yield entry


def _begun(process: str, line: str) -> Entry | None:
    """The entry that begins with this line; None: it goes on with the one before."""
    if line.startswith("{"):
        return _of_json(process, line)
    if found := _OURS.fullmatch(line):
        moment, millis, level, text = found.groups()
        return _entry(process, f"{moment}.{millis}", level, text)
    if found := _POSTGRESQL.fullmatch(line):
        moment, millis, level, text = found.groups()
        return _entry(process, f"{moment}.{millis}", _SERVERS.get(level, ""), text)
    if found := _REDIS.fullmatch(line):
        day, millis, sign, text = found.groups()
        at = datetime.strptime(day, "%d %b %Y %H:%M:%S").isoformat(" ")
        return _entry(process, f"{at}.{millis}", _SERVERS[sign], text)
    return None


def _of_json(process: str, line: str) -> Entry | None:
    try:
        facts = json.loads(line)
        text = f"{facts['logger']} {facts['message']}"
        more = f"\n{facts['exception']}" if "exception" in facts else ""
        return _entry(process, facts["at"], facts["level"], text + more)
    except (ValueError, KeyError, TypeError):
        return None


def _entry(process: str, moment: str, level: str, text: str) -> Entry | None:
    if level not in LEVELS:
        return None
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return Entry(process, at if at.tzinfo else at.replace(tzinfo=UTC), level, text)
