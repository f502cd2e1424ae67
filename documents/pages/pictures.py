"""Pages as pictures: drawn in the reader process, kept on disk as long as there is room."""

import hashlib
import itertools
import json
import os
import shutil
import tempfile
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import Max

from documents import readers
from documents.files import kept_passwords, originals
from documents.models import Chunk, Content
from documents.pages import page_states
from documents.pages.recognised import Recognised
from documents.readers.common import passwords
from documents.readers.common.quality import State
from documents.readers.page import Picture, Place
from documents.readers.process.errors import Unreadable
from localchat.lib.errors import NotFound
from localchat.lib.sentences import Sentence

LOOK = "2"  # another for every change in how pages are drawn: what is kept is then not shown
WIDTH = 1_280  # pixels
ROOM = 512 << 20  # bytes, for all pictures together
LOOK_AFTER = 50  # pictures drawn between two looks at the room they take
DRAWING = threading.BoundedSemaphore(2)
COUNT = itertools.count()


class NoPicture(NotFound):
    """Only the pages of PDF files and pictures can be shown."""


class NoSuchPage(NotFound):
    """This document has no page of that number."""


class PagePicture(NamedTuple):
    name: str  # another for other bytes
    picture: Picture


def show(content: Content, page: int, chunk: Chunk | None = None) -> PagePicture:
    """The page (1-based), with the chunk marked if it is on it.

    Raises NotFound with a sentence, or what the reader raises.
    """
    if not page_states.can_be_drawn(content):
        raise NoPicture
    if not 1 <= page <= (content.pages or page):
        raise NoSuchPage
    marked = chunk if chunk and chunk.page == page else None
    path = _folder(content.stored) / _name(page, marked)
    picture = _kept(path)
    if picture is None:
        with DRAWING:
            picture = _kept(path) or _drawn(content, page, marked)
        _keep(path, picture, content)
    return PagePicture(f"{content.stored.hex}-{path.stem}", picture)


def _folder(stored: uuid.UUID) -> Path:
    return Path(settings.DATA) / "pictures" / stored.hex[:2] / stored.hex


def _name(page: int, chunk: Chunk | None) -> str:
    what = f"{LOOK} {chunk.start} {chunk.text}" if chunk else LOOK
    return f"{page}-{hashlib.sha256(what.encode()).hexdigest()[:16]}"


def _kept(path: Path) -> Picture | None:
    """A file of ours is a line of JSON, and the picture."""
    try:
        head, _, webp = path.read_bytes().partition(b"\n")
        os.utime(path)  # what is looked at stays longest
    except OSError:
        return None
    return Picture(webp, **json.loads(head))


def _drawn(content: Content, page: int, chunk: Chunk | None) -> Picture:
    try:
        return _draw(content, page, chunk)
    except FileNotFoundError as error:
        raise NotFound(Sentence("The original of this document is gone.")) from error
    except Unreadable as error:
        if error.code == "not_found":
            raise NoSuchPage from error
        raise


def _draw(content: Content, page: int, chunk: Chunk | None) -> Picture:
    path = originals.path(content.stored)
    with passwords.using(kept_passwords.opened(content.secret)):
        if chunk is None:
            return readers.picture(path, page, WIDTH)
        place = chunk.start / max(_length(chunk), 1)
        return readers.picture(
            path, page, WIDTH, passage=chunk.text, place=place, places=_places(content, page)
        )


def _places(content: Content, page: int) -> Sequence[Place]:
    """Of the words of a page that was recognised: it takes seconds to do that again."""
    if content.states[page - 1 : page] != State.OCR.value[0]:
        return ()
    seen = Recognised(content.stored).get(page)
    return seen.places if seen else ()


def _length(chunk: Chunk) -> int:
    """Characters of the chunk's page."""
    page = Chunk.objects.filter(content=chunk.content_id, page=chunk.page)
    return page.aggregate(last=Max("end"))["last"] or 0


def _keep(path: Path, picture: Picture, content: Content) -> None:
    facts = picture._asdict()
    webp = facts.pop("webp")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(json.dumps(facts).encode() + b"\n" + webp)
    Path(file.name).replace(path)
    if next(COUNT) % LOOK_AFTER == 0:
        _make_room()
    # Deleted meanwhile? The row goes before its files do, so looking afterwards is enough.
    if not Content.objects.filter(pk=content.pk).exists():
        forget(content.stored)


def _make_room() -> None:
    """When all together take too much, those go that were not looked at for longest."""
    kept = []
    for path in (Path(settings.DATA) / "pictures").glob("*/*/*"):
        try:
            kept.append((path.stat(), path))
        except FileNotFoundError:
            continue
    taken = sum(stat.st_size for stat, _ in kept)
    if taken <= ROOM:
        return
    for stat, path in sorted(kept, key=lambda each: each[0].st_mtime):
        path.unlink(missing_ok=True)
        taken -= stat.st_size
        if taken <= ROOM * 3 // 4:
            return


def forget(stored: uuid.UUID) -> None:
    """Remove the pictures of an original."""
    shutil.rmtree(_folder(stored), ignore_errors=True)


def count(stored: uuid.UUID) -> int:
    """How many pictures of an original are kept."""
    return sum(1 for _ in _folder(stored).glob("*"))
