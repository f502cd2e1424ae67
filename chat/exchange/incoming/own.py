"""What this program has exported."""

from typing import Any
from uuid import UUID

from chat import question_parsing
from chat.exchange import pictured, record
from chat.exchange.incoming import values
from chat.exchange.incoming.shapes import IncomingConversation, IncomingMessage, IncomingSource
from chat.exchange.incoming.values import NotImportable, Row
from chat.models import Conversation, Message
from chat.pictures import MOST, Small
from localchat.lib.errors import BadRequest
from localchat.lib.sentences import Sentence, unpacked

MOST_MESSAGES = 20_000  # of one conversation
MOST_SOURCES = 5_000  # of one answer
MOST_REMARKS = 1_000

ENDED = {*Message.Status.values} - {Message.Status.WRITING}


def conversation(found: object) -> IncomingConversation:
    whole = values.row(found, "conversations")
    given = values.rows(whole.get("messages"), "messages", MOST_MESSAGES)
    places: dict[int, int] = {}
    messages: list[IncomingMessage] = []
    for each in given:
        said = values.row(each, "messages")
        messages.append(_message(said, places, messages))
        places[values.number(said, "id") or 0] = len(messages) - 1
    shown = places.get(values.number(whole, "shown") or 0)
    return IncomingConversation(
        _uid(whole),
        _kept(whole),
        messages,
        len(messages) - 1 if shown is None else shown,
        values.moment(whole.get("created")),
        values.moment(whole.get("touched")),
    )


def _uid(whole: Row) -> UUID:
    try:
        return UUID(values.text(whole, "uid"))
    except ValueError:
        raise values.damaged("uid") from None


def _kept(whole: Row) -> dict[str, Any]:
    titled = values.text(whole, "titled")
    return {
        "title": values.line(whole, "title", values.LONGEST_TITLE),
        "titled": titled if titled in Conversation.Titled.values else "question",
        "pinned": values.flag(whole, "pinned"),
        "archived": values.flag(whole, "archived"),
        "folder": values.line(whole, "folder", values.LONGEST_FOLDER),
        "tags": values.tags(values.rows(whole.get("tags"), "tags", MOST_REMARKS)),
    }


def _message(said: Row, places: dict[int, int], before: list[IncomingMessage]) -> IncomingMessage:
    role, number = values.text(said, "role"), values.number(said, "previous")
    if role not in Message.Role.values:
        raise values.damaged("role")
    if number is not None and number not in places:
        raise NotImportable(
            Sentence(
                "This file cannot be imported: a message in it follows one that is not before it."
            )
        )
    previous = None if number is None else places[number]
    is_answer = role == Message.Role.ASSISTANT
    if is_answer and (previous is None or before[previous].role == role):
        raise NotImportable(
            Sentence("This file cannot be imported: an answer in it has no question.")
        )
    text = values.text(said, "text")
    facts = _answer(said, text) if is_answer else {}
    sources = [_source(each) for each in values.rows(said.get("sources"), "sources", MOST_SOURCES)]
    if len({each.facts["number"] for each in sources}) < len(sources):
        raise values.damaged("number")
    created = values.moment(said.get("created"))
    pictures = [] if is_answer else _pictures(said)
    return IncomingMessage(role, previous, text, facts, created, sources, pictures)


def _answer(said: Row, text: str) -> dict[str, Any]:
    status, verdict = values.text(said, "status"), values.text(said, "verdict")
    judged = verdict in Message.Verdict.values
    return {
        # What was being written when it was exported is written on by nobody here.
        "status": status if status in ENDED else Message.Status.INTERRUPTED,
        "thinking": values.text(said, "thinking"),
        "reason": values.text(said, "reason", 12),
        "model": values.line(said, "model", 200),
        "error": values.text(said, "error", 40),
        "problem": _as_sentences(said, "problem", values.text(said, "problem", 500)),
        "usage": values.figures(said, "usage"),
        "standalone": values.text(said, "standalone"),
        "notes": _as_sentences(said, "notes", _notes(said)),
        "computed": values.text(said, "computed"),
        "declined": values.flag(said, "declined"),
        "left_out": values.number(said, "left_out") or 0,
        "hurried": values.flag(said, "hurried"),
        "cut": values.flag(said, "cut"),
        "doubts": _doubts(said, text),
        "verdict": verdict if judged else "",
        "verdict_words": values.text(said, "verdict_words", 500) if judged else "",
        "request": _request(values.row(said.get("request"), "request")),
        "finished": values.moment(said.get("finished")),
    }


def _notes(said: Row) -> list[str]:
    notes = values.rows(said.get("notes"), "notes", MOST_REMARKS)
    return [values.text({"notes": each}, "notes") for each in notes]


def _as_sentences(said: Row, name: str, plain: str | list[str]) -> Any:
    """To be said in the reader's language, where the file has them so and they say the same."""
    found = unpacked(values.row(said.get("sentences"), "sentences").get(name))
    return found if found == plain else plain


def _pictures(said: Row) -> list[Small]:
    given = values.rows(said.get("pictures"), "pictures", MOST)
    try:
        return [pictured.taken(values.row(each, "pictures").get("data")) for each in given]
    except BadRequest as error:
        raise values.damaged("pictures") from error


def _doubts(said: Row, text: str) -> list[dict[str, object]]:
    found = []
    for each in values.rows(said.get("doubts"), "doubts", MOST_REMARKS):
        doubt = values.row(each, "doubts")
        start, end = values.number(doubt, "start"), values.number(doubt, "end")
        if start is None or end is None or not start <= end <= len(text):
            raise values.damaged("doubts")
        found.append({"start": start, "end": end, "reason": values.text(doubt, "reason", 500)})
    return found


def _request(asked: Row) -> dict[str, Any]:
    kept = {name: each for name, each in asked.items() if name not in record.STAYS_HERE}
    try:
        return question_parsing.parse_wish(kept).as_json()
    except BadRequest:
        return question_parsing.Wish().as_json()


def _source(found: object) -> IncomingSource:
    given = values.row(found, "sources")
    number = values.number(given, "number")
    if not number:
        raise values.damaged("number")
    facts = {
        "number": number,
        "filename": values.line(given, "filename", 500),
        "page": values.number(given, "page"),
        "start": values.number(given, "start") or 0,
        "end": values.number(given, "end") or 0,
        "heading": values.text(given, "heading", 500),
        "support": values.text(given, "support", 300),
        "score": values.figure(given, "score"),
        "stages": values.figures(given, "stages"),
        "text": values.text(given, "text"),
        "sent": given.get("sent") is not False,
    }
    document = values.line(given, "document", 500)
    return IncomingSource(facts, document, values.text(given, "sha256", 64))
