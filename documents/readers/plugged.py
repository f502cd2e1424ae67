"""Formats that other packages bring: modules that they name as entry points.

    [project.entry-points."localchat.readers"]
    ".dwg" = "drawings.reader"

Such a module has `read(file) -> Iterable[str]`, the texts of the pages in order, and raises
ValueError for a file that is damaged; `warm_up()`, where it is there, imports what is left.
"""

import importlib
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import PurePosixPath
from typing import BinaryIO

from documents.readers.common.refusal import Damaged, Empty, Refusal
from documents.readers.common.source import Source
from documents.readers.common.tidy import clean
from documents.readers.page import Kind, Page
from localchat.lib.sentences import Sentence

GROUP = "localchat.readers"
PREFIX = "plugged"
ENDING = re.compile(r"\.[a-z0-9]{1,12}")

Read = Callable[[BinaryIO], Iterable[str]]


@cache
def modules() -> dict[Kind, str]:
    """Names of modules by kind, `plugged.ENDING`. What is installed later needs a new start."""
    from importlib.metadata import entry_points  # much, which the reader process has no use for

    found = ((each.name.lower(), each.value) for each in entry_points(group=GROUP))
    return {PREFIX + ending: module for ending, module in found if ENDING.fullmatch(ending)}


def kind_of(name: str) -> Kind | None:
    """By the ending of a file's name."""
    kind = PREFIX + PurePosixPath(name.lower()).suffix
    return kind if kind in modules() else None


def is_one(kind: Kind) -> bool:
    return kind.startswith(f"{PREFIX}.")


class Reader:
    """A module of another package, as a reader of ours. Made in the reader process alone."""

    def __init__(self, module: str) -> None:
        self.read: Read = _cannot
        try:
            loaded = importlib.import_module(module)
            getattr(loaded, "warm_up", lambda: None)()
            self.read = loaded.read
        except Exception as error:  # noqa: BLE001 - whatever is wrong with what others made
            sys.stderr.write(f"{module} cannot be used: {type(error).__name__}\n")

    def parse(self, file: BinaryIO) -> Source:
        try:
            texts = [clean(text) for text in self.read(file)]
        except ValueError as error:
            raise Damaged from error
        if not any(text.strip() for text in texts):
            raise Empty
        numbers = range(1, len(texts) + 1) if len(texts) > 1 else [None]
        pages = [Page(number, text, []) for number, text in zip(numbers, texts, strict=True)]
        return Source("", len(pages), pages)


def _cannot(file: BinaryIO) -> Iterable[str]:
    raise Refusal(Sentence("What was installed for files of this kind does not work here."))
