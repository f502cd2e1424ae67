"""How an answer begins: with words of its own, or with what only names a passage."""

import re
from collections.abc import Mapping

_BARE = re.compile(r"[\s\d\[\](),;.:*]*")  # numbers of passages, and nothing said
_NUMBER = re.compile(r"\d{1,6}")
TELLING = 12  # letters of a title that are no chance
_NUMBERED = re.compile(r"[\s*]*(?:\[(\d{1,6})\][\s*:,]*)+")  # the last of them


class Opening:
    """Small models at times name a passage, or copy the line above it, in place of an answer."""

    def __init__(self, titles: Mapping[int, str]) -> None:
        """`titles`: by number, the lines above the passages that were sent."""
        self.titles = {number: _letters(title) for number, title in titles.items()}

    def said(self, text: str) -> str | None:
        """What a text says that may go on, without a line that it copies; None: nothing so far."""
        if _BARE.fullmatch(text):
            return None
        line, end, after = text.lstrip().partition("\n")
        copied = self._copied(line)
        if not copied:
            return text
        if not end or _BARE.fullmatch(after):
            return None
        return f"[{min(copied)}] {after.lstrip()}"

    def named(self, text: str) -> set[int]:
        """The passages that a text names which says nothing."""
        if _BARE.fullmatch(text):
            return {int(each) for each in _NUMBER.findall(text)}
        return self._copied(text.strip().partition("\n")[0])

    def _copied(self, line: str) -> set[int]:
        """The passages whose title it is, or is a piece of where it stands after a number."""
        found = _NUMBERED.match(line)
        words = _letters(line[found.end() :] if found else line)
        if not words:
            return set()
        if found and words in self.titles.get(int(found[1]), ""):
            return {int(found[1])}
        every = self.titles.items()
        if found and len(words) >= TELLING:  # under another number than its own
            return {number for number, title in every if words in title}
        return {number for number, title in every if title.startswith(words)}


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
