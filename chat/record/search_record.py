"""What was looked for and read for an answer, as it is stored with its provenance."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

VERSION = 1  # of the stored form; another when a field's meaning changes


class SearchRecord(NamedTuple):
    query: str = ""
    notes: Sequence[str] = ()  # what the search said of itself
    documents: int | None = None  # in scope
    chunks: int | None = None  # in scope
    reranked: str = ""  # the model that put the best passages in order
    answerability: dict[str, float | None] | None = None  # None where it cannot be told
    seconds: float | None = None
    parts: Sequence[dict[str, Any]] = ()  # that a whole document was read in
    kept: bool | None = None  # whether the answer to the very same notes was there before

    def as_json(self) -> dict[str, Any]:
        return {"version": VERSION, **self._asdict()}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(**{name: stored[name] for name in cls._fields if name in stored})
