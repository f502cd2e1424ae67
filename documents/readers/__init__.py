"""Files in, pages of text out. What is in a file is read in a process of its own, in a cage.

The reader process imports this package too: nothing heavy is imported up here.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from documents.readers.sheets import Sheet

from documents.readers.quality import State

Kind = str
NO_WISHES: Mapping[int, str] = {}
UNDER = " \u203a "  # between a heading and the one under it


class Heading(NamedTuple):
    start: int  # offset in the page's text
    level: int  # from 1
    text: str


class Place(NamedTuple):
    """A word, and where it was seen, in shares of the page's width and height."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


BOLD, SLANTED, APART = 1, 2, 4  # how a line is set; apart: with space above


class Look(NamedTuple):
    """How the lines of a printed page are set, from `start` to the next look."""

    start: int  # offset in the page's text
    size: float  # points; 0 where it is not known
    face: int  # of the flags above


class Page(NamedTuple):
    number: int | None  # 1-based place in the file, whatever is printed on it
    text: str
    headings: list[Heading]
    state: State = State.TEXT
    confidence: int = 0  # percent, of what was recognised
    places: Sequence[Place] = ()  # of what was recognised, in order; none of what was read before
    looks: Sequence[Look] = ()  # of a printed page whose file has no outline


class Kept(Protocol):
    """What was recognised on the pages of one file before."""

    def get(self, number: int) -> Page | None: ...

    def put(self, page: Page) -> None: ...


class Nothing:
    def get(self, number: int) -> None:
        return None

    def put(self, page: Page) -> None:
        return None


class Reading(NamedTuple):
    title: str
    pages: list[Page]
    total: int


class Picture(NamedTuple):
    webp: bytes
    width: int  # pixels
    height: int
    # Around what is marked: left, top, right, bottom, in shares of width and height.
    mark: tuple[float, float, float, float] | None


NOTHING = Nothing()


def kind_of(head: bytes, name: str) -> Kind:
    """What the file is, by its first bytes (4,096 or more); its name decides among texts only.

    Raises Unsupported with a sentence.
    """
    from documents.readers import kinds

    return kinds.kind_of(head, name)


def read(
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

    Raises Unreadable (the file's fault), ReaderFailed (it broke the reader), ReaderGone (try
    again), ReadingCancelled. Safe to call from several threads at once.
    """
    from documents.readers import recognising

    return recognising.read(path, kind, wishes, kept, progress=progress, cancelled=cancelled)


def read_tables(path: Path | str, kind: Kind, *, cancelled: Callable[[], bool]) -> "list[Sheet]":
    """The tables of a file whose kind has some, cell by cell. Raises like `read`."""
    from documents.readers import client

    return client.for_kind(kind).tables(path, kind, cancelled=cancelled)


def stand_by() -> None:
    """Have what draws pages started if it is not, so that nobody who asks for one waits for it."""
    from documents.readers import client

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
    `places` are those of its words, where they were recognised. Raises like `read`.
    """
    from documents.readers import client

    drawing = client.for_pictures()
    return drawing.picture(path, page, width, passage=passage, place=place, places=places)


def attachments(path: Path | str, kind: Kind, take: Callable[[str, bytes], None]) -> None:
    """Hand over each file that is inside a message, with its name. Raises like `read`."""
    from django.conf import settings

    from documents.readers import client

    most = settings.MAX_UPLOAD_MB * 1_000_000
    client.for_kind(kind).attachments(path, kind, take, most=most, cancelled=lambda: False)
