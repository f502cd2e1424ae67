"""What a deletion took away, in numbers and in a sentence."""

from typing import NamedTuple

from localchat.lib.sentences import Sentence, counted
from localchat.lib.wording import in_words


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
        parts = Sentence(
            "%(versions)s, %(passages)s, %(vectors)s, %(pictures)s, %(bytes)s",
            versions=counted("%(n)s version", "%(n)s versions", self.versions),
            passages=counted("%(n)s passage", "%(n)s passages", self.passages),
            vectors=counted("%(n)s vector", "%(n)s vectors", self.vectors),
            pictures=counted("%(n)s page picture", "%(n)s page pictures", self.pictures),
            bytes=counted("%(n)s byte", "%(n)s bytes", self.bytes),
        )
        gone = counted(
            "%(n)s document was deleted: %(parts)s.",
            "%(n)s documents were deleted: %(parts)s.",
            self.documents,
            parts=parts,
        )
        if what:
            gone = Sentence("%(name)s was deleted: %(parts)s.", name=what, parts=parts)
        stayed = counted(
            "%(n)s file stayed for another name of the same.",
            "%(n)s files stayed for another name of the same.",
            self.shared,
        )
        cited = counted(
            "%(n)s answer cited it: the quotes are gone, what a model wrote is part of your"
            " conversation and stayed.",
            "%(n)s answers cited it: the quotes are gone, what a model wrote is part of your"
            " conversation and stayed.",
            self.answers_that_cite,
        )
        told = [gone, *([stayed] if self.shared else [])]
        told += [cited] if self.answers_that_cite else []
        return " ".join(map(in_words, told))
