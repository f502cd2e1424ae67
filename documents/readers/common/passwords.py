"""The password of the file at hand: where it is asked for, and in the process that reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from documents.readers.common.refusal import Locked

_given: ContextVar[str] = ContextVar("password", default="")


class AsksPassword(Locked):
    """This file is protected by a password. Enter the password to have it read."""


class WrongPassword(Locked):
    """That password does not open this file. Enter it once more."""


@contextmanager
def using(password: str) -> Iterator[None]:
    """Files that are read or drawn inside are opened by it."""
    token = _given.set(password)
    try:
        yield
    finally:
        _given.reset(token)


def give(password: str) -> None:
    """For all that this process still does."""
    _given.set(password)


def given() -> str:
    return _given.get()


def refusal() -> Locked:
    """What to say when the file did not open."""
    return WrongPassword() if given() else AsksPassword()
