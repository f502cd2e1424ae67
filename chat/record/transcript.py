"""What stands before a question in the prompt: the talk as it was sent before, or the bare talk.

An engine that has kept what it read last reads only what comes after it. So a talk is sent again
as it was, passages and all, and what stands in it already is pointed to and not sent again.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from chat import pictures, prompt
from chat.models import Message, Provenance, Source
from chat.prompt import Own
from chat.record import branches, own_words, provenance
from chat.record.talk import Talk
from documents.finding.search import Passage
from models_mgmt.engines import Model, Turn

Images = Mapping[int, tuple[bytes, ...]]  # by message
NO_IMAGES: Images = {}
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


def images_of(owner: User, messages: Sequence[int]) -> Images:
    found = pictures.of_messages(owner, messages)
    return {pk: tuple(bytes(each.jpeg) for each in rows) for pk, rows in found.items()}


def bare(talk: Talk, *, grounded: bool, own: Own, images: Images = NO_IMAGES) -> Transcript:
    """The talk without the passages that it was made from."""
    turns = [prompt.instructions(grounded=grounded, own=own)]
    begins = provenance.begun(prompt.pieces_of_instructions(grounded=grounded, own=own))
    turns += _turns(talk, images)
    pieces = [begins, *([_piece(n, talk)] for n in range(len(talk)))]
    return Transcript(turns, _placed(turns, pieces, talk))


def _turns(talk: Talk, images: Images) -> list[Turn]:
    return [
        Turn(turn["role"], turn["content"], images.get(turn.get("message", 0), ())) for turn in talk
    ]


def _placed(
    turns: Sequence[Turn], pieces: Sequence[Sequence[provenance.Fragment]], talk: Talk
) -> list[dict[str, Any]]:
    """With the message of each turn's pictures. `talk`: the last ones of the turns."""
    placed = provenance.placed(turns, pieces)
    for turn, kept, said in zip(turns[::-1], placed[::-1], talk[::-1], strict=False):
        if turn.images:
            kept["pictures"] = said.get("message")
    return placed


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
    turns = [Turn(turn.role, turn.text, turn.images) for turn in sent]
    ids = [turn["message"] for turn in since]
    seen = images_of(answer.owner, ids) if model.may_see else NO_IMAGES
    turns += _turns(since, seen)
    kept = provenance.carried_on(row)
    kept += _placed(turns[len(kept) :], [[{"message": pk}] for pk in ids], since)
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
    begins = prompt.instructions(grounded=grounded, own=own_words.of(answer))
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
