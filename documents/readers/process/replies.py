"""What a reading process answers, taken apart with little belief."""

import logging
import re
import select
import socket
import time
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from documents.readers.common import frames
from documents.readers.common.quality import State
from documents.readers.common.tidy import GONE
from documents.readers.page import Heading, Look, Page, Picture, Place, Reading
from documents.readers.process.errors import (
    OutOfMemory,
    OutOfTime,
    ReaderFailed,
    ReaderGone,
    ReadingCancelled,
    TooMuchText,
    Unreadable,
)
from localchat.lib.sentences import Sentence, unpacked

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.2  # between two looks at `cancelled`
VERDICT_SECONDS = 10
PICTURE_BYTES = 32 << 20
APART = 0.04  # of the page's height: a wider gap parts what is marked
LARGEST = 100_000  # points of a letter
UNREAD = 1_000  # things on a page
NOUN = re.compile(r"[A-Za-z][A-Za-z -]{1,38}[A-Za-z]")

FAILURES: dict[str, type[ReaderFailed]] = {
    "reader_memory": OutOfMemory,
    "reader_too_much": TooMuchText,
    "reader_failed": ReaderFailed,
    "memory": OutOfMemory,
    "time": OutOfTime,
}


class Ends(NamedTuple):
    conversation: socket.socket
    lifeline: socket.socket


class Patience:
    """Called before each look at a socket: waits for something to receive, unless cancelled."""

    def __init__(self, conversation: socket.socket, cancelled: Callable[[], bool]) -> None:
        self._poll, self._cancelled = select.poll(), cancelled
        self._poll.register(conversation, select.POLLIN)
        self._looked = time.monotonic()

    def __call__(self) -> None:
        ready = False
        while not ready:
            ready = bool(self._poll.poll(LOOK_SECONDS * 1000))
            if time.monotonic() - self._looked >= LOOK_SECONDS:
                self._looked = time.monotonic()
                if self._cancelled():
                    raise ReadingCancelled


def reading(ends: Ends, wait: Callable[[], None], progress: Callable[[int, int], None]) -> Reading:
    pages: list[Page] = []
    parts: list[str] = []
    headings: list[Heading] = []
    looks: list[Look] = []
    while True:
        match answer(ends, wait):
            case {"text": str(text)} if not GONE.search(text):
                parts.append(text)
            case {"headings": list(found)}:
                headings += map(_heading, found)
            case {"looks": list(found)}:
                looks += map(_look, found)
            case {"page": int() | None as number, **facts}:
                page = _page(number, "".join(parts), headings, facts)
                pages.append(page._replace(looks=looks))
                parts, headings, looks = [], [], []
            case {"progress": [int(done), int(total)]}:
                progress(done, total)
            case {"end": True, "title": str(title), "total": int(total)}:
                return Reading(GONE.sub("", title), pages, total)
            case _:
                raise frames.BrokenFrame


def attachment(ends: Ends, wait: Callable[[], None], most: int) -> tuple[str, bytes] | None:
    """The next one, of at most so many bytes; None after the last."""
    match answer(ends, wait):
        case {"attachment": str(name), "size": int(size)} if 0 < size <= most:
            data = frames.exactly(ends.conversation, size, wait)
            if not data:
                raise frames.Ended
            return GONE.sub("", name)[:300], data
        case {"end": True}:
            return None
    raise frames.BrokenFrame


def _page(number: int | None, text: str, headings: list[Heading], facts: dict[str, Any]) -> Page:
    match facts:
        case {
            "state": str(state),
            "confidence": int(percent),
            "places": list(found),
            "unread": list(things),
        } if len(things) <= UNREAD:
            places, unread = [_place(each) for each in found], tuple(map(_noun, things))
            page = Page(number, text, headings, _state(state), percent, places=places)
            return page._replace(unread=unread)
    raise frames.BrokenFrame


def _noun(found: object) -> str:
    if isinstance(found, str) and NOUN.fullmatch(found):
        return found
    raise frames.BrokenFrame


def _place(found: object) -> Place:
    match found:
        case [*edges, str(text)] if not GONE.search(text):
            left, top, right, bottom = _box(edges)
            return Place(left, top, right, bottom, text)
    raise frames.BrokenFrame


def _heading(found: object) -> Heading:
    match found:
        case [int(start), int(level), str(text)] if not GONE.search(text):
            return Heading(start, level, text)
    raise frames.BrokenFrame


def _look(found: object) -> Look:
    match found:
        case [int(start), int() | float() as size, int(face)] if 0 <= size < LARGEST:
            return Look(start, size, face)
    raise frames.BrokenFrame


def _state(found: str) -> State:
    try:
        return State(found)
    except ValueError as error:
        raise frames.BrokenFrame from error


def picture(ends: Ends, wait: Callable[[], None]) -> Picture:
    told = answer(ends, wait)
    size = told.get("picture")
    if not isinstance(size, int) or not 0 < size <= PICTURE_BYTES:
        raise frames.BrokenFrame
    data = frames.exactly(ends.conversation, size, wait)
    if not data:
        raise frames.Ended
    match told:
        case {"size": [int(width), int(height)], "boxes": list(boxes)} if width > 0 < height:
            return Picture(data, width, height, _around(list(map(_box, boxes))))
    raise frames.BrokenFrame


def _box(found: object) -> list[float]:
    match found:
        case [int() | float(), int() | float(), int() | float(), int() | float()]:
            if all(0 <= edge <= 1 for edge in found):
                return [float(edge) for edge in found]
    raise frames.BrokenFrame


def _around(boxes: list[list[float]]) -> tuple[float, float, float, float] | None:
    """The longest stretch of what is marked: a table's header may stand far above its rows."""
    stretches: list[list[list[float]]] = []
    floor = 0.0
    for box in sorted(boxes, key=lambda each: each[1]):
        if not stretches or box[1] - floor > APART:
            stretches.append([])
        stretches[-1].append(box)
        floor = max(floor, box[3])
    if not stretches:
        return None
    left, top, right, bottom = zip(*max(stretches, key=len), strict=True)
    return min(left), min(top), max(right), max(bottom)


def answer(ends: Ends, wait: Callable[[], None]) -> dict[str, Any]:
    """The next frame. Raises what the process says went wrong."""
    frame = frames.receive(ends.conversation, wait)
    if frame is None:
        raise frames.Ended
    if "error" not in frame:
        return frame
    code = str(frame["error"])
    if failure := FAILURES.get(code):
        logger.warning("a reader failed: %s", str(frame.get("where", code))[:200])
        raise failure
    said = unpacked(frame.get("message", ""))
    raise Unreadable(said if isinstance(said, Sentence) else str(said)[:500], code[:40])


def blame(lifeline: socket.socket, error: Exception) -> NoReturn:
    """Raise what the reader parent says became of the child."""
    lifeline.settimeout(VERDICT_SECONDS)
    try:
        verdict = lifeline.recv(100).decode("ascii", "replace")
    except TimeoutError:
        verdict = "silent"
    except OSError:
        verdict = ""
    if not verdict:
        raise ReaderGone from error
    logger.warning("a reading process ended without an answer: %s", verdict)
    raise FAILURES.get(verdict, ReaderFailed) from error
