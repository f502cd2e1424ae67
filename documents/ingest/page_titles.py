"""Titles of pages that have no headings of their own, as in most PDFs without an outline."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from documents.readers.page import Heading, Page

LINES = 6  # at the top of a page, among which its title is looked for
TITLES = 3  # lines that a title may have
WORDS = 14  # in a line of a title
OFTEN = 0.2  # share of the pages on which a line stands that is no title but furniture

Line = tuple[int, str]  # offset in the page's text, and the line


def with_titles(pages: Sequence[Page]) -> list[Page]:
    """The same pages; those without headings get their title as one, where they have a title."""
    furniture = _furniture(pages)
    return [page if page.headings else _titled(page, furniture) for page in pages]


def _furniture(pages: Sequence[Page]) -> set[str]:
    """Lines that stand at the top of many pages, numbers aside."""
    seen = Counter(_shape(line) for page in pages for _, line in _top(page.text))
    return {shape for shape, count in seen.items() if count > max(3, OFTEN * len(pages))}


def _titled(page: Page, furniture: set[str]) -> Page:
    titles: list[Line] = []
    for start, line in _top(page.text):
        if _shape(line) in furniture or line.isdigit():
            continue
        if not _is_title(line) or len(titles) == TITLES:
            break
        titles.append((start, line))
    if not titles:
        return page
    text = " · ".join(" ".join(line.split()) for _, line in titles)
    # From the very top: what stands above the title belongs to this page too.
    return page._replace(headings=[Heading(0, 1, text)])


def _top(text: str) -> Iterator[Line]:
    found = 0
    for match in re.finditer(r"[^\n]+", text):
        if line := match.group().strip():
            yield match.start(), line
            found += 1
        if found == LINES:
            return


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", " ".join(line.lower().split()))


def _is_title(line: str) -> bool:
    """Few words, no sentence, the longer ones with a capital; nothing that looks like a row."""
    words = line.split()
    if len(words) > WORDS or line[-1] in ".,;:" or not words[0][0].isalnum():
        return False
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    numbers = [word for word in words if re.fullmatch(r"[\d.,%$()\u2014-]+", word)]
    capitals = [word for word in long if word[0].isupper()]
    return bool(long) and len(numbers) < 3 and len(capitals) >= 0.7 * len(long)
