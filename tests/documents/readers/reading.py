"""How the tests of formats read a file: by the product's own road, in the cage."""

from collections.abc import Callable
from pathlib import Path

import pytest

from documents import readers
from documents.readers.page import Reading
from documents.readers.process.errors import Unreadable


def read_bytes(folder: Path, data: bytes, name: str) -> Reading:
    path = folder / "file"
    path.write_bytes(data)
    kind = readers.kind_of(data[:65_536], name)
    return readers.read_file(path, kind, progress=lambda *_: None, cancelled=lambda: False)


def refused(read: Callable[[bytes, str], Reading], data: bytes, name: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(data, name)
    return caught.value


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]
