"""What runs along the edges of all pages: told once, and not where it only counts them."""

import re
from collections.abc import Iterable, Sequence

from documents.readers.common.blocks import Block

# "Page 3 of 7", in the languages of most files.
COUNT = re.compile(
    r"(?:[\W\d_]|\b(?:page|pages|p|pg|of|seite|seiten|s|von|bl|blatt|pagina|p\u00e1gina|pag|de|di|sur|van|"
    r"strona|str|z|\u0441\u0442\u0440|\u0438\u0437)\b)*",
    re.IGNORECASE,
)


def told_once(texts: Iterable[str]) -> list[str]:
    """The lines of headers or of footers, each as it was first met."""
    lines: dict[str, str] = {}
    for text in texts:
        for line in text.split("\n"):
            key = " ".join(line.split())
            if not COUNT.fullmatch(key):
                lines.setdefault(key.casefold(), line.strip())
    return list(lines.values())


def framed(above: Sequence[str], blocks: Sequence[Block], below: Sequence[str]) -> list[Block]:
    """A text between what stands over and under it on its pages."""
    over, under = ([(line, 0) for line in lines] for lines in (above, below))
    blank: list[Block] = [("", 0)]
    return [*over, *(blank if over else []), *blocks, *(blank if under else []), *under]
