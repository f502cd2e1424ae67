"""Pieces of an answer that came together, as few of them as can be."""

from collections.abc import Iterable, Iterator

from localchat.lib.errors import EngineError
from models_mgmt.engines.protocol import Delta


def joined(pieces: Iterable[Delta]) -> Iterator[Delta]:
    """The same in order, neighbours of text as one and neighbours of thinking as one.

    What came before an error comes before it is raised. Texts are such as can be kept: without
    NUL, and with no half of a pair of surrogates.
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
            yield piece._replace(text=_kept(piece.text), thinking=_kept(piece.thinking))


def _kind(piece: Delta | None) -> str:
    """Empty where there is more to it than text or thinking."""
    if piece is None or piece != Delta(piece.text, piece.thinking):
        return ""
    if piece.text and piece.thinking:
        return ""
    return "thinking" if piece.thinking else "text"


def _one(alike: list[Delta]) -> Iterator[Delta]:
    text = _kept("".join(piece.text for piece in alike))
    thinking = _kept("".join(piece.thinking for piece in alike))
    if text or thinking:
        yield Delta(text, thinking)


def _kept(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "")
