"""What every engine can do, and the values that go in and out."""

import re
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

_BASE = re.compile(r"[:_-](?:base|text|pt)(?![a-z0-9])")


class ToolCall(NamedTuple):
    """A model's wish that whoever asks it runs one of the tools that it was told of."""

    id: str
    name: str
    arguments: str  # a JSON object, in ASCII


class Turn(NamedTuple):
    role: str  # system, user, assistant or tool
    content: str
    images: tuple[bytes, ...] = ()  # JPEG, for a model that may see
    calls: tuple[ToolCall, ...] = ()  # of an assistant
    answers: ToolCall | None = None  # of a tool: the call of which this is the result


class Model(NamedTuple):
    engine: str
    name: str
    digest: str
    size: int  # bytes
    capabilities: frozenset[str]  # completion, embedding, thinking, vision…
    details: dict[str, str]  # parameter_size, quantization, family, server; only what is known
    modified: str = ""
    window: int | None = None  # tokens that the model was trained for, or that are in force
    has_template: bool = True  # of turns; without one a text is only continued
    in_force: int | None = None  # tokens of the window that a person wants of it, whatever is ours
    places: tuple[
        str, ...
    ] = ()  # addresses of the servers that have it, where there can be several
    cache_bytes: int = 0  # of memory for each token of the window; 0: not known
    tells_sight: bool = True  # whether its capabilities would have vision if it saw, and tools

    @property
    def is_base(self) -> bool:
        """Not made to chat: it continues texts, whatever is asked."""
        return not self.has_template or _BASE.search(self.name.lower()) is not None

    @property
    def can_think(self) -> bool:
        return "thinking" in self.capabilities

    @property
    def may_see(self) -> bool:
        """Whether it is worth showing it a picture: it sees, or nobody knows."""
        return "vision" in self.capabilities or not self.tells_sight

    @property
    def may_call(self) -> bool:
        """Whether it is worth telling it of tools: it can call them, or nobody knows."""
        return "tools" in self.capabilities or not self.tells_sight

    @property
    def heeds_think(self) -> bool:
        """Whether it, or its server, may be told to think or not to."""
        return self.can_think or "server" in self.details


class Call(NamedTuple):
    """What a chat model is asked. With a `schema` it can write nothing else, where it is held to it."""

    model: Model
    turns: Sequence[Turn]
    num_ctx: int  # the window, in tokens
    max_tokens: int  # of the answer
    options: Mapping[str, object] = {}
    schema: Mapping[str, object] | None = None  # JSON Schema
    think: bool = False  # before it answers, if it heeds that
    place: str = ""  # address of the server whose turn it is, where there can be several
    tools: Sequence[Mapping[str, object]] = ()  # that it may call, in OpenAI's form
    # auto, none, required, or the name of the one that is to be called, in OpenAI's form; None:
    # the engine's own way. Ollama leaves it to the model, but for none and a name.
    tool_choice: object = None


class Loaded(NamedTuple):
    name: str
    size: int  # bytes
    size_vram: int  # bytes of it on the GPU
    window: int | None  # tokens now in force
    expires: str  # ISO; empty where it stays as long as it is asked
    engine: str
    place: str = ""  # address of the server, where there can be several


class Delta(NamedTuple):
    text: str = ""
    thinking: str = ""
    done: bool = False
    reason: str = ""  # stop or length, with done
    # prompt_tokens, answer_tokens, load_seconds, prompt_seconds, answer_seconds, as counted there
    usage: dict[str, int | float] = {}
    prompt: tuple[int, int] | None = None  # tokens of it that are read, and all of them
    calls: tuple[ToolCall, ...] = ()  # of tools, each of them whole
    anew: bool = False  # what came before was taken for what it is not: this has it once more


class Request(NamedTuple):
    """A call as it goes over the wire, without a key."""

    url: str
    body: dict[str, object]


class PullStep(NamedTuple):
    status: str
    digest: str = ""
    completed: int | None = None  # bytes of this digest; may go back
    total: int | None = None  # bytes of this digest; None while unknown
    raw: dict[str, object] = {}  # the line as the engine sent it


class Pulling(Iterator[PullStep], AbstractContextManager[Iterator[PullStep]], Protocol):
    """The steps of a pull. `close` may be called from any thread and ends the iteration."""

    def close(self) -> None:
        """Close the connection now, also while the engine is silent: the engine stops pulling."""


class Engine(Protocol):
    """A module with these names is an engine. All raise EngineError and its subclasses."""

    NAME: str

    def configured(self) -> bool:
        """Whether it is worth asking; says nothing of whether it answers."""

    def probe(self) -> str:
        """Its version. Raises EngineUnreachable, which names the address tried."""

    def list_models(self) -> list[Model]: ...

    def show(self, model: str) -> Model: ...

    def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        """One unit-length vector per text, same order, all of one dimension. No text: no call."""


class ChatEngine(Engine, Protocol):
    def chat_request(self, call: Call) -> Request:
        """What `chat` sends."""

    def chat(self, call: Call) -> AsyncGenerator[Delta, None]:
        """Yield the answer in order; the last piece alone has `done`.

        Closing the generator (use contextlib.aclosing) or cancelling its task closes the
        connection, which is how an engine is told to stop.
        """

    def slots(self) -> int:
        """How many calls each of its servers takes at once; 0: all, it queues by itself."""

    async def hosts(self, call: Call) -> list[str]:
        """Its servers that may be asked, by any name, the best first. Never none."""

    def is_loaded(self, call: Call) -> bool | None:
        """Whether it need not be loaded for this call; None where that cannot be told at once."""

    def count(self, model: str, turns: Sequence[Turn]) -> int | None:
        """The tokens of a prompt by the model's own tokenizer; None where that cannot be had."""


class ManagedEngine(Engine, Protocol):
    """Its models are pulled, removed and unloaded from here."""

    def pull(self, model: str, place: str = "") -> Pulling:
        """To the server at the address `place`, where the engine has several."""

    def delete(self, model: str) -> None: ...

    def loaded(self) -> list[Loaded]: ...

    def unload(self, model: str) -> None: ...
