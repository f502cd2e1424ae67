"""What a file costs while it is read by the running program: memory, and the others' patience."""

import json
import resource
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import httpx

PAGES = ("/healthz", "/documents/")
MEMORY_SECONDS, ASK_SECONDS = 0.05, 0.03
PAGE_BYTES = resource.getpagesize()


class Outcome(NamedTuple):
    state: str  # of the document; "refused" where there is none
    sentence: str
    reader_mb: float  # the most that the reading process had
    program_mb: float  # and web, worker and readers together
    waits: list[float]  # seconds for each answer of the web process meanwhile
    seconds: float


def upload(live, name: str, data: bytes) -> Outcome:
    with _watched(live) as seen:
        began = time.monotonic()
        result = _sent(live, name, data)
        seconds = time.monotonic() - began
    state = "refused"
    if pk := result.get("document"):
        state = live.http.get(f"/api/documents/{pk}").json()["status"]
    waits = [ended - started for started, ended in seen.answers]
    return Outcome(state, result["message"], seen.reader, seen.program, waits, seconds)


def _sent(live, name: str, data: bytes) -> dict:
    with live.http.stream(
        "POST", "/api/documents/upload", files={"files": (name, data)}, timeout=110
    ) as answer:
        frames = [json.loads(line[6:]) for line in answer.iter_lines() if line[:6] == "data: "]
    return next(frame["result"] for frame in frames if "result" in frame)


class Seen:
    def __init__(self) -> None:
        self.reader = self.program = 0.0
        self.answers: list[tuple[float, float]] = []
        self.over = threading.Event()


@contextmanager
def _watched(live):
    seen = Seen()
    threads = [
        threading.Thread(target=_weigh, args=(live, seen)),
        threading.Thread(target=_ask, args=(live, seen)),
    ]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        seen.over.set()
        for thread in threads:
            thread.join()


def _weigh(live, seen: Seen) -> None:
    while not seen.over.wait(MEMORY_SECONDS):
        sizes = {pid: _own(pid) for top in (live.web, live.worker) for pid in _family(top.pid)}
        seen.program = max(seen.program, sum(sizes.values()))
        readers = [pid for pid in sizes if _is_reader_parent(pid)]
        forks = [size for pid in readers for each, size in sizes.items() if each in _children(pid)]
        seen.reader = max([seen.reader, *forks])


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in _children(pid):
        yield from _family(child)


def _children(pid: int) -> list[int]:
    """As Linux tells; elsewhere nothing is measured."""
    found: list[int] = []
    with suppress(OSError):  # it may end while it is looked at
        for told in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(OSError):
                found += map(int, told.read_text().split())
    return found


def _own(pid: int) -> float:
    """Megabytes of its own."""
    with suppress(OSError, ValueError):
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
        return (int(resident) - int(shared)) * PAGE_BYTES / 1e6
    return 0.0


def _is_reader_parent(pid: int) -> bool:
    with suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return b"documents.readers.process.sandbox" in words
    return False


def _ask(live, seen: Seen) -> None:
    """Answers are asked for one after the other, from before the upload until its end."""
    with httpx.Client(base_url=live.url, trust_env=False, timeout=110) as asking:
        number = 0
        while not seen.over.wait(ASK_SECONDS):
            began = time.monotonic()
            answer = asking.get(PAGES[number % len(PAGES)])
            assert answer.status_code == 200, answer.text
            seen.answers.append((began, time.monotonic()))
            number += 1


def row(kind: str, found: Outcome) -> str:
    waits = sorted(1000 * wait for wait in found.waits) or [0.0]
    middle, late = statistics.median(waits), waits[int(0.95 * (len(waits) - 1))]
    return (
        f"{kind:28} {found.state:8} {found.seconds:6.1f} s {found.reader_mb:6.0f} MB "
        f"{found.program_mb:6.0f} MB {len(waits):4} {middle:5.0f} {late:5.0f} {waits[-1]:5.0f} ms  "
        f"{found.sentence[:76]}"
    )
