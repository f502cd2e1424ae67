"""Shapes of the documents API, as OpenAPI shows them."""

from typing import Annotated, Any

from ninja import Field, Schema


class NearOut(Schema):
    document: int
    name: str
    share: int


class FlagOut(Schema):
    page: int | None
    passage: int = Field(description="Its place in the document, from 0")
    kind: str = Field(description="speaks to a model")
    hidden: bool = Field(description="Nobody sees it who looks at the document")


class DocumentOut(Schema):
    id: int
    name: str
    collection: str = Field(description="The name to choose it by: owner/name of a shared one")
    collection_id: int
    shared_by: str = Field(description="Its owner's user name; empty for one's own")
    status: str
    pages: int | None
    empty_pages: int
    unread_pages: int
    page_states: dict[str, int]
    shortfall: str
    unread: dict[str, int] = Field(description="How many of each thing, by its noun")
    not_read: str = Field(description="The same in a sentence; empty when everything was read")
    flags: list[FlagOut] = Field(description="Where its text speaks to a language model")
    flagged: str = Field(description="The same in a sentence; empty where it speaks to none")
    chunks: int
    problem: str
    error: str
    waiting: str
    place: int | None
    stage_done: int
    stage_total: int
    version: int
    size: int
    kind: str
    near: NearOut | None
    parent: int | None
    topic: str
    created: str
    finished: str | None


class PageOut(Schema):
    page: int
    state: str
    confidence: int | None
    wish: str


class PagesOut(Schema):
    pages: list[PageOut]
    counts: dict[str, int]
    shortfall: str


class ReadAgainIn(Schema):
    how: str = Field("ocr", max_length=20, description="text or ocr")


class ChunkOut(Schema):
    chunk: int = Field(alias="pk")
    index: int = Field(alias="position")
    page: int | None
    heading: str
    text: str


class ChunksOut(Schema):
    chunks: list[ChunkOut]


class WhyIn(Schema):
    document: int | None = Field(None, ge=1, lt=2**63)
    page: int | None = Field(None, ge=1, lt=2**31)
    chunk: int | None = Field(None, ge=1, lt=2**63)


class TestIn(Schema):
    query: str = Field(min_length=1, max_length=20_000)
    top_k: int = Field(10, ge=1, le=50)
    collection: str | None = Field(None, max_length=500)
    documents: list[int] | None = Field(None, max_length=10_000)
    why: WhyIn | None = None


class ResultOut(Schema):
    document: int
    filename: str
    page: int | None
    chunk: int
    score: float
    stages: dict[str, Any]
    heading: str
    text: str


class WhyOut(ResultOut):
    rank: int | None
    reason: str


class TestOut(Schema):
    success: bool = True
    query: str
    results: list[ResultOut]
    why: list[WhyOut] | None = None
    notes: list[str]
    documents: int
    chunks: int


class SearchTextIn(Schema):
    search_text: str = Field(min_length=1, max_length=1000)
    limit: int = Field(10, ge=1, le=200)


class ClearIn(Schema):
    confirm: bool = False


class RenameIn(Schema):
    name: str = Field("", max_length=2_000)
    collection: str = Field("", max_length=500)


class PasswordIn(Schema):
    password: str = Field("", max_length=500)


class NearIn(Schema):
    choice: str = Field("", max_length=20, description="version, keep or skip")


class Ok(Schema):
    success: bool = True
    message: str = ""


class Stays(Ok):
    document: int


class Counted(Ok):
    count: int = 0


Id = Annotated[int, Field(ge=1, lt=2**63)]


class DocumentsIn(Schema):
    documents: list[Id] = Field([], max_length=10_000)


class DocumentsOrAllIn(DocumentsIn):
    all: bool = False


class ReceiptOut(Schema):
    """What a deletion took away."""

    documents: int
    versions: int
    passages: int
    vectors: int
    terms: int
    bytes: int
    pictures: int
    shared: int
    answers_that_cite: int
    quotes: int


class DeletedOut(Ok):
    receipt: ReceiptOut
