"""What is to be imported, whatever it came as."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from chat.pictures import Small


class IncomingSource(NamedTuple):
    facts: dict[str, Any]  # fields of the row
    document: str = ""  # what tells its document again: name, and sha256 of the content
    sha256: str = ""


class IncomingMessage(NamedTuple):
    role: str
    previous: int | None  # place in the list, before this one
    text: str
    facts: dict[str, Any] = {}  # fields of the row
    created: datetime | None = None
    sources: Sequence[IncomingSource] = ()
    pictures: Sequence[Small] = ()


class IncomingConversation(NamedTuple):
    uid: UUID  # by which it is known when it comes again
    facts: dict[str, Any]  # fields of the row
    messages: Sequence[IncomingMessage]
    shown: int | None  # place in the list
    created: datetime | None = None
    touched: datetime | None = None
