"""Turns as OpenAI's clients send them, and what is asked by them."""

from collections.abc import Iterator
from typing import Annotated, Any

from ninja import Field, Schema

from localchat.lib.errors import BadRequest
from localchat.lib.sentences import Sentence
from localchat.web.protocols import asked, stop_sequences, tools
from localchat.web.protocols.asked import Talk
from localchat.web.protocols.tool_talk import ToolTalk
from models_mgmt.engines import ToolCall, Turn

Object = dict[str, Any]


class TurnIn(Schema):
    role: str
    content: str | Annotated[list[Object], Field(max_length=asked.MOST_PARTS)] | None = ""
    tool_calls: list[Object] | None = Field(None, max_length=tools.MOST)
    tool_call_id: str | None = Field(None, description="Of role tool: whose result this is")


class Streaming(Schema):
    include_usage: bool = False


class ChatIn(Schema):
    """What is not named here is not looked at."""

    model: str = Field("", description="`llama3.2`, `llama3.2+`, `llama3.2+Contracts`")
    messages: list[TurnIn] = Field(max_length=asked.MOST_SENT)
    stream: bool = False
    stream_options: Streaming | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    stop: str | Annotated[list[str], Field(max_length=stop_sequences.MOST)] | None = None
    tools: list[Object] | None = Field(None, max_length=tools.MOST)
    tool_choice: str | Object | None = None
    store: bool | None = Field(None, description="Keep it as a conversation")


def talk(body: ChatIn) -> Talk | ToolTalk:
    """Raises BadRequest."""
    length = asked.length(body.max_completion_tokens or body.max_tokens)
    return asked.talk(
        body.model,
        list(_turns(body.messages)),
        {"temperature": body.temperature, "length": length},
        stop=[body.stop] if isinstance(body.stop, str) else body.stop or [],
        keep=bool(body.store),
        tools=tools.checked([offered(each) for each in body.tools or []], body.tool_choice),
    )


def offered(tool: Object) -> dict[str, object]:
    """Raises BadRequest."""
    function = _function(tool)
    return tools.offered(
        function.get("name"), function.get("description"), function.get("parameters")
    )


def _turns(messages: list[TurnIn]) -> Iterator[Turn]:
    calls = tools.Calls()
    for each in messages:
        turn = Turn(each.role, _text(each.content))
        if each.role == "assistant" and each.tool_calls:
            turn = turn._replace(calls=calls.add([_call(one) for one in each.tool_calls]))
        elif each.role == "tool":
            turn = turn._replace(answers=calls.by_id(each.tool_call_id))
        yield turn


def _call(said: Object) -> ToolCall:
    function = _function(said)
    arguments = tools.parsed(function.get("arguments") or "{}")
    return tools.called(said.get("id"), function.get("name"), arguments)


def _function(said: Object) -> Object:
    function = said.get("function")
    return function if isinstance(function, dict) else {}


def _text(content: str | list[Object] | None) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    if any(part.get("type") != "text" for part in content):
        raise BadRequest(Sentence("Turns are of text here."))
    return "\n".join(str(part.get("text", "")) for part in content)
