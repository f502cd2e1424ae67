"""How an answer begins: with words of its own, or with what only names a passage."""

import re
from collections.abc import Mapping

_BARE = re.compile(r"[\s\d\[\](),;.:*]*")  # numbers of passages, and nothing said
_NUMBER = re.compile(r"\d{1,6}")
_NUMBERED = re.compile(r"[\s*]*\[(\d{1,6})\][\s*:]*")


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
        """The passages whose title it is, or is a piece of where it stands after the number."""
        if found := _NUMBERED.match(line):
            number, words = int(found[1]), _letters(line[found.end() :])
            return {number} if words and words in self.titles.get(number, "") else set()
        words = _letters(line)
        begins = (number for number, title in self.titles.items() if title.startswith(words))
        return set(begins) if words else set()


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
