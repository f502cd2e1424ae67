"""What one reading process does: a request comes in, frames go out. All of it inside the cage.

Nothing that only some files need is imported here: to fork costs by what has been imported.
"""

import socket
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, NoReturn

from documents.readers.common import frames, passwords, sheets
from documents.readers.common.quality import State
from documents.readers.common.refusal import Refusal, TooLong
from documents.readers.common.source import LetterReader, Reader, Source, TableReader
from documents.readers.page import Page, Place
from documents.readers.process import walls
from documents.readers.process.cage import Limits
from localchat.lib.sentences import packed

if TYPE_CHECKING:
    from documents.readers.pictures.drawing import Drawn

PROGRESS_SECONDS = 0.1
HEADINGS_PART = 5_000
MOST_PLACES = 20_000  # words of a page that was recognised
MOST_UNREAD = 1_000  # things on a page


def cannot(*_: object) -> NoReturn:
    raise Refusal


class Means(NamedTuple):
    """What this process can do."""

    readers: Mapping[str, Reader]
    draw: "Callable[[BinaryIO, int, int, str, float, Sequence[Place]], Drawn]" = cannot
    recognise: Callable[[BinaryIO, str, int], Source] = cannot


def serve(connection: socket.socket, file: BinaryIO, means: Means, limits: Limits) -> None:
    try:
        request = frames.receive(connection, lambda: None) or {}
        passwords.give(str(request.get("password", "")))
        _answer(connection, file, request, means, limits)
    except Refusal as refusal:
        frames.send(connection, {"error": refusal.code, "message": packed(refusal.message)})
    except MemoryError:
        frames.send(connection, {"error": "reader_memory"})
    except Exception as error:  # noqa: BLE001 - whatever it is, the one who asked must hear
        frames.send(connection, {"error": "reader_failed", "where": _place(error)})


def _answer(
    connection: socket.socket,
    file: BinaryIO,
    request: dict[str, Any],
    means: Means,
    limits: Limits,
) -> None:
    if "recognise" in request:
        found = means.recognise(file, request["kind"], int(request["recognise"]))
        _send(connection, found, limits)
    elif "picture" in request:
        _send_picture(connection, file, request, means)
    elif "sheets" in request:
        _tables(connection, file, means.readers[request["sheets"]], limits)
    elif "attachments" in request:
        _attachments(connection, file, means.readers[request["attachments"]])
    elif "kind" in request:
        _send(connection, means.readers[request["kind"]].parse(file), limits)
    else:
        frames.send(connection, {"holds": walls.standing()})


def _send(connection: socket.socket, source: Source, limits: Limits) -> None:
    if source.total > limits.pages:
        raise TooLong
    characters, told = 0, 0.0
    frames.send(connection, {"progress": [0, source.total]})
    for done, page in enumerate(source.pages, start=1):
        characters += len(page.text)
        if characters > limits.text_characters or done > limits.pages:
            frames.send(connection, {"error": "reader_too_much"})
            return
        _send_page(connection, page)
        if time.monotonic() - told > PROGRESS_SECONDS or done == source.total:
            frames.send(connection, {"progress": [done, source.total]})
            told = time.monotonic()
    frames.send(connection, {"end": True, "title": source.title, "total": source.total})


def _attachments(connection: socket.socket, file: BinaryIO, reader: Reader) -> None:
    found = reader.attachments(file) if isinstance(reader, LetterReader) else ()
    for name, data in found:
        frames.send(connection, {"attachment": name, "size": len(data)}, data)
    frames.send(connection, {"end": True})


def _tables(connection: socket.socket, file: BinaryIO, reader: Reader, limits: Limits) -> None:
    if not isinstance(reader, TableReader):
        raise Refusal
    try:
        for frame in sheets.frames_of(reader.sheets(file), limits.text_characters):
            frames.send(connection, frame)
    except sheets.TooMuch:
        frames.send(connection, {"error": "reader_too_much"})


def _send_picture(
    connection: socket.socket,
    file: BinaryIO,
    request: dict[str, Any],
    means: Means,
) -> None:
    drawn = means.draw(
        file,
        int(request["picture"]),
        int(request["width"]),
        str(request["passage"]),
        float(request["place"]),
        [Place(*each) for each in request["places"]],
    )
    facts = {"picture": len(drawn.webp), "size": [drawn.width, drawn.height], "boxes": drawn.boxes}
    frames.send(connection, facts, drawn.webp)


def _send_page(connection: socket.socket, page: Page) -> None:
    """A page in parts, so that no frame is larger than a frame may be; `page` closes it."""
    for start in range(0, len(page.text), frames.TEXT_PART):
        frames.send(connection, {"text": page.text[start : start + frames.TEXT_PART]})
    for start in range(0, len(page.headings), HEADINGS_PART):
        frames.send(connection, {"headings": page.headings[start : start + HEADINGS_PART]})
    for start in range(0, len(page.looks), HEADINGS_PART):
        frames.send(connection, {"looks": page.looks[start : start + HEADINGS_PART]})
    empty = page.state == State.TEXT and not page.text.strip()
    state = State.EMPTY if empty else page.state
    facts = {"page": page.number, "state": state, "confidence": page.confidence}
    lists = {"places": page.places[:MOST_PLACES], "unread": page.unread[:MOST_UNREAD]}
    frames.send(connection, {**facts, **lists})


def _place(error: Exception) -> str:
    """The kind of error and the line, for the log; never its words, which may be the file's."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"
