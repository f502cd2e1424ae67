"""What the figures are without a stage of the ranking."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

from documents.finding import folding, halves, phrases, ranking, search, spelling, weighing

Change = tuple[ModuleType, str, Any]


def _trusting(weight: float) -> list[Change]:
    """The vectors' weight, in every language."""
    return [
        (ranking, "VECTOR_WEIGHT", weight),
        (ranking, "ENGLISH_MODEL", {}),
        (ranking, "ENGLISH_MODEL_ELSE", weight),
    ]


STAGES: dict[str, list[Change]] = {
    "words": _trusting(1.0),
    "vectors": _trusting(0.0),
    "languages": _trusting(ranking.VECTOR_WEIGHT),
    "grams": [(ranking, "GRAM_WEIGHT", 0.0)],
    "typos": [(spelling, "MOST", 0)],
    "neighbours": [(ranking, "NEIGHBOUR_WEIGHT", 0.0)],
    "documents": [(ranking, "DOCUMENT_WEIGHT", 0.0), (search, "ABOUT", 0)],
    "headings": [(ranking, "HEADING_WEIGHT", 0.0)],
    "twins": [(folding, "SAME", 2.0)],
    "phrases": [(phrases, "MOST", 0)],
    "own-words": [(weighing, "COUNTED_THERE", 0)],
    "graph": [(halves, "EXACT", 2**31)],
}


@contextmanager
def without(stages: Iterable[str]) -> Iterator[None]:
    """Search without these stages inside of it. For one process that does nothing else."""
    with ExitStack() as back:
        for module, name, value in (change for stage in stages for change in STAGES[stage]):
            back.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, value)
        yield
