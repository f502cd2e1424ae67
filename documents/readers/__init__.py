"""Files in, pages of text out. What is in a file is read in a process of its own, in a cage.

The reader process imports this package too: nothing heavy is imported up here.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from documents.readers.page import NO_WISHES, NOTHING, Kept, Kind, Picture, Place, Reading

if TYPE_CHECKING:
    from documents.readers.common.sheets import Sheet

VERSION = 2  # raised whenever files are read otherwise: what an older one read can be read again


def kind_of(head: bytes, name: str) -> Kind:
    """What the file is, by its first bytes (4,096 or more); its name decides among texts only.

    And where another package reads files of that ending. Raises Unsupported with a sentence.
    """
    from documents.readers import kinds, plugged

    return plugged.kind_of(name) or kinds.kind_of(head, name)


def read_file(
    path: Path | str,
    kind: Kind,
    wishes: Mapping[int, str] = NO_WISHES,
    kept: Kept = NOTHING,
    *,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Reading:
    """All pages of the file, in order. `progress` hears pages done and in all.

    `kept` spares pages to be recognised twice. `wishes` has "text" or "ocr" for pages whose text
    is to be taken from there, come what may.

    Raises Unreadable (the file's fault), ReaderFailed (it broke the reader), ReaderGone (it went
    away twice), ReadingCancelled. Safe to call from several threads at once.
    """
    from documents.readers.process import client, whole_file

    read = partial(whole_file.every_page, path, kind, wishes, kept)
    return client.twice(partial(read, progress=progress, cancelled=cancelled))


def read_tables(path: Path | str, kind: Kind, *, cancelled: Callable[[], bool]) -> "list[Sheet]":
    """The tables of a file whose kind has some, cell by cell. Raises like `read_file`."""
    from documents.readers.process import client

    tables = client.for_kind(kind).tables
    return client.twice(partial(tables, path, kind, cancelled=cancelled))


def stand_by() -> None:
    """Have what draws pages started if it is not, so that nobody who asks for one waits for it."""
    from documents.readers.process import client

    client.for_pictures().prepare()


def picture(
    path: Path | str,
    page: int,
    width: int = 1_280,
    *,
    passage: str = "",
    place: float = 0,
    places: Sequence[Place] = (),
) -> Picture:
    """The 1-based page of a PDF or a picture, with the passage marked where it stands.

    `width` in pixels; `place` is the share of the page's text that stands before the passage;
    `places` are those of its words, where they were recognised. Raises like `read_file`.
    """
    from documents.readers.process import client

    draw = partial(client.for_pictures().picture, path, page, width)
    return client.twice(partial(draw, passage=passage, place=place, places=places))


def attachments(path: Path | str, kind: Kind, take: Callable[[str, bytes], None]) -> None:
    """Hand over each file that is inside a message, with its name. Raises like `read_file`.

    ReaderGone is raised at once: some may have been handed over.
    """
    from django.conf import settings

    from documents.readers.process import client

    most = settings.MAX_UPLOAD_MB * 1_000_000
    client.for_kind(kind).attachments(path, kind, take, most=most, cancelled=lambda: False)
