"""Turns as Anthropic's clients send them, in blocks, and what is asked by them."""

import base64
import binascii
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from localchat.lib.errors import BadRequest
from localchat.lib.sentences import Sentence
from localchat.web.protocols import asked, stop_sequences
from localchat.web.protocols.asked import Talk
from models_mgmt.engines import Turn

Block = dict[str, Any]
Blocks = Annotated[list[Block], Field(max_length=asked.MOST_PARTS)]
THOUGHTS = {"thinking", "redacted_thinking"}  # of answers before: nobody reads them again


class TurnIn(Schema):
    role: Literal["user", "assistant", "system"]
    content: str | Blocks


class CountIn(Schema):
    model: str = Field("", description="`llama3.2`, `llama3.2+`, `llama3.2+Contracts`")
    messages: list[TurnIn] = Field(min_length=1, max_length=asked.MOST_SENT)
    system: str | Blocks | None = None


class MessagesIn(CountIn):
    """What is not named here is not looked at."""

    max_tokens: int | None = Field(None, ge=1)
    stream: bool = False
    stop_sequences: list[str] | None = Field(None, max_length=stop_sequences.MOST)
    temperature: float | None = None
    thinking: dict[str, Any] | None = None


def turns_of(body: CountIn) -> list[Turn]:
    """The system's first. Raises BadRequest."""
    turns = [turn for each in body.messages for turn in _turns(each)]
    system = _text(body.system or "")
    return [Turn("system", system), *turns] if system else turns


def talk(body: MessagesIn) -> Talk:
    """Raises BadRequest."""
    settings = {
        "temperature": body.temperature,
        "length": asked.length(body.max_tokens),
        "think": (body.thinking or {}).get("type") in {"enabled", "adaptive"},
    }
    return asked.talk(body.model, turns_of(body), settings, stop=body.stop_sequences or [])


def _turns(said: TurnIn) -> Iterable[Turn]:
    if isinstance(said.content, str):
        yield Turn(said.role, said.content)
        return
    images = tuple(_image(each) for each in said.content if each.get("type") == "image")
    yield Turn(said.role, _text(said.content, {"image"}), images)


def _text(content: str | list[Block], beside: Iterable[str] = ()) -> str:
    """Of its blocks of text; with others than those and `beside` nobody can do anything here."""
    if isinstance(content, str):
        return content
    known = {"text", *THOUGHTS, *beside}
    for each in content:
        if each.get("type") not in known:
            raise BadRequest(
                Sentence(
                    "Blocks of the type “%(type)s” are not taken here.",
                    type=str(each.get("type"))[:40],
                )
            )
    return "\n".join(str(each.get("text", "")) for each in content if each["type"] == "text")


def _image(block: Block) -> bytes:
    source = block.get("source")
    source = source if isinstance(source, dict) else {}
    if source.get("type") != "base64":
        raise BadRequest(
            Sentence("Pictures are sent in base64: nothing is fetched from elsewhere.")
        )
    try:
        return base64.b64decode(str(source.get("data")), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest(Sentence("The picture is no base64.")) from error
