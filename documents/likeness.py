"""Noticing that a new document is nearly the same as one that is there."""

from collections.abc import Sequence

from documents import sketching
from documents.models import Content, Document, Version
from documents.readers import Page
from documents.sketches import Sketch

NEAR = 85  # per cent
CANDIDATES = 20


def keep(content: Content, pages: Sequence[Page]) -> None:
    """Keep the sketch of what was read."""
    hashes = sketching.sketch(page.text for page in pages)
    facts = {"hashes": hashes, "keys": hashes[: sketching.KEYS]}
    Sketch.objects.update_or_create(content=content, defaults=facts)


def nearest(version: Version) -> tuple[Document, int] | None:
    """Another current document of the owner that is nearly the same, and how much, in per cent.

    Not one with the same bytes: who brings those under another name wants another name.
    """
    mine = Sketch.objects.filter(content=version.content_id).first()
    if mine is None or not mine.hashes:
        return None
    document = version.document
    current = Document.objects.for_user(document.owner).exclude(pk=document.pk)
    others = Sketch.objects.for_user(document.owner).exclude(pk=mine.pk)
    others = others.filter(content__in=current.values("current__content"))
    shares = {
        other.content_id: round(100 * sketching.share(mine.hashes, other.hashes))
        for other in others.like(mine.keys, CANDIDATES)
    }
    best = max(shares, key=lambda content: shares[content], default=0)
    if shares.get(best, 0) < NEAR:
        return None
    found = current.filter(current__content=best).order_by("pk").first()
    return (found, shares[best]) if found else None
