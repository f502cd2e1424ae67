"""A file that is to be imported: what it is, and what is in it."""

import json
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from chat.exchange import record
from chat.exchange.incoming import chatgpt, open_webui, own, values
from chat.exchange.incoming.shapes import IncomingConversation
from chat.exchange.incoming.values import NotImportable
from localchat.lib.errors import TooLarge
from localchat.lib.sentences import Sentence

MOST_BYTES = 128 << 20  # of one JSON
MOST_BYTES_UNPACKED = 1 << 30  # of all in one archive
MOST_CONVERSATIONS = 20_000
MOST_FILES = 40_000  # of an archive

# ChatGPT has one, or several with numbers; ours has one for each conversation.
_LISTS = re.compile(r"(?:^|/)conversations?(?:-\d+)?\.json$")
PACKED = b"PK\x03\x04"


def conversations(file: IO[bytes]) -> Iterator[IncomingConversation]:
    """Raises NotImportable and TooLarge, also on the way."""
    beginning = file.read(len(PACKED))
    file.seek(0)
    for raw in _unpacked(file) if beginning == PACKED else [_within(file, MOST_BYTES)]:
        yield from _of_json(raw)


def _within(file: IO[bytes], most: int) -> bytes:
    raw = file.read(most + 1)
    if len(raw) > most:
        raise TooLarge(
            Sentence("This file is too large to be imported. It may have %(n)s MB.", n=most >> 20)
        )
    return raw


def _unpacked(file: IO[bytes]) -> Iterator[bytes]:
    """The lists of conversations in an archive; what it says of their sizes is not believed."""
    left, found = MOST_BYTES_UNPACKED, 0
    try:
        with zipfile.ZipFile(file) as packed:
            for entry in packed.infolist()[:MOST_FILES]:
                if not _LISTS.search(entry.filename):
                    continue
                with packed.open(entry) as opened:
                    raw = _within(opened, min(left, MOST_BYTES))
                left, found = left - len(raw), found + 1
                yield raw
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise NotImportable(Sentence("This archive cannot be unpacked.")) from error
    if not found:
        raise NotImportable(Sentence("There are no conversations in this archive."))


def _of_json(raw: bytes) -> Iterator[IncomingConversation]:
    whole = _parsed(raw)
    if isinstance(whole, dict) and whole.get("format") == record.FORMAT:
        if whole.get("version") != record.VERSION:
            raise NotImportable(Sentence("This file is from another version of LocalChat."))
        given = values.rows(whole.get("conversations"), "conversations", MOST_CONVERSATIONS)
        yield from map(own.conversation, given)
        return
    listed = whole if isinstance(whole, list) else [whole]
    for each in values.rows(listed, "conversations", MOST_CONVERSATIONS):
        yield _foreign(each)


def _foreign(found: object) -> IncomingConversation:
    if isinstance(found, dict) and chatgpt.is_one(found):
        return chatgpt.conversation(found)
    if isinstance(found, dict) and open_webui.is_one(found):
        return open_webui.conversation(found)
    raise NotImportable(
        Sentence(
            "This file is not one of those that can be imported: conversations of LocalChat,"
            " of Open WebUI or of ChatGPT, as JSON or in a .zip."
        )
    )


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotImportable(Sentence("This file is not JSON, or it is damaged.")) from error


def _no_number(name: str) -> None:
    raise ValueError(name)
