"""What stands before a question in the prompt: the talk as it was sent before, or the bare talk.

An engine that has kept what it read last reads only what comes after it. So a talk is sent again
as it was, passages and all, and what stands in it already is pointed to and not sent again.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chat import prompt
from chat.models import Message, Provenance, Source
from chat.record import branches, provenance
from chat.record.talk import Talk
from documents.finding.search import Passage
from models_mgmt.engines import Model, Turn

_Key = tuple[int, str]  # chunk and text of a passage


class Transcript(NamedTuple):
    turns: Sequence[Turn]  # the instructions, then the talk
    kept: Sequence[dict[str, Any]]  # where each of them stands; see `provenance.placed`
    is_as_sent: bool = False
    standing: Mapping[int, Passage] = {}  # by number
    texts: Mapping[int, str] = {}  # what stands in the talk of each
    spans: Mapping[_Key, Mapping[int, Sequence[tuple[int, int]]]] = {}

    @property
    def last(self) -> int:
        """The highest number in it."""
        return max(self.standing, default=0)

    def spans_of(self, passage: Passage) -> Mapping[int, Sequence[tuple[int, int]]]:
        """The parts of the passage that stand in it, by the number that they stand under."""
        return self.spans.get((passage.chunk, passage.text), {})


def bare(talk: Talk, *, grounded: bool, own: str | None) -> Transcript:
    """The talk without the passages that it was made from; `own`: the person's instructions."""
    turns = [prompt.instructions(grounded=grounded, own=own)]
    turns += [Turn(turn["role"], turn["content"]) for turn in talk]
    pieces = [[{"text": turns[0].content}], *([_piece(n, talk)] for n in range(len(talk)))]
    return Transcript(turns, provenance.placed(turns, pieces))


def _piece(place: int, talk: Talk) -> provenance.Fragment:
    kept_as = talk[place].get("message")
    return {"history": place} if kept_as is None else {"message": kept_as}


def as_sent(answer: Message, model: Model, talk: Talk, *, grounded: bool) -> Transcript | None:
    """The talk before this answer as the same model was sent it last, with what it answered.

    None where it cannot be had to the letter, where other documents were asked, and where one of
    them is not as it was.
    """
    row = _last_call(answer)
    if row is None or not _goes_on(row, answer, model, grounded=grounded):
        return None
    sources = provenance.sources_of(row)
    sent = provenance.remade(row, sources)
    if not all(turn.exact for turn in sent) or any(source.change for source in sources.values()):
        return None
    since = [turn for turn in talk if turn.get("message", 0) >= row.message_id]
    turns = [Turn(turn.role, turn.text) for turn in sent]
    turns += [Turn(turn["role"], turn["content"]) for turn in since]
    kept = provenance.carried_on(row)
    kept += provenance.placed(turns[len(kept) :], [[{"message": t["message"]}] for t in since])
    standing, texts = {}, {}
    for piece in _pieces(row):
        number = piece["source"]
        standing[number] = passage_of(sources[piece.get("of", row.message_id), number])
        texts[number] = provenance.text_sent(piece, row.message_id, sources)
    return Transcript(turns, kept, True, standing, texts, _spans(row, sources))


def _last_call(answer: Message) -> Provenance | None:
    """Of the last answer before this one, on its branch, for which a model was asked."""
    before = Provenance.objects.for_user(answer.owner).filter(message__in=branches.before(answer))
    asked = before.exclude(turns=[]).exclude(message__text="")
    return asked.select_related("message").order_by("-message").first()


def _goes_on(row: Provenance, answer: Message, model: Model, *, grounded: bool) -> bool:
    before, now = row.message.wish, answer.wish
    begins = prompt.instructions(grounded=grounded, own=now.instructions)
    return (
        (row.engine, row.model, row.digest) == (model.engine, model.name, model.digest)
        and (before.collection, before.documents) == (now.collection, now.documents)
        and now.history is None
        and row.turns[0]["hash"] == provenance.hash_of(begins.content)
    )


def _pieces(row: Provenance) -> list[provenance.Fragment]:
    return [piece for turn in row.turns for piece in turn["pieces"] if "source" in piece]


def _spans(
    row: Provenance, sources: provenance.Sources
) -> dict[_Key, dict[int, list[tuple[int, int]]]]:
    spans: dict[_Key, dict[int, list[tuple[int, int]]]] = {}
    for piece in _pieces(row):
        for number, start, end in piece["spans"]:
            source = sources[piece.get("of", row.message_id), number]
            of_passage = spans.setdefault((source.chunk_id or 0, source.text), {})
            of_passage.setdefault(piece["source"], []).append((start, end))
    return spans


def passage_of(source: Source) -> Passage:
    return Passage(
        chunk=source.chunk_id or 0,
        document=source.document_id or 0,
        version=source.version_id or 0,
        filename=source.filename,
        page=source.page,
        start=source.start,
        end=source.end,
        heading=source.heading,
        text=source.text,
        score=source.score,
        stages=source.stages,
    )
