"""Reading a whole file: what its text says, and what has to be recognised in its pictures."""

from collections.abc import Callable, Sequence
from pathlib import Path

from documents.readers import Kind, Page, Reading, client
from documents.readers.errors import Unreadable
from documents.readers.quality import State


def read(
    path: Path | str,
    kind: Kind,
    *,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Reading:
    """As `readers.read`."""
    reading = client.default().read(path, kind, progress=progress, cancelled=cancelled)
    pages = [_settled(page) for page in reading.pages]
    if not any(page.text.strip() for page in pages):
        raise _nothing(pages)
    return reading._replace(pages=pages)


def _settled(page: Page) -> Page:
    """Little text over a picture that nobody could look into is all the text there is."""
    if page.state == State.UNREADABLE and page.text.strip():
        return page._replace(state=State.TEXT)
    return page


def _nothing(pages: Sequence[Page]) -> Unreadable:
    """Why there is no text at all."""
    if all(page.number is None for page in pages):
        return Unreadable("There is no text in this file.", "empty")
    which = "its only page is" if len(pages) == 1 else f"its {len(pages)} pages are"
    if all(page.state == State.EMPTY for page in pages):
        return Unreadable(f"No text could be read from this file: {which} empty.", "empty")
    what = "a picture" if len(pages) == 1 else "pictures"
    return Unreadable(
        f"No text could be read from this file: {which} {what}. "
        "Run text recognition (OCR) over it and upload the result.",
        "scan",
    )
