"""What a deletion took away, in numbers and in a sentence."""

from typing import NamedTuple


class Receipt(NamedTuple):
    documents: int = 0
    versions: int = 0
    passages: int = 0
    vectors: int = 0
    terms: int = 0  # that stood in no other document
    bytes: int = 0  # of originals
    pictures: int = 0  # of pages
    shared: int = 0  # contents that another document has too, and that stay for it
    answers_that_cite: int = 0
    quotes: int = 0  # that these answers showed

    def plus(self, other: "Receipt") -> "Receipt":
        return Receipt(*(mine + more for mine, more in zip(self, other, strict=True)))

    def sentence(self, what: str = "") -> str:
        """`what` is the name of what was deleted; without one they are counted."""
        gone = what or _counted(self.documents, "document")
        parts = [
            _counted(self.versions, "version"),
            _counted(self.passages, "passage"),
            _counted(self.vectors, "vector"),
            _counted(self.pictures, "page picture"),
            _counted(self.bytes, "byte"),
        ]
        verb = "was" if what or self.documents == 1 else "were"
        told = [f"{gone} {verb} deleted: {', '.join(parts)}."]
        if self.shared:
            told.append(f"{_counted(self.shared, 'file')} stayed for another name of the same.")
        if self.answers_that_cite:
            told.append(
                f"{_counted(self.answers_that_cite, 'answer')} cited it: the quotes are gone,"
                " what a model wrote is part of your conversation and stayed."
            )
        return " ".join(told)


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
