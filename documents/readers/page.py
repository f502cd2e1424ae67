"""What is read of a file: its pages, their headings, and how they look."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from documents.readers.common.quality import State

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
    unread: tuple[str, ...] = ()  # a noun for each thing on it that nobody could read: "chart"


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
