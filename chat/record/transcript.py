"""What stands before a question in the prompt: the talk as it was sent before, or the bare talk.

An engine that has kept what it read last reads only what comes after it. So a talk is sent again
as it was, passages and all, and what stands in it already is pointed to and not sent again.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chat import prompt
from chat.models import Message, Provenance, Source
from chat.record import provenance
from chat.record.talk import Talk
from documents.finding.search import Passage
from models_mgmt.engines import Model, Turn


class Transcript(NamedTuple):
    turns: Sequence[Turn]  # the instructions, then the talk
    kept: Sequence[dict[str, Any]]  # where each of them stands; see `provenance.placed`
    standing: Mapping[int, Passage] | None = None  # the passages in it that are whole, by number
    last: int = 0  # the highest number in it


def bare(talk: Talk, *, grounded: bool) -> Transcript:
    """The talk without the passages that it was made from."""
    turns = [prompt.instructions(grounded=grounded)]
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
    return Transcript(turns, kept, _standing(row, sources), max(_numbers(row), default=0))


def _last_call(answer: Message) -> Provenance | None:
    """Of the last answer before this one for which a model was asked."""
    before = Provenance.objects.for_user(answer.owner).filter(
        message__conversation=answer.conversation_id, message__pk__lt=answer.question_id
    )
    asked = before.exclude(turns=[]).exclude(message__text="")
    return asked.select_related("message").order_by("-message").first()


def _goes_on(row: Provenance, answer: Message, model: Model, *, grounded: bool) -> bool:
    before, now = row.message.wish, answer.wish
    return (
        (row.engine, row.model, row.digest) == (model.engine, model.name, model.digest)
        and (before.collection, before.documents) == (now.collection, now.documents)
        and now.history is None
        and row.turns[0]["hash"]
        == provenance.hash_of(prompt.instructions(grounded=grounded).content)
    )


def _numbers(row: Provenance) -> list[int]:
    return [piece["source"] for turn in row.turns for piece in turn["pieces"] if "source" in piece]


def _standing(row: Provenance, sources: Mapping[tuple[int, int], Source]) -> dict[int, Passage]:
    """Those that were cut are as good as not there."""
    standing = {}
    for turn in row.turns:
        for piece in turn["pieces"]:
            if "source" not in piece:
                continue
            source = sources[piece.get("of", row.message_id), piece["source"]]
            if piece["length"] >= len(source.text.strip()):
                standing[source.number] = _passage(source)
    return standing


def _passage(source: Source) -> Passage:
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


def numbered(passages: Sequence[Passage], before: Transcript) -> dict[int, Passage]:
    """By the number that they stand under, or else by the next ones; in their own order."""
    known = {(p.chunk, p.text): number for number, p in (before.standing or {}).items()}
    found, following = {}, before.last
    for passage in passages:
        number = known.get((passage.chunk, passage.text))
        if number is None:
            following += 1
            number = following
        found[number] = passage
    return found
