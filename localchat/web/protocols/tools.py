"""Tools as clients tell of them, and whose results they send."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chat.question_parsing import storable
from localchat.lib.errors import BadRequest
from localchat.lib.sentences import Sentence
from models_mgmt.engines import ToolCall

MOST = 128
NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
UNKNOWN = Sentence("The result of a tool must follow the call that it answers.")


class Tools(NamedTuple):
    """In OpenAI's form."""

    offered: list[dict[str, object]] = []
    choice: object = None  # as `engines.Call` has it


def offered(name: object, description: object, parameters: object) -> dict[str, object]:
    """A tool of the client's. Raises BadRequest."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise BadRequest(
            Sentence("The name of a tool has up to 128 letters, digits, dashes and underlines.")
        )
    if not isinstance(parameters, dict | None):
        raise BadRequest(
            Sentence("What the tool %(name)s takes has to be told as JSON Schema.", name=name)
        )
    function: dict[str, object] = {"name": name, "description": str(description or "")}
    function["parameters"] = parameters or {"type": "object", "properties": {}}
    told: dict[str, object] = json.loads(storable(json.dumps(function, ensure_ascii=False)))
    return {"type": "function", "function": told}


def called(id_: object, name: object, arguments: object) -> ToolCall:
    """A call that was made before; its arguments are an object. Raises BadRequest."""
    if not (isinstance(name, str) and isinstance(arguments, dict)):
        raise BadRequest(Sentence("A call of a tool has a name, and an object as its arguments."))
    return ToolCall(storable(str(id_)), storable(name), json.dumps(arguments))


def parsed(arguments: object) -> object:
    """Of a call, as JSON; None where they are not."""
    try:
        return json.loads(arguments) if isinstance(arguments, str) else arguments
    except (ValueError, RecursionError):
        return None


def named(name: object) -> dict[str, object]:
    """The choice of one tool."""
    return {"type": "function", "function": {"name": name}}


def checked(tools: Sequence[Mapping[str, Any]], choice: object) -> Tools:
    """Of those that `offered` made. Raises BadRequest."""
    if len(tools) > MOST:
        raise BadRequest(Sentence("At most %(most)s tools can be told of.", most=MOST))
    names = {each["function"]["name"] for each in tools}
    is_named = isinstance(choice, dict) and choice in [named(name) for name in names]
    if not (is_named or choice in (None, "auto", "none", "required")):
        raise BadRequest(
            Sentence("The choice of a tool is auto, none, required, or one that is told of.")
        )
    return Tools([dict(each) for each in tools], choice)


class Calls:
    """What was called in a talk, in its order, so that results find it."""

    def __init__(self) -> None:
        self.open: list[ToolCall] = []

    def add(self, calls: Sequence[ToolCall]) -> tuple[ToolCall, ...]:
        self.open += calls
        return tuple(calls)

    def by_id(self, id_: object) -> ToolCall:
        """Raises BadRequest."""
        return self._taken([each for each in self.open if each.id == id_])

    def by_name(self, name: str) -> ToolCall:
        """The first that has no result yet; of any name where none is told. Raises BadRequest."""
        return self._taken([each for each in self.open if name in {"", each.name}])

    def _taken(self, found: Sequence[ToolCall]) -> ToolCall:
        if not found:
            raise BadRequest(UNKNOWN)
        self.open.remove(found[0])
        return found[0]
