"""What a folder's files are known to say, and whether what was read of them says it.

docs/evaluation.md has the form of the rows. A row is of one file; its facts are told one by one.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from documents.finding.search import search
from documents.measuring.evaluation import lines
from documents.models import Chunk, Collection, Document

NOTATIONS = "notations.jsonl"
HIDDEN = ("hidden",)
OR = ("must_contain", "must_not_contain", "hidden_if_told", "marked_if_told")  # a refusal
# Marks of direction: nobody sees them.
_UNSEEN = dict.fromkeys(
    [0x61C, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)

Wanted = str | list[str]  # of several one is enough


class Fact(NamedTuple):
    file: str
    what: str
    holds: bool
    kind: str = ""


class Said(NamedTuple):
    """A chunk as it is compared."""

    page: int | None
    heading: str
    text: str
    lines: list[str]

    @property
    def full(self) -> str:
        return f"{self.heading} {self.text}".strip()


class Read:
    """What was read of a file, and of what came inside of it."""

    def __init__(self, document: Document | None) -> None:
        self.documents = list(_kin(document)) if document else []
        ready = document is not None and document.status == Document.Status.READY
        self.is_refused = document is None or document.status == Document.Status.FAILED
        self.chunks = (
            [chunk for each in self.documents for chunk in _said_by(each)] if ready else []
        )
        self.pages: dict[int | None, str] = {}
        for chunk in self.chunks:
            self.pages[chunk.page] = f"{self.pages.get(chunk.page, '')} {chunk.full}"
        self.whole = " ".join(chunk.text for chunk in self.chunks)

    def says(self, wanted: Wanted) -> bool:
        return any(each in self.whole for each in _any_of(wanted)) or bool(self.saying(wanted))

    def saying(self, wanted: Wanted) -> list[Said]:
        return [
            chunk for chunk in self.chunks if any(each in chunk.full for each in _any_of(wanted))
        ]

    def marks(self, wanted: Wanted, words: Sequence[str]) -> bool:
        """Each chunk that says it says one of the words as well; so where none does."""
        said = [chunk.full.lower() for chunk in self.saying(wanted)]
        return all(any(word in text for word in words) for text in said)


def facts(folder: Path, collection: Collection) -> Iterator[Fact]:
    """What was to be found in each file, and whether it was."""
    read: dict[str, Read] = {}
    for row in lines(folder / "facts.jsonl"):
        name = row["file"]
        if name not in read:
            read[name] = Read(collection.documents.filter(name=name).first())
        for what, holds in _of_row(row, read[name]):
            yield Fact(name, what, holds, row.get("kind", ""))


def notated(folder: Path, user: User, collection: Collection) -> Iterator[Fact]:
    """What is asked in another notation than the file's, by whether it is found first."""
    if not (folder / NOTATIONS).is_file():
        return
    documents = dict(collection.documents.values_list("name", "pk"))
    for row in lines(folder / NOTATIONS):
        name, question = row["file"], row["question"]
        found = search(user, question, limit=1, documents=[documents.get(name, 0)])
        holds = any(plain(row["answer_contains"]) in plain(each.text) for each in found.passages)
        what = f"asked “{question}”: first {row['answer_contains']}"
        yield Fact(name, what, holds, f"notation: {row.get('kind', '')}")


def by_kind(told: Sequence[Fact]) -> dict[str, tuple[int, int]]:
    """Of each kind how many hold, and how many there are, in their order."""
    every = Counter(fact.kind for fact in told)
    held = Counter(fact.kind for fact in told if fact.holds)
    return {kind: (held[kind], every[kind]) for kind in every}


def _of_row(row: dict[str, Any], read: Read) -> Iterator[tuple[str, bool]]:
    there, whole = bool(read.chunks), read.whole
    if expected := row.get("expect"):
        yield expected, read.is_refused and not whole
    if row.get("or_failed") and read.is_refused:  # is right as well
        yield from (
            (f"{_as_written(text)}, or refused", True) for key in OR for text in row.get(key, [])
        )
        return
    seen = " (in a picture)" if row.get("needs_ocr") else ""
    for text in row.get("must_contain", []):
        yield f"{_as_written(text)}{seen}", read.says(text)
    for text in row.get("lines", []):
        every = (line for chunk in read.chunks for line in chunk.lines)
        yield (
            f"{_as_written(text)} (on one line)",
            any(a in line for line in every for a in _any_of(text)),
        )
    for page, texts in row.get("pages", {}).items():
        on_page = read.pages.get(int(page), "")
        for text in texts:
            yield (
                f"{_as_written(text)} (page {page})",
                any(each in on_page for each in _any_of(text)),
            )
    for text in row.get("must_not_contain", []):
        refused = bool(expected) and read.is_refused
        yield f"not {_as_written(text)}", refused or (there and not read.saying(text))
    yield from _marked(row, read)
    yield from _around(row, read)


def _marked(row: dict[str, Any], read: Read) -> Iterator[tuple[str, bool]]:
    there = bool(read.chunks)
    for text in row.get("hidden", []):
        yield f"{_as_written(text)} (hidden)", bool(read.saying(text)) and read.marks(text, HIDDEN)
    for text in row.get("hidden_if_told", []):
        yield f"{_as_written(text)} (only as hidden)", there and read.marks(text, HIDDEN)
    for text, words in row.get("marked_if_told", {}).items():
        yield f"{text} (only as {'/'.join(words)})", there and read.marks(text, words)


def _around(row: dict[str, Any], read: Read) -> Iterator[tuple[str, bool]]:
    for text, heading in row.get("headings", {}).items():
        under = [
            plain(heading) in chunk.heading for chunk in read.chunks if plain(text) in chunk.text
        ]
        yield f"{text} (under {heading})", bool(under) and all(under)
    if "documents" in row:
        wanted, there = row["documents"], len(read.documents)
        yield f"{wanted} documents, not {there}", bool(read.chunks) and there == wanted
    if row.get("no_failed"):
        failed = any(each.status == Document.Status.FAILED for each in read.documents)
        yield "nothing in it fails", bool(read.chunks) and not failed


def _kin(document: Document) -> Iterator[Document]:
    yield document
    for child in document.attachments.order_by("pk"):
        yield from _kin(child)


def _said_by(document: Document) -> Iterator[Said]:
    rows = Chunk.objects.of_document(document).order_by("position")
    for page, heading, text in rows.values_list("page", "heading", "text"):
        yield Said(page, plain(heading), plain(text), [plain(line) for line in text.splitlines()])


def _any_of(wanted: Wanted) -> list[str]:
    return [plain(each) for each in ([wanted] if isinstance(wanted, str) else wanted)]


def _as_written(wanted: Wanted) -> str:
    return wanted if isinstance(wanted, str) else " / ".join(wanted[:3])


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).translate(_UNSEEN)).strip()
