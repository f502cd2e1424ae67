"""The line before a chunk that says where it stands: its file's name and its headings."""

import hashlib
import re
from collections.abc import Callable
from pathlib import PurePosixPath

from documents.models import in_context
from documents.readers.page import UNDER

CHARACTERS = 160
NAME = 60  # of these, which a file's name takes at the most
TOKENS = 44


def line(name: str, heading: str, count: Callable[[str], int]) -> str:
    """At most TOKENS long, as `count` has it; the nearest headings are the last to be left out."""
    found = context_line(name, heading)
    while count(found) > TOKENS and UNDER in heading:
        heading = heading.partition(UNDER)[2]
        found = context_line(name, heading)
    while found and count(found) > TOKENS:
        found = found[: len(found) * 3 // 4]
    return found


def context_line(name: str, heading: str) -> str:
    stem = re.sub(r"[_\W]+", " ", PurePosixPath(name).stem).strip()
    named = stem[:NAME] if re.search(r"[^\W\d]", stem) else ""
    while len(heading) > CHARACTERS - NAME and UNDER in heading:
        heading = heading.partition(UNDER)[2]
    return " · ".join(part for part in (named, heading) if part)[:CHARACTERS]


def text_hash(context: str, text: str) -> str:
    """The sha256 of what is embedded."""
    return hashlib.sha256(in_context(context, text).encode()).hexdigest()
