"""What stands in a content beside its text and could not be read: charts, sounds, pictures."""

import re
from collections import Counter
from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext

from documents.models import Content
from documents.readers.page import Page
from localchat.lib.sentences import Sentence, counted
from localchat.lib.wording import in_words

NOUNS = 20  # of one content: the rarest of more are not told


def counts(pages: Iterable[Page]) -> dict[str, int]:
    """How many of each thing, by its noun, most first."""
    return dict(Counter(noun for page in pages for noun in page.unread).most_common(NOUNS))


def sentence(content: Content | None) -> str:
    """As "Not read: 2 charts, 1 audio file.", in the page's language; empty when all was read."""
    found = things(content)
    return gettext("Not read: {things}.").format(things=found) if found else ""


def things(content: Content | None) -> str:
    """As "2 charts, 1 audio file"."""
    found = content.unread if content else {}
    # What is kept as JSON comes back in another order.
    most_first = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(_counted(noun, n) for noun, n in most_first)


def _counted(noun: str, n: int) -> str:
    known: dict[str, Sentence] = {
        "audio file": counted("%(n)s audio file", "%(n)s audio files", n),
        "chart": counted("%(n)s chart", "%(n)s charts", n),
        "diagram": counted("%(n)s diagram", "%(n)s diagrams", n),
        "embedded file": counted("%(n)s embedded file", "%(n)s embedded files", n),
        "encrypted message": counted("%(n)s encrypted message", "%(n)s encrypted messages", n),
        "file of Outlook": counted("%(n)s file of Outlook", "%(n)s files of Outlook", n),
        "formula": counted("%(n)s formula", "%(n)s formulas", n),
        "item of Outlook": counted("%(n)s item of Outlook", "%(n)s items of Outlook", n),
        "linked file": counted("%(n)s linked file", "%(n)s linked files", n),
        "picture": counted("%(n)s picture", "%(n)s pictures", n),
        "video": counted("%(n)s video", "%(n)s videos", n),
    }
    if noun in known:
        return in_words(known[noun])
    return f"{number_format(n, force_grouping=True)} {noun if n == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Of an English noun that is none of ours, as if it were regular."""
    if re.search("[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
