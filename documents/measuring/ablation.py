"""What the figures are without a stage of the ranking."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

from documents.finding import (
    candidates,
    exact_forms,
    fusion,
    quoted_phrases,
    repeated_passages,
    search,
    spelling,
    term_weights,
)

Change = tuple[ModuleType, str, Any]


def _trusting(weight: float) -> list[Change]:
    """The vectors' weight, in every language."""
    return [
        (fusion, "VECTOR_WEIGHT", weight),
        (fusion, "FOREIGN_WEIGHT", weight),
        (fusion, "ENGLISH_MODEL", {}),
        (fusion, "ENGLISH_MODEL_ELSE", weight),
        (fusion, "OWN_WORDS_WEIGHT", weight),
    ]


STAGES: dict[str, list[Change]] = {
    "words": _trusting(1.0),
    "vectors": _trusting(0.0),
    "languages": _trusting(fusion.VECTOR_WEIGHT),
    "paraphrase": [(fusion, "OWN_WORDS_WEIGHT", 0.0)],
    "grams": [(fusion, "GRAM_WEIGHT", 0.0)],
    "typos": [(spelling, "MOST", 0)],
    "kin": [(fusion, "KIN_WEIGHT", 0.0)],
    "neighbours": [(fusion, "NEIGHBOUR_WEIGHT", 0.0)],
    "documents": [(fusion, "DOCUMENT_WEIGHT", 0.0), (search, "ABOUT", 0)],
    "headings": [(fusion, "HEADING_WEIGHT", 0.0)],
    "twins": [(repeated_passages, "SAME", 2.0)],
    "exact": [(exact_forms, "MOST", 0)],
    "phrases": [(quoted_phrases, "MOST", 0)],
    "own-words": [(term_weights, "COUNTED_THERE", 0)],
    "graph": [(candidates, "EXACT", 2**31)],
}


@contextmanager
def without(stages: Iterable[str]) -> Iterator[None]:
    """Search without these stages inside of it. For one process that does nothing else."""
    with ExitStack() as back:
        for module, name, value in (change for stage in stages for change in STAGES[stage]):
            back.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, value)
        yield
