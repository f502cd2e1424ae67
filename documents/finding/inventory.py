"""What documents a person has, for questions that are about the documents and not about their text."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import User

from documents.models import Document
from documents.text import about

KINDS = {
    "pdf": ("pdf",),
    "pdfs": ("pdf",),
    "excel": ("xlsx", "xls"),
    "spreadsheets": ("xlsx", "xls", "odf", "csv"),
    "csv": ("csv",),
    "csvs": ("csv",),
    "word": ("docx", "doc"),
    "powerpoint": ("pptx", "ppt"),
    "presentations": ("pptx", "ppt"),
    "e-mails": ("eml",),
    "emails": ("eml",),
    "markdown": ("markdown",),
}


class Entry(NamedTuple):
    name: str
    collection: str
    status: str
    problem: str
    pages: int | None
    added: datetime
    kind: str

    @property
    def is_live(self) -> bool:
        return self.status not in {"ready", "failed"}


def entries(
    user: User, *, collection: str | None = None, documents: Sequence[int] | None = None
) -> list[Entry]:
    """The newest first."""
    found = Document.objects.in_scope(user, collection=collection, documents=documents)
    rows = found.select_related("collection__owner", "current__content", "incoming__content")
    return [_entry(user, row) for row in rows.order_by("-created", "-pk")]


def _entry(user: User, row: Document) -> Entry:
    version = row.current or row.incoming
    content = version.content if version else None
    return Entry(
        name=row.name,
        collection=row.collection.called_by(user),
        status=row.status,
        problem=row.problem,
        pages=content.pages if content else None,
        added=row.created,
        kind=content.kind if content else "",
    )


def named(found: Sequence[Entry], terms: frozenset[str]) -> list[Entry]:
    """Those whose name has all of these terms."""
    return [entry for entry in found if terms <= {*about.words_of_name(entry.name)}]
