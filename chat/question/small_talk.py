"""What is said to the model and not asked of documents: greetings, thanks, and requests for verses.

In doubt it is a question about documents.
"""

import re
from functools import cache
from pathlib import Path

from documents.text.folding import fold

_SIGNS = re.compile(r"[^\w\s]|_")
# To make something up, about anything but what could be somebody's own.
_INVENT = re.compile(
    r"^(?:please |bitte |can you |could you |kannst du )*"
    r"(?:(?:write|compose|make up|invent|tell)(?: me| us)? (?:a|an|another)"
    r"|(?:schreib\w*|dichte?|erfinde?|erzahle?)(?: mir| uns)?(?: bitte)? (?:ein\w*|noch ein\w*))"
    r" (?:\w+ ){0,2}?(?:poem|haiku|limerick|song|joke|riddle|fairy tale|bedtime story|sonnet|rhyme"
    r"|gedicht|haiku|lied|witz|ratsel|marchen|gutenachtgeschichte|sonett|reim)\b(?P<rest>.*)$"
)
_ABOUT_OWN = re.compile(
    r"\b(?:my|our|this|that|these|those|mein\w*|unser\w*|dies\w*|from|document\w*|file\w*|report\w*"
    r"|dokument\w*|datei\w*|bericht\w*|aus)\b"
)
_SUM = re.compile(
    r"^(?:what is|whats|what's|calculate|compute|how much is|was ist|wie viel ist|wieviel ist|berechne)?\s*"
    r"\(*-?\d[\d.,]*(?:\s*[-+*/x×÷^]\s*\(*-?\d[\d.,]*\)*)+\s*[=?]*$"  # noqa: RUF001
)


def is_small_talk(question: str) -> bool:
    folded = fold(" ".join(question.split()))
    if _SUM.match(folded):
        return True
    plain = " ".join(_SIGNS.sub(" " if "-" in folded else "", folded).split())
    if plain in _sayings():
        return True
    invented = _INVENT.match(plain)
    # A name in it may be what documents are about.
    return bool(invented) and not _ABOUT_OWN.search(plain) and not _has_name(question)


def _has_name(question: str) -> bool:
    """In English; in German each noun is written like one."""
    return bool(re.search(r"(?<=\w )(?!I\b)[A-Z]\w+.*\d|\.\w{2,4}\b|\d{3}", question))


@cache
def _sayings() -> frozenset[str]:
    rows = Path(__file__).with_name("small_talk.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(each) for row in rows if row[:1] != "#" for each in row.split(", "))
