"""What is exported, by its form: a name for the file, its kind and its bytes."""

import json
from collections.abc import Callable
from typing import IO, NamedTuple

from django.contrib.auth.models import User
from django.utils import timezone

from chat.exchange import archive, markdown, page, record
from chat.models import Conversation, Message

MARKDOWN, JSON, HTML = (
    "text/markdown; charset=utf-8",
    "application/json",
    "text/html; charset=utf-8",
)


class Exported(NamedTuple):
    name: str
    kind: str
    body: bytes


class ExportedFile(NamedTuple):
    name: str
    kind: str
    file: IO[bytes]


def answer(found: Message, form: str) -> Exported | None:
    """None for a form that there is not."""
    name = archive.file_name(found.question.text if found.question else "")
    if form == "markdown":
        return Exported(f"{name}.md", MARKDOWN, markdown.of_answer(found).encode())
    if form == "json":
        return Exported(f"{name}.json", JSON, _dumped(record.of_answer(found)))
    if form == "html":
        return Exported(f"{name}.html", HTML, page.of_answer(found).encode())
    return None


def conversation(found: Conversation, form: str) -> Exported | None:
    """As Markdown what is shown, as JSON all of it. None for a form that there is not."""
    name = archive.file_name(found.title)
    if form == "markdown":
        return Exported(f"{name}.md", MARKDOWN, markdown.of_conversation(found).encode())
    if form == "json":
        return Exported(f"{name}.json", JSON, _dumped(record.of_conversation(found)))
    return None


def every(user: User, form: str) -> ExportedFile | None:
    """All that the person keeps. None for a form that there is not."""
    forms: dict[str, tuple[str, Callable[[User], IO[bytes]]]] = {
        "json": (JSON, archive.as_json),
        "zip": ("application/zip", archive.as_zip),
    }
    if form not in forms:
        return None
    kind, pack = forms[form]
    day = timezone.localdate().isoformat()
    return ExportedFile(f"conversations {day}.{form}", kind, pack(user))


def _dumped(one: dict[str, object]) -> bytes:
    whole = record.envelope([one])
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()
