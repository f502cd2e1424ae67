"""All conversations of a person in one file, which is gone when it has been sent."""

import json
import re
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator
from typing import IO

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.utils import timezone

from chat.exchange import markdown, record
from chat.models import Conversation

BLOCK = 1 << 18  # bytes
IN_MEMORY = 8 << 20  # bytes
AT_ONCE = 50  # conversations
LONGEST_NAME = 80  # characters

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+')


def as_json(user: User) -> IO[bytes]:
    """One object with all of them."""
    file = _new()
    opening = json.dumps(record.head(), ensure_ascii=False)[:-1]
    file.write(f'{opening}, "conversations": ['.encode())
    for number, each in enumerate(_conversations(user)):
        file.write(b",\n" if number else b"\n")
        file.write(_dumped(record.of_conversation(each)))
    file.write(b"\n]}\n")
    return file


def as_zip(user: User) -> IO[bytes]:
    """Each as Markdown in its folder, and each as JSON, to be imported again."""
    file = _new()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in _conversations(user):
            folder = f"{file_name(each.folder)}/" if each.folder else ""
            day = timezone.localdate(each.created).isoformat()
            name = f"{folder}{day} {file_name(each.title)} ({each.pk}).md"
            packed.writestr(name, markdown.of_conversation(each))
            whole = record.envelope([record.of_conversation(each)])
            packed.writestr(f"json/conversation-{each.pk}.json", _dumped(whole))
    return file


def _new() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(IN_MEMORY)  # type: ignore[return-value]


def _conversations(user: User) -> Iterator[Conversation]:
    mine = Conversation.objects.for_user(user).kept()
    return mine.order_by("created", "pk").iterator(AT_ONCE)


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def file_name(title: str) -> str:
    """A part of a path that every system takes, and that shows no other ending than it has."""
    name = " ".join(_NOT_IN_NAMES.sub(" ", title).split())[:LONGEST_NAME].strip(" .")
    return name or "conversation"


class Blocks:
    """What is in the file, from its beginning; `close` does so with the file."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.close = file, file.close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await sync_to_async(self.file.seek)(0)
        while block := await sync_to_async(self.file.read)(BLOCK):
            yield block
