"""Noticing that a new document is nearly the same as one that is there."""

from collections.abc import Sequence

from documents.models import Content, Document, Version
from documents.models.fingerprints import Sketch
from documents.readers.page import Page
from documents.text import overlap

NEAR = 85  # per cent
CANDIDATES = 20


def sketch(pages: Sequence[Page]) -> list[int]:
    """What `keep` keeps of what was read."""
    return overlap.sketch(page.text for page in pages)


def keep(content: Content, hashes: list[int]) -> None:
    Sketch.objects.keep(content, hashes, hashes[: overlap.KEYS])


def kept(content: Content) -> list[int]:
    found = Sketch.objects.filter(content=content).first()
    return found.hashes if found else []


def nearest(version: Version, mine: list[int]) -> tuple[Document, int] | None:
    """Another current document of the owner that is nearly the same, and how much, in per cent.

    Not one with the same bytes: who brings those under another name wants another name.
    """
    if not mine:
        return None
    document, keys = version.document, mine[: overlap.KEYS]
    others = Sketch.objects.like(document, version.content, keys, CANDIDATES)
    shares = {
        content: round(100 * overlap.share(mine, hashes)) for content, hashes in others.items()
    }
    best = max(shares, key=lambda content: shares[content], default=0)
    if shares.get(best, 0) < NEAR:
        return None
    current = Document.objects.filter(owner=document.owner_id).exclude(pk=document.pk)
    found = current.filter(current__content=best).order_by("pk").first()
    return (found, shares[best]) if found else None
