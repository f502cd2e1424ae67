"""Questions to compute, each asked of one file: what their answers must say, and what never."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User

from chat import answering, asking
from chat.models import Message
from chat.question_parsing import Wish
from documents.measuring.evaluation import lines
from documents.measuring.facts import Fact, plain
from documents.models import Collection
from localchat.lib import following
from localchat.lib.db_threads import threaded
from localchat.lib.hub import hub

_FIGURE = re.compile(r"-?\d[\d.,' ]*")
_DECIMALS = re.compile(r"[.,]\d{1,2}$")


def questions(folder: Path) -> list[dict[str, Any]]:
    """The rows that are asked of a file; none where the folder's answers are of another form."""
    path = folder / "answers.jsonl"
    rows = lines(path) if path.is_file() else iter(())
    return [row for row in rows if "file" in row and "must_contain" in row]


async def ask_all(user: User, collection: Collection, rows: list[dict[str, Any]]) -> list[Fact]:
    """By the ordinary road, each in a conversation of its own, which is deleted."""
    documents = await threaded(_numbers)(collection)
    try:
        return [await _asked(user, documents.get(row["file"]), row) for row in rows]
    finally:
        await answering.finished()
        await hub().close()


def _numbers(collection: Collection) -> dict[str, int]:
    return dict(collection.documents.values_list("name", "pk"))


async def _asked(user: User, document: int | None, row: dict[str, Any]) -> Fact:
    kind = f"answers: {row.get('kind', '')}"
    question = row["question"]
    if document is None:
        return Fact(row["file"], f"asked “{question}”: not read", False, kind)
    answer = await asking.ask(user, question, Wish(documents=[document], without_notes=True))
    try:
        async for _ in following.follow(user, answer.topic):
            pass
        await answering.finished()
        said = await threaded(_text)(user, answer.pk)
    finally:
        await threaded(asking.delete)(answer.conversation)
    faults = [*_faults(row, said)]
    return Fact(row["file"], f"asked “{question}”: {'; '.join(faults)}", not faults, kind)


def _text(user: User, pk: int) -> str:
    return plain(Message.objects.for_user(user).get(pk=pk).text)


def _faults(row: dict[str, Any], said: str) -> Iterator[str]:
    for wanted in row["must_contain"]:
        every = [wanted] if isinstance(wanted, str) else wanted
        if not any(says(each, said) for each in every):
            yield f"lacks {' / '.join(every[:3])}"
    yield from (f"says {text}" for text in row.get("must_not_contain", []) if says(text, said))


def says(wanted: str, text: str) -> bool:
    """A figure only as a whole one: 30 is not said by 130, 30.5 or 2030, but by 30.0."""
    wanted = plain(wanted)
    if not _FIGURE.fullmatch(wanted):
        return wanted in text
    zeros = "0*" if _DECIMALS.search(wanted) else "(?:[.,]0{1,2})?"
    whole = rf"(?<![\d.,']){re.escape(wanted)}{zeros}(?!\d|[.,']\d)"
    return re.search(whole, text) is not None
