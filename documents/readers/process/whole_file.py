"""Reading a whole file: what its text says, and what has to be recognised in its pictures."""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from documents.readers.common import passwords
from documents.readers.common.quality import State
from documents.readers.kinds import RECOGNISED
from documents.readers.page import Kept, Kind, Page, Reading
from documents.readers.pictures import ocr
from documents.readers.printed import running_titles
from documents.readers.process import client
from documents.readers.process.errors import Unreadable
from localchat.lib.sentences import Sentence, counted

logger = logging.getLogger(__name__)

AT_ONCE = max(1, min(4, (os.cpu_count() or 1) // 2))  # pages; the other half is for questions
ALIKE = 0.5  # of a page's words, by which what is seen confirms what the file says


def every_page(
    path: Path | str,
    kind: Kind,
    wishes: Mapping[int, str],
    kept: Kept,
    *,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Reading:
    """As `read_file`."""
    reading = client.for_kind(kind).read(path, kind, progress=progress, cancelled=cancelled)
    wanted = [page for page in reading.pages if _is_wanted(page, kind, wishes)]
    look = partial(_remembered, kept, partial(_look, path, kind, cancelled))
    seen = _recognised(look, wanted, reading.total, progress)
    pages = _stripped([_merged(page, seen.get(page.number), wishes) for page in reading.pages])
    if not any(page.text.strip() for page in pages):
        raise _nothing(pages)
    return reading._replace(pages=pages)


def _is_wanted(page: Page, kind: Kind, wishes: Mapping[int, str]) -> bool:
    if kind not in RECOGNISED or page.number is None:
        return False
    wish = wishes.get(page.number)
    return wish == "ocr" or (wish is None and page.state in {State.UNREADABLE, State.GARBAGE})


def _recognised(
    look: Callable[[Page], Page | None],
    pages: Sequence[Page],
    total: int,
    progress: Callable[[int, int], None],
) -> dict[int | None, Page]:
    """Those pages as they are seen, by number."""
    seen: dict[int | None, Page] = {}
    if not pages:
        return seen
    pool = ThreadPoolExecutor(AT_ONCE, initializer=passwords.give, initargs=(passwords.given(),))
    try:
        for done, page in enumerate(pool.map(look, pages), start=1):
            if page is not None:
                seen[page.number] = page
            progress(total - len(pages) + done, total)
    finally:
        pool.shutdown(cancel_futures=True)
    return seen


def _remembered(kept: Kept, look: Callable[[Page], Page | None], page: Page) -> Page | None:
    seen = kept.get(page.number or 0)
    if seen is None and (seen := look(page)):
        kept.put(seen)
    return seen and seen._replace(places=())  # of many pages they take much memory


def _look(path: Path | str, kind: Kind, cancelled: Callable[[], bool], page: Page) -> Page | None:
    """The page as it is seen; None if that fails, which never costs the others."""
    if not ocr.installed():
        return None
    number, recognise = page.number or 0, client.for_recognising().recognise
    try:
        return client.twice(partial(recognise, path, kind, number, cancelled=cancelled))
    except Unreadable as error:
        logger.info("a page could not be recognised: %s", error.code)
        return None


def _merged(page: Page, seen: Page | None, wishes: Mapping[int, str]) -> Page:
    """What stands on a page, of what the file says and what is seen on it."""
    wish = wishes.get(page.number or 0)
    if seen is None or (seen.state == State.EMPTY and page.text.strip()):
        # Little text over a picture that nobody could look into is all the text there is.
        says = page.text.strip() and (wish == "text" or page.state == State.UNREADABLE)
        return page._replace(state=State.TEXT) if says else page
    if wish is None and page.state == State.GARBAGE and _alike(page.text, seen.text):
        return page._replace(state=State.TEXT)
    return seen._replace(unread=page.unread)


def _stripped(pages: list[Page]) -> list[Page]:
    """Those that were recognised without what runs along their edges, as the others are by now."""
    if not any(page.state == State.OCR for page in pages):
        return pages
    pairs = zip(pages, running_titles.without(pages), strict=True)
    return [short if page.state == State.OCR else page for page, short in pairs]


def _alike(one: str, other: str) -> bool:
    words, others = set(one.casefold().split()), set(other.casefold().split())
    return len(words & others) > ALIKE * len(words)


def _nothing(pages: Sequence[Page]) -> Unreadable:
    """Why there is no text at all."""
    if all(page.number is None for page in pages):
        return Unreadable(Sentence("There is no text in this file."), "empty")
    if all(page.state == State.EMPTY for page in pages):
        empty = counted(
            "No text could be read from this file: its only page is empty.",
            "No text could be read from this file: its %(n)s pages are empty.",
            len(pages),
        )
        return Unreadable(empty, "empty")
    scan = counted(
        "No text could be read from this file: its only page is a picture.",
        "No text could be read from this file: its %(n)s pages are pictures.",
        len(pages),
    )
    if not ocr.installed():
        scan = Sentence("%(what)s %(hint)s", what=scan, hint=ocr.HINT)
    return Unreadable(scan, "scan")
