"""Pieces of an answer that came together, as few of them as can be."""

from collections.abc import Iterable, Iterator

from localchat.lib.errors import EngineError
from models_mgmt.engines.protocol import Delta


def joined(pieces: Iterable[Delta]) -> Iterator[Delta]:
    """The same in order, neighbours of text as one and neighbours of thinking as one.

    What came before an error comes before it is raised.
    """
    alike: list[Delta] = []
    rest = iter(pieces)
    while True:
        try:
            piece = next(rest, None)
        except EngineError:
            yield from _one(alike)
            raise
        kind = _kind(piece)
        if not kind or (alike and kind != _kind(alike[0])):
            yield from _one(alike)
            alike = []
        if piece is None:
            return
        if kind:
            alike.append(piece)
        else:
            yield piece


def _kind(piece: Delta | None) -> str:
    """Empty where there is more to it than text or thinking."""
    if piece is None or piece != Delta(piece.text, piece.thinking):
        return ""
    return "" if piece.text and piece.thinking else "thinking" if piece.thinking else "text"


def _one(alike: list[Delta]) -> Iterator[Delta]:
    text = "".join(piece.text for piece in alike)
    thinking = "".join(piece.thinking for piece in alike)
    if text or thinking:
        yield Delta(text, thinking)
