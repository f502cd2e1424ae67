"""A log tells where and of which type an error is, and never a person's text."""

import logging

import pytest
from django.db import DatabaseError, connection

from localchat.lib.errors import BadRequest, LocalChatError
from localchat.lib.log_lines import Line

MARKER = "zanzibar-pays-ducats"


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
