"""What stands in a content beside its text and could not be read: charts, sounds, pictures."""

import re
from collections import Counter
from collections.abc import Iterable

from documents.models import Content
from documents.readers.page import Page

NOUNS = 20  # of one content: the rarest of more are not told


def counted(pages: Iterable[Page]) -> dict[str, int]:
    """How many of each thing, by its noun, most first."""
    return dict(Counter(noun for page in pages for noun in page.unread).most_common(NOUNS))


def sentence(content: Content | None) -> str:
    """As "Not read: 2 charts, 1 audio file."; empty when everything was read."""
    found = content.unread if content else {}
    # What is kept as JSON comes back in another order.
    things = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    told = ", ".join(f"{count:,} {noun if count == 1 else plural(noun)}" for noun, count in things)
    return f"Not read: {told}." if told else ""


def plural(noun: str) -> str:
    """Of the English nouns that readers use, which are all regular."""
    if re.search("[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
