"""Why a figure was not computed over a table: said with the answer, not passed over."""

from collections.abc import Sequence

from documents.tables import understand
from documents.tables.lexicon import Lexicon
from documents.tables.stored import Scoped
from localchat.lib.sentences import Sentence

FEW = 2  # words without which all of the question would be understood
ENOUGH = 2  # worth of the rest; less, as a synonym, will do where there are only tables


def why_not_computed(question: str, tables: Sequence[Scoped], *, only_tables: bool) -> str:
    """A sentence about the table that the question speaks of most; empty if it speaks of none."""
    near = [
        (found.worth, -place, found.words)
        for place, scoped in enumerate(tables)
        if (found := understand.lacking(question, scoped.lexicon))
        and found.worth >= (1 if only_tables else ENOUGH)
        and len(found.words) <= FEW
    ]
    if not near:
        return ""
    _, place, words = max(near)
    best = tables[-place]
    for scoped in tables:
        if scoped is not best and (word := _known(words, scoped.lexicon)):
            return Sentence(
                "Not computed: “%(word)s” is in %(place)s alone, and tables are not joined.",
                word=word,
                place=scoped.place,
            )
    named = Sentence("“%(word)s”", word=words[0])
    for word in words[1:]:
        named = Sentence("%(words)s or “%(word)s”", words=named, word=word)
    return Sentence(
        "Not computed over %(place)s, which has no column and no value %(named)s.",
        place=best.place,
        named=named,
    )


def _known(words: Sequence[str], lexicon: Lexicon) -> str:
    """The first of the words that is a column or a value there."""
    for word in words:
        if lexicon.marks(word)[0].kind in {"column", "value", "part"}:
            return word
    return ""
