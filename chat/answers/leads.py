"""What is said before a model's own words, where rules have worked out more than it can."""

import re
from collections.abc import Callable

YES_NO = re.compile(r"[\s*_]*(yes|ja|no|nein)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"\s*\S.*?(?:[.!?]\**(?:\s*\[[\d, ]+\])*(?=\s+[^\s\[])|\n)", re.DOTALL)
_FIGURE = re.compile(r"\d[\d.,]*\d|\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CITES = re.compile(r"\[[\d, ]+\]")


class Lead:
    """The model's first sentence goes if it says the same once more, or the contrary."""

    def __init__(self, text: str, opening: Callable[[str], str | None]) -> None:
        """`opening`: what is said in a beginning; see `Draft.stream`."""
        self.text, self.opening = text, opening

    def said(self, text: str) -> str | None:
        """The lead and what the model goes on with; None until its first sentence is at its end."""
        own = self.opening(text)
        first = _SENTENCE.match(own) if own else None
        if own is None or first is None:
            return None
        after = own[first.end() :] if self._is_idle(first[0]) else own
        return f"{self.text}\n\n{after.lstrip()}" if after.strip() else None

    def ended(self, held: str) -> str:
        """The same where the model says no more than `held`."""
        own = self.opening(held)
        return self.text if own is None or self._is_idle(own) else f"{self.text}\n\n{own.strip()}"

    def _is_idle(self, sentence: str) -> bool:
        mine, other = YES_NO.match(self.text), YES_NO.match(sentence)
        if mine and other and _is_yes(mine) is not _is_yes(other):
            return True
        return bool(_figures(self.text) & _figures(sentence))


def _is_yes(found: re.Match[str]) -> bool:
    return found[1].lower() in {"yes", "ja"}


def _figures(text: str) -> set[str]:
    found = _FIGURE.findall(_CITES.sub(" ", text))
    return {each for each in found if not _YEAR.fullmatch(each)}
