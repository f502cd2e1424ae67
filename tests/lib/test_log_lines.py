"""A log tells where and of which type an error is, and never a person's text."""

import asyncio
import json
import logging
import threading

import pytest
from celery.app import trace
from django.db import DatabaseError, connection

from localchat import log_lines
from localchat.celery import app
from localchat.lib.errors import BadRequest, LocalChatError
from localchat.log_lines import Json, Line

MARKER = "zanzibar-pays-ducats"


def test_a_file_that_cannot_be_written_costs_the_line_alone(tmp_path):
    record = logging.LogRecord("localchat", logging.INFO, "", 0, "it %s", ("works",), None)
    for place in (tmp_path / "web.log", tmp_path / "none" / "web.log"):
        handler = log_lines.File(str(place))
        handler.emit(record)
        handler.close()
    assert (tmp_path / "web.log").read_text() == "it works\n"


def logged(error: BaseException) -> str:
    record = logging.LogRecord("x", logging.ERROR, "", 0, "it failed", None, (type(error), error, error.__traceback__))  # fmt: skip
    return Line("%(message)s").format(record)


def caught(make) -> BaseException:
    with pytest.raises(
        (DatabaseError, ValueError, KeyError, TypeError, LocalChatError, RuntimeError)
    ) as info:
        make()
    return info.value


def test_an_error_of_the_database_keeps_the_question_for_itself(db):
    def ask():
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::tsquery", [f"{MARKER} & &"])

    error = caught(ask)
    assert isinstance(error, DatabaseError)
    assert MARKER in str(error)
    line = logged(error)
    assert MARKER not in line
    assert "django.db.utils" in line
    assert "test_log_lines.py" in line


@pytest.mark.parametrize(
    "make", [lambda: int(MARKER), lambda: {}[MARKER], lambda: MARKER.encode() + b"\xff" + 1]
)
def test_so_does_any_other(make):
    assert MARKER not in logged(caught(make)).replace(f'"{MARKER}', "").replace("MARKER", "")


def test_what_we_say_ourselves_stays():
    def refuse():
        raise BadRequest("The question is empty.")

    assert "The question is empty." in logged(caught(refuse))


def test_what_an_error_was_raised_from_is_told_in_the_same_way():
    def outer():
        try:
            int(MARKER)
        except ValueError as error:
            raise RuntimeError(MARKER) from error

    line = logged(caught(outer))
    assert MARKER not in line
    assert line.index("builtins.ValueError") < line.index("builtins.RuntimeError")


async def test_a_task_that_nobody_waits_for_keeps_it_too(caplog):
    async def fail():
        raise ValueError(MARKER)

    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    loop.call_exception_handler(
        {
            "message": "Task exception was never retrieved",
            "exception": task.exception(),
            "future": task,
        }
    )
    (record,) = (each for each in caplog.records if each.name == "asyncio")
    assert MARKER in record.getMessage()
    line = Line("%(message)s").format(record)
    assert line.startswith("Task exception was never retrieved")
    assert "builtins.ValueError" in line
    assert MARKER not in line


def test_a_task_of_celery_that_fails_does_too(caplog):
    @app.task(name="tests.failing", throws=())
    def failing(text):
        raise ValueError(text)

    try:
        with caplog.at_level("ERROR"):
            tracer = trace.build_tracer(failing.name, failing, app=app, eager=True, propagate=False)
            tracer("1", (MARKER,), {}, {"id": "1", "is_eager": True})
    finally:
        app.tasks.pop(failing.name)
    for record in caplog.records:
        assert MARKER not in Line("%(message)s").format(record).replace(f'"{MARKER}', "")


def test_a_thread_that_ends_does_too(caplog, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    log_lines.guard_threads()
    thread = threading.Thread(target=int, args=(MARKER,))
    thread.start()
    thread.join()
    (record,) = (each for each in caplog.records if each.name == log_lines.__name__)
    line = Line("%(message)s").format(record)
    assert "builtins.ValueError" in line
    assert MARKER not in line


def test_as_json_a_record_is_one_object_a_line_and_as_silent():
    error = caught(lambda: int(MARKER))
    exc = (type(error), error, error.__traceback__)
    record = logging.LogRecord("documents.x", logging.ERROR, "", 0, "it %s", ("failed",), exc)
    line = Json("%(message)s").format(record)
    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["logger"], told["message"]) == ("ERROR", "documents.x", "it failed")
    assert "ValueError" in told["exception"]
    assert MARKER not in line
