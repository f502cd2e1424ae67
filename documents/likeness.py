"""Noticing that a new document is nearly the same as one that is there."""

from collections.abc import Sequence

from documents import sketching
from documents.models import Content, Document, Version
from documents.readers import Page
from documents.sketches import Sketch

NEAR = 85  # per cent
CANDIDATES = 20


def sketch(pages: Sequence[Page]) -> list[int]:
    """What `keep` keeps of what was read."""
    return sketching.sketch(page.text for page in pages)


def keep(content: Content, hashes: list[int]) -> None:
    Sketch.objects.bulk_create(
        [Sketch(content=content, hashes=hashes, keys=hashes[: sketching.KEYS])],
        update_conflicts=True,
        unique_fields=["content"],
        update_fields=["hashes", "keys"],
    )


def kept(content: Content) -> list[int]:
    found = Sketch.objects.filter(content=content).first()
    return found.hashes if found else []


def nearest(version: Version, mine: list[int]) -> tuple[Document, int] | None:
    """Another current document of the owner that is nearly the same, and how much, in per cent.

    Not one with the same bytes: who brings those under another name wants another name.
    """
    if not mine:
        return None
    document = version.document
    current = Document.objects.for_user(document.owner).exclude(pk=document.pk)
    others = Sketch.objects.for_user(document.owner).exclude(content=version.content_id)
    others = others.filter(content__in=current.values("current__content"))
    shares = {
        other.content_id: round(100 * sketching.share(mine, other.hashes))
        for other in others.like(mine[: sketching.KEYS], CANDIDATES)
    }
    best = max(shares, key=lambda content: shares[content], default=0)
    if shares.get(best, 0) < NEAR:
        return None
    found = current.filter(current__content=best).order_by("pk").first()
    return (found, shares[best]) if found else None
