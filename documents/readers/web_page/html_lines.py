"""The text of a page as it is collected, line by line, with its headings."""

from collections.abc import Iterable, Mapping

from documents.readers.common.tidy import clean
from documents.readers.page import Heading

Titles = Mapping[str, tuple[str, ...]]  # paths, by the id of where they begin; "" is the beginning
NO_TITLES: Titles = {}


class Lines:
    def __init__(self, titles: Titles = NO_TITLES) -> None:
        self.lines: list[str] = []
        self.headings: list[Heading] = []
        self.titles = titles
        self._label = ""  # of a list's item that has not begun
        self._places = {"": 0}  # in the text, of what has titles
        self._begun = 0  # where its own text begins
        self._line: list[str] = []
        self._targets: list[str] = []  # of the links in the line, whose sentences they would cut
        self._length = 0

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def begin(self, title: str) -> None:
        self.headings.append(Heading(0, 1, title))
        self._line.append(title)
        self._end_line()
        self._begun = self._length

    def outlined(self) -> list[Heading]:
        """Its headings; where none is its own, what its titles say, nothing twice in a row."""
        if not self.lines or any(heading.start >= self._begun for heading in self.headings):
            return self.headings
        found: list[Heading] = []
        before: tuple[str, ...] = ()
        for key, place in self._places.items():
            start, path = place if place > self._begun else 0, self.titles.get(key, ())
            for level, title in enumerate(path, start=1):
                if path[:level] != before[:level]:
                    found.append(Heading(start, level, title))
            before = path
        return found if found and not found[0].start else [*self.headings, *found]

    def _head(self, line: str, level: int) -> None:
        """The last line is a heading."""
        self.headings.append(Heading(self._length - len(line) - 1, level, line))

    def _place(self, key: str | None) -> None:
        if key in self.titles:
            self._places.setdefault(str(key), self._length)

    def _end_line(self) -> str:
        # Cleaned again: `&#8;` is a control character only by now.
        words = [*self._line, *(f" ({target})" for target in self._targets)]
        line = " ".join(clean("".join(words)).split())
        self._targets.clear()
        self._line.clear()
        if line:
            self._add([line])
        return line

    def _add(self, lines: Iterable[str]) -> None:
        for line in lines:
            line, self._label = f"{self._label}{line}", ""
            self.lines.append(line + "\n")
            self._length += len(line) + 1
