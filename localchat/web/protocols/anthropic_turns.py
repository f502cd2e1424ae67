"""Turns as Anthropic's clients send them, in blocks, and what is asked by them."""

import base64
import binascii
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from localchat.lib.errors import BadRequest
from localchat.lib.sentences import Sentence
from localchat.web.protocols import asked, stop_sequences, tools
from localchat.web.protocols.asked import Talk
from localchat.web.protocols.tool_talk import ToolTalk
from localchat.web.protocols.tools import Calls, Tools
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
    tools: list[Block] | None = Field(None, max_length=tools.MOST)


class MessagesIn(CountIn):
    """What is not named here is not looked at."""

    max_tokens: int | None = Field(None, ge=1)
    stream: bool = False
    stop_sequences: list[str] | None = Field(None, max_length=stop_sequences.MOST)
    temperature: float | None = None
    thinking: dict[str, Any] | None = None
    tool_choice: dict[str, Any] | None = None


def turns_of(body: CountIn) -> list[Turn]:
    """The system's first. Raises BadRequest."""
    calls = Calls()
    turns = [turn for each in body.messages for turn in _turns(each, calls)]
    system = _text(body.system or "")
    return [Turn("system", system), *turns] if system else turns


def talk(body: MessagesIn) -> Talk | ToolTalk:
    """Raises BadRequest."""
    settings = {
        "temperature": body.temperature,
        "length": asked.length(body.max_tokens),
        "think": (body.thinking or {}).get("type") in {"enabled", "adaptive"},
    }
    return asked.talk(
        body.model,
        turns_of(body),
        settings,
        stop=body.stop_sequences or [],
        tools=_tools(body),
    )


def _tools(body: MessagesIn) -> Tools:
    choice = body.tool_choice or {}
    kind = choice.get("type")
    named = tools.named(choice.get("name")) if kind == "tool" else None
    wanted = {"any": "required", "tool": named}.get(str(kind), kind)
    return tools.checked([_offered(each) for each in body.tools or []], wanted)


def _offered(tool: Block) -> dict[str, object]:
    if tool.get("type") not in {None, "custom"}:
        raise BadRequest(
            Sentence("No tools are run here: only those of the client can be told of.")
        )
    return tools.offered(tool.get("name"), tool.get("description"), tool.get("input_schema"))


def _turns(said: TurnIn, calls: Calls) -> Iterator[Turn]:
    """Results of tools come before what the person says with them."""
    if isinstance(said.content, str):
        yield Turn(said.role, said.content)
        return
    results = _of_kind(said, "tool_result", "user")
    for each in results:
        content = each.get("content")
        text = _text(content if isinstance(content, str | list) else "")
        yield Turn("tool", text, answers=calls.by_id(each.get("tool_use_id")))
    images = tuple(map(_image, _of_kind(said, "image", "user")))
    called = [
        tools.called(each.get("id"), each.get("name"), each.get("input"))
        for each in _of_kind(said, "tool_use", "assistant")
    ]
    text = _text(said.content, {"tool_result", "tool_use", "image"})
    if text or images or called or not results:
        yield Turn(said.role, text, images, calls.add(called))


def _of_kind(said: TurnIn, kind: str, role: str) -> list[Block]:
    """The blocks of that kind, which only that role has."""
    found = [each for each in said.content if isinstance(each, dict) and each.get("type") == kind]
    if found and said.role != role:
        raise _refused(kind)
    return found


def _text(content: str | list[Block], beside: Iterable[str] = ()) -> str:
    """Of its blocks of text; with others than those and `beside` nobody can do anything here."""
    if isinstance(content, str):
        return content
    known = {"text", *THOUGHTS, *beside}
    for each in content:
        if not isinstance(each, dict) or each.get("type") not in known:
            raise _refused(str(each.get("type") if isinstance(each, dict) else each))
    return "\n".join(str(each.get("text", "")) for each in content if each["type"] == "text")


def _refused(kind: str) -> BadRequest:
    return BadRequest(Sentence("Blocks of the type “%(type)s” are not taken here.", type=kind[:40]))


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
