"""Log lines without anybody's texts: what an exception says may be a question or a document."""

import json
import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from localchat.lib.errors import LocalChatError

# What these say is of our own making, or about code and connections.
_SPEAKING = (LocalChatError, ConnectionError, TimeoutError, ImportError, AttributeError)


logger = logging.getLogger(__name__)


class Line(logging.Formatter):
    """Where an exception came from and of which type it is, and what it says if it is known."""

    def format(self, record: logging.LogRecord) -> str:
        """Some write into the message itself what an exception says: there it is left out."""
        bare = logging.makeLogRecord(record.__dict__)
        if bare.name == "asyncio":
            bare.msg, bare.args = bare.getMessage().partition("\n")[0], None
            bare.msg = bare.msg.partition("<")[0]  # a task or future, which shows its exception
        if isinstance(bare.args, dict) and "exc" in bare.args:  # a task of Celery's
            bare.args = {**bare.args, "exc": "", "traceback": "", "args": "", "kwargs": ""}
        bare.exc_text = None
        return super().format(bare)

    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        if not isinstance(error, BaseException):
            return ""
        return "".join(_described(error)).rstrip("\n")


class Json(Line):
    """The same as one object a line, the moment in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        record = logging.makeLogRecord(record.__dict__)
        error, record.exc_info = record.exc_info, None
        facts = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": super().format(record),
        }
        trace = self.formatException(error) if error else ""
        return json.dumps(facts | ({"exception": trace} if trace else {}))


class File(logging.FileHandler):
    """A file that cannot be written costs the line, and nothing else."""

    def __init__(self, path: str) -> None:
        super().__init__(path, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """It would tell of the record as it is, with what an exception says."""


def guard_threads() -> None:
    """Have it logged likewise why a thread ended, which Python itself would print."""
    threading.excepthook = lambda ended: logger.error(
        "a thread ended", exc_info=ended.exc_value or ended.exc_type()
    )


def _described(error: BaseException) -> Iterator[str]:
    """The causes first, as Python has it."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _described(before)
        yield "\nThen:\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    said = f": {error}" if isinstance(error, _SPEAKING) else ""
    yield f"{type(error).__module__}.{type(error).__qualname__}{said}\n"
