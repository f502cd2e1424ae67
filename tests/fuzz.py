"""Damages small files of every format and has each read in the cage: `make fuzz`, for ever or so.

Either a reading comes of it or a sentence. Whatever else comes is written down with its file.
"""

import argparse
import io
import logging
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from documents import readers
from documents.readers.kinds import TEXTS
from documents.readers.process.cage import Limits
from documents.readers.process.client import Sandbox
from documents.readers.process.errors import Unreadable
from tests import files
from tests import files_office as office
from tests.documents.readers.test_hostile_formats import WHOLE

LIMITS = Limits(cpu_seconds=20, wall_seconds=60, memory_bytes=700 << 20)
FOUND = Path(tempfile.gettempdir()) / "localchat-fuzz"
PIECES = (
    *(
        b"\0",
        b"\xff\xff\xff\xff",
        b"\x7f\xff\xff\xff",
        b"\n",
        b"%s",
        b"-1",
        b"99999999999",
        b"\xd8\x00",
    ),
    *(
        b"<",
        b">",
        b"</w:t>",
        b"<!--",
        b"&#0;",
        b"&amp;",
        b"{",
        b"}",
        b"[",
        b"]",
        b"\\u-1?",
        b"\\bin9 ",
    ),
    *(b"endobj", b"stream", b"/Length -1", b"<<", b">>", b"obj", b"/Kids", b"%PDF-", b"PK\x03\x04"),
    *(b"=?utf-8?q?", b"?=", b"--", b"boundary=", b"Content-Type: message/rfc822\n\n", b'"', b"NaN"),
)
SEEDS = WHOLE | {
    "a.pdf": files.pdf("one page", "and another", title="Title", outline=[("Mark", 1)]),
    "scan.pdf": files.scan(1),
    "a.html": b"<html><h1>News</h1><table><tr><td>a<td>b</table><p>Rain &amp; wind",
    "a.md": b"# Title\n\nwords\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    "a.txt": "Grüße aus Köln, 職業".encode("utf-16"),
    "b.ods": office.odf(
        "spreadsheet",
        "<table:table><table:table-row><table:table-cell>"
        "<text:p>x</text:p></table:table-cell></table:table-row></table:table>",
    ),
    "b.odp": office.odf(
        "presentation", "<draw:page><draw:frame><text:p>x</text:p></draw:frame></draw:page>"
    ),
}


def damaged(data: bytes, chance: random.Random) -> bytes:
    """In an archive mostly one member, packed again: else only the unpacking would be tried."""
    if data.startswith(b"PK") and chance.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(list(members))
        return office.zipped(members | {name: spoilt(members[name], chance)})
    return spoilt(data, chance)


def spoilt(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        at = chance.randrange(len(changed) + 1)
        other = chance.randrange(len(changed) + 1)
        match chance.randrange(6):
            case 0 if at < len(changed):
                changed[at] = chance.randrange(256)
            case 1 if at < len(changed):
                changed[at] ^= 1 << chance.randrange(8)
            case 2:
                changed[at:at] = chance.choice(PIECES) * chance.choice([1, 1, 1, 50, 3_000])
            case 3:
                del changed[at : at + chance.choice([1, 2, 8, 64])]
            case 4:
                changed[at:at] = changed[other : other + chance.choice([8, 64, 512])]
            case _:
                piece = chance.choice(PIECES)
                changed[at : at + len(piece)] = piece
    return bytes(
        changed[: chance.randrange(len(changed) + 1)] if chance.random() < 0.05 else changed
    )


class Places(logging.Handler):
    """What the client says of the last failure: the kind of error and its line."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.getMessage()


def outcome(texts: Sandbox, files: Sandbox, path: Path, name: str) -> str:
    try:
        kind = readers.kind_of(path.read_bytes()[:65_536], name)
        sandbox = texts if kind in TEXTS else files
        sandbox.read(path, kind, progress=lambda *_: None, cancelled=lambda: False)
    except Unreadable as error:
        return error.code
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return f"BUG {type(error).__name__}"
    return "read"


def run(seconds: float, seed: int) -> Counter:
    places = Places()
    logging.getLogger("documents.readers").addHandler(places)
    chance, ends, met = random.Random(seed), Counter(), set()
    texts, files = Sandbox(TEXTS, LIMITS), Sandbox(limits=LIMITS)
    FOUND.mkdir(exist_ok=True)
    path = FOUND / "current"
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        name = chance.choice(list(SEEDS))
        path.write_bytes(damaged(SEEDS[name], chance))
        came = outcome(texts, files, path, name)
        ends[came] += 1
        where = f"{came} {name.rpartition('.')[2]} {places.last}"
        if came.startswith(("reader_", "BUG")) and where not in met:
            met.add(where)
            kept = path.rename(FOUND / f"{sum(ends.values())}-{name}")
            print(f"{where}\n  {kept}", flush=True)  # noqa: T201
    texts.close()
    files.close()
    return ends


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    told = asked.parse_args()
    ends = run(told.seconds, told.seed)
    print(f"seed {told.seed}: {sum(ends.values())} files, {dict(ends.most_common())}")  # noqa: T201
    sys.exit(any(end == "reader_failed" or end.startswith("BUG") for end in ends))


if __name__ == "__main__":
    main()
