"""What made an answer: kept without copies of texts, and made whole again to be shown."""

import hashlib
import json
import shlex
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from chat import pictures
from chat.html import citations
from chat.kept_notes import KeptNote
from chat.manner import AboutMe
from chat.models import Message, Provenance, Source
from chat.prompt import Prompt, numbered
from chat.record.spans import Span, text_of
from documents.models import Document, Right
from documents.models.querysets import CONTENTS
from models_mgmt import choosing, engines
from models_mgmt.engines import Call, Turn

# A text, or where it stands: message, history, standalone, source, note, about_me or a name. What stands
# with another answer than this one says `of` which.
Fragment = dict[str, Any]
Sources = Mapping[tuple[int, int], Source]  # by the answer that they stand with, and their number
LOST = "[notes that were made shorter on the way, which are not kept]"


class SentTurn(NamedTuple):
    """A turn as it was sent, as far as what it is made of still exists."""

    role: str
    text: str
    exact: bool  # to the letter what was sent
    pictures: Sequence[int] = ()  # ids
    images: tuple[bytes, ...] = ()  # of those that are still there


def note_call(
    row: Provenance, call: Call, built: Prompt, begun: Sequence[dict[str, Any]], *, leans: bool
) -> None:
    """Put down the call that is about to be made; it is not stored here.

    `begun`: where the turns stand that came before. `leans`: the question stands in it with what
    it leans on.
    """
    put(row, call)
    asked = placed(built.turns[-1:], [_asked(row.message, built, leans=leans)])
    if built.turns[-1].images:
        asked[0]["pictures"] = row.message.previous_id
    row.turns = [*(begun[place] for place in built.begun), *asked]
    row.parts = [part._asdict() for part in built.parts]
    row.tokens = built.tokens


def put(row: Provenance, call: Call) -> None:
    """The call without its turns."""
    model = call.model
    asked = engines.chatting(model).chat_request(call)
    row.engine, row.model, row.digest = model.engine, model.name, model.digest
    row.url = asked.url
    row.body = {name: value for name, value in asked.body.items() if name != "messages"}


def placed(turns: Sequence[Turn], pieces: Sequence[Sequence[Fragment]]) -> list[dict[str, Any]]:
    """The turns as where their pieces stand."""
    return [
        {"role": turn.role, "hash": hash_of(turn.content), "pieces": list(each)}
        for turn, each in zip(turns, pieces, strict=True)
    ]


def begun(instructions: Sequence[tuple[str, int | None]]) -> list[Fragment]:
    """The first turn's pieces; see `prompt.pieces_with_own`."""
    return [{"text": text} if pk is None else {"about_me": pk} for text, pk in instructions]


def carried_on(row: Provenance) -> list[dict[str, Any]]:
    """The turns of a call, to be placed before those of a later answer."""
    return [{**turn, "pieces": [_of(row, piece) for piece in turn["pieces"]]} for turn in row.turns]


def _of(row: Provenance, piece: Fragment) -> Fragment:
    stands_with_it = "source" in piece or "standalone" in piece
    return {"of": row.message_id, **piece} if stands_with_it else piece


def _asked(answer: Message, built: Prompt, *, leans: bool) -> list[Fragment]:
    *around, last = [{"text": text} for text in built.pieces[::2]]
    inside: list[Fragment] = [
        {"source": each.number, "spans": each.spans, "tokens": each.tokens}
        for each in built.chosen.sent
    ]
    inside.append({"standalone": True} if leans else {"message": answer.previous_id})
    pieces = [piece for pair in zip(around, inside, strict=True) for piece in pair]
    return [*pieces, last]


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sources_of(row: Provenance) -> Sources:
    """What was sent of documents."""
    pieces = [piece for turn in row.turns for piece in turn["pieces"] if "source" in piece]
    answers = {piece.get("of", row.message_id) for piece in pieces}
    found = Source.objects.filter(message__owner=row.message.owner_id, message__in=answers)
    return {(each.message_id, each.number): each for each in found.select_related("document")}


def remade(row: Provenance, sources: Sources) -> list[SentTurn]:
    """The turns as they were sent; `sources` as `sources_of` finds them."""
    texts, said = _Texts(row, sources), []
    asked = [turn["pictures"] for turn in row.turns if "pictures" in turn]
    seen = pictures.of_messages(row.message.owner, asked) if asked else {}
    for turn in row.turns:
        text = "".join(texts.of(piece) for piece in turn["pieces"])
        shown = seen.get(turn.get("pictures"), [])
        exact = hash_of(text) == turn["hash"] and bool(shown) == ("pictures" in turn)
        images = tuple(bytes(each.jpeg) for each in shown)
        said.append(SentTurn(turn["role"], text, exact, [each.pk for each in shown], images))
    return said


def last_without(row: Provenance, sources: Sources, numbers: Collection[int]) -> str:
    """The last turn without the passages that have these numbers."""
    texts, said = _Texts(row, sources), ""
    pieces = row.turns[-1]["pieces"]
    for place, piece in enumerate(pieces):
        if piece.get("source") in numbers:
            continue
        is_gap = "text" in piece and not piece["text"].strip()
        follows_one_left_out = place > 0 and pieces[place - 1].get("source") in numbers
        said += "" if is_gap and follows_one_left_out else texts.of(piece)
    return said


class _Texts:
    def __init__(self, row: Provenance, sources: Sources) -> None:
        self.sources, self.own = sources, row.message_id
        self.history = row.message.wish.history or []
        pieces = [piece for turn in row.turns for piece in turn["pieces"]]
        wanted = [piece.get("message", piece.get("of")) for piece in pieces]
        owner = row.message.owner_id
        readable = Right.objects.filter(person=owner).values(CONTENTS)
        notes = KeptNote.objects.filter(owner=owner, content__in=readable)
        notes = notes.filter(key__in=[piece["key"] for piece in pieces if "note" in piece])
        self.notes = {(row.content_id, row.key): row.text for row in notes}
        called = [piece["called"] for piece in pieces if "called" in piece]
        self.names = _names(owner, called)
        about = [piece["about_me"] for piece in pieces if "about_me" in piece]
        mine_kept = AboutMe.objects.filter(owner=owner, pk__in=about)
        self.about_me = dict(mine_kept.values_list("pk", "text"))
        mine = Message.objects.filter(owner=owner, pk__in={self.own, *filter(None, wanted)})
        rows = mine.values_list("pk", "text", "standalone")
        self.messages = {pk: text for pk, text, _ in rows}
        self.standalone = {pk: text for pk, _, text in rows}

    def of(self, piece: Fragment) -> str:
        if "text" in piece:
            return str(piece["text"])
        if "message" in piece:
            return str(self.messages.get(piece["message"], "[deleted]"))
        if "standalone" in piece:
            return self.standalone.get(piece.get("of", self.own)) or "[deleted]"
        if "history" in piece:
            return str(self.history[piece["history"]]["content"])
        if "note" in piece:
            return self.note(piece)
        return self.passage(piece) if "source" in piece else self.named(piece)

    def named(self, piece: Fragment) -> str:
        if "about_me" in piece:
            return self.about_me.get(piece["about_me"], "[deleted]")
        if "called" in piece:
            return f"From {self.names.get(piece['called'], '[deleted]')}:"
        return LOST

    def note(self, piece: Fragment) -> str:
        text = self.notes.get((piece["note"], piece["key"]), "[deleted]")
        return citations.renumbered(text, lambda own: piece["numbers"].get(str(own)))

    def passage(self, piece: Fragment) -> str:
        number = piece["source"]
        source = self.sources.get((piece.get("of", self.own), number))
        text = text_sent(piece, self.own, self.sources)
        if source is None or not text:
            return f"[{number}] [deleted]"
        return numbered(number, source, text)


def text_sent(piece: Fragment, own: int, sources: Sources) -> str:
    """What was sent of the passages under a number; empty if one of them is not there now."""
    numbers = list(dict.fromkeys(number for number, _, _ in piece["spans"]))
    found = [sources.get((piece.get("of", own), number)) for number in numbers]
    texts = [source.text if source else "" for source in found]
    if not all(texts):
        return ""
    spans = [Span(numbers.index(number), start, end) for number, start, end in piece["spans"]]
    return text_of(texts, spans)


def curl(row: Provenance, said: Sequence[SentTurn]) -> str:
    """The call as a command for a shell."""
    messages = [
        {"role": turn.role, "content": turn.text}
        | ({"images": [f"<picture {pk}>" for pk in turn.pictures]} if turn.pictures else {})
        for turn in said
    ]
    body = json.dumps({**row.body, "messages": messages}, ensure_ascii=False, indent=1)
    lines = [f"curl {shlex.quote(row.url)}", "-H 'Content-Type: application/json'"]
    if row.engine == "openai":
        lines.append('-H "Authorization: Bearer $OPENAI_API_KEY"')
    return " \\\n  ".join([*lines, f"-d {shlex.quote(body)}"])


def as_json(answer: Message) -> dict[str, Any]:
    """What was sent for an answer, as clients get it."""
    sources = list(answer.sources.order_by("number"))
    row = Provenance.objects.filter(message=answer).first()
    return {
        "message": answer.pk,
        "search": _search(row) if row else {},
        "passages": [_passage(source, row) for source in sources],
        "call": _call(row) if row and row.turns else None,
        "usage": answer.usage,
    }


def _names(owner: int, documents: Sequence[int]) -> dict[int, str]:
    rights = Right.objects.filter(person=owner).values("collection")
    mine = Document.objects.filter(collection__in=rights, pk__in=documents)
    return dict(mine.values_list("pk", "name"))


def _search(row: Provenance) -> dict[str, Any]:
    """The parts of a reading with the names that their documents have now."""
    search: dict[str, Any] = row.search
    parts = search.get("parts")
    if not parts:
        return search
    names = _names(row.message.owner_id, [part["document"] for part in parts])
    named = [{**part, "filename": names.get(part["document"], "")} for part in parts]
    return {**search, "parts": named}


def _passage(source: Source, row: Provenance | None) -> dict[str, Any]:
    return {
        "number": source.number,
        "document": source.document_id,
        "version": source.version_id,
        "filename": source.filename,
        "page": source.page,
        "start": source.start,
        "end": source.end,
        "hash": source.hash,
        "score": source.score,
        "stages": source.stages,
        "sent": source.sent,
        "tokens": _tokens(source.number, row),
        "text": source.text,
    }


def _tokens(number: int, row: Provenance | None) -> int | None:
    pieces = [piece for turn in row.turns for piece in turn["pieces"]] if row else []
    return next((each["tokens"] for each in pieces if each.get("source") == number), None)


def _call(row: Provenance) -> dict[str, Any]:
    said = remade(row, sources_of(row))
    return {
        "engine": row.engine,
        "model": row.model,
        "digest": row.digest,
        "moved": _has_moved(row),
        "url": row.url,
        "body": row.body,
        "parts": row.parts,
        "tokens": row.tokens,
        "continued": row.continued,
        "turns": [
            {
                "role": turn.role,
                "text": turn.text,
                "exact": turn.exact,
                "pictures": list(turn.pictures),
            }
            for turn in said
        ],
        "exact": all(turn.exact for turn in said),
        "lost": any("lost" in piece for turn in row.turns for piece in turn["pieces"]),
        "curl": curl(row, said),
    }


def _has_moved(row: Provenance) -> bool:
    """Whether the name stands for another model by now, as far as its engine answers."""
    named = (row.engine, row.model)
    now = {each.digest for each in choosing.installed().models if (each.engine, each.name) == named}
    return bool(row.digest and now) and row.digest not in now
