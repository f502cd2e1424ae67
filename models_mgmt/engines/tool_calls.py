"""Calls of tools, as engines write them and read them again."""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import uuid4

from localchat.lib.errors import EngineError
from localchat.lib.sentences import Sentence
from models_mgmt.engines import wire
from models_mgmt.engines.protocol import Call, ToolCall

LONGEST = 1_000_000  # characters of the arguments of one call
MOST = 128  # of one answer


class BadCall(EngineError):
    """The model called a tool with arguments that are no JSON object."""


def as_openai(call: ToolCall) -> dict[str, object]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}


def as_ollama(call: ToolCall) -> dict[str, object]:
    return {"function": {"name": call.name, "arguments": json.loads(call.arguments)}}


def for_ollama(call: Call) -> list[Mapping[str, object]]:
    """The tools that a model is told of where its choice cannot be told: none, one, or all."""
    if call.tool_choice == "none":
        return []
    choice = call.tool_choice if isinstance(call.tool_choice, dict) else {}
    named = wire.inner(choice, "function").get("name")
    return [each for each in call.tools if named in {None, wire.inner(each, "function")["name"]}]


def of_ollama(message: Mapping[str, object]) -> Iterator[ToolCall]:
    """Raises BadCall."""
    found = message.get("tool_calls")
    for each in found if isinstance(found, list) else []:
        function = wire.inner(each, "function") if isinstance(each, dict) else {}
        arguments = function.get("arguments") or {}
        yield _tool_call(str(each.get("id") or ""), str(function.get("name") or ""), arguments)


class _Begun(NamedTuple):
    id: str = ""
    name: str = ""
    arguments: str = ""


class Fragments:
    """Calls that come in pieces, each with the index of its call."""

    def __init__(self) -> None:
        self.begun: dict[int, _Begun] = {}

    def add(self, delta: Mapping[str, object]) -> None:
        found = delta.get("tool_calls")
        for each in found if isinstance(found, list) else []:
            if isinstance(each, dict):
                self._add(each)

    def _add(self, piece: Mapping[str, object]) -> None:
        index, function = wire.number(piece, "index"), wire.inner(piece, "function")
        before = self.begun.get(index, _Begun())
        arguments = before.arguments + str(function.get("arguments") or "")
        if len(arguments) > LONGEST or len(self.begun) > MOST:
            raise EngineError(Sentence("The engine sent a call of a tool without an end."))
        self.begun[index] = _Begun(
            before.id or str(piece.get("id") or ""),
            before.name or str(function.get("name") or ""),
            arguments,
        )

    def calls(self, *, cut: bool) -> tuple[ToolCall, ...]:
        """In their order; of an answer that was cut those that are whole. Raises BadCall."""
        found = []
        for _, (id_, name, arguments) in sorted(self.begun.items()):
            try:
                found.append(_tool_call(id_, name, json.loads(arguments or "{}")))
            except (ValueError, RecursionError, BadCall) as error:
                if not cut:
                    raise BadCall from error
        return tuple(found)


def _tool_call(id_: str, name: str, arguments: object) -> ToolCall:
    if not name or not isinstance(arguments, dict):
        raise BadCall
    return ToolCall(_plain(id_) or f"call_{uuid4().hex}", _plain(name), json.dumps(arguments))


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
