"""What a test may ask of the stand-in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Script:
    """One chat. Counts are in tokens sent: a word with the space after it is a token."""

    answer: str | Callable[[list[dict]], str] = "This is an answer. "
    rate: float = 0.0  # tokens a second; 0: as fast as they are taken
    first_byte_delay: float = 0.0  # seconds, no headers sent meanwhile, as while a model loads
    thinking: str = ""  # only by models that can, and when asked to
    thinks_always: bool = False  # also when told not to
    done_reason: str | None = "stop"  # None: absent
    status: int = 200  # another: refused with `error`
    error: str = "model runner has unexpectedly stopped"
    error_after: int | None = None  # an error line in the 200 stream
    cut_after: int | None = None  # the body ends properly, without a done line
    reset_after: int | None = None  # the connection is reset in the middle of a line
    stall_after: int | None = None  # silence, the connection stays
    # How lines reach the socket; bare: whole, but the last one without its newline.
    writes: Literal["lines", "halves", "pairs", "bytes", "bare"] = "lines"
    tells_sizes: bool = True  # /v1 only: the window, in the refusal of a prompt that is too long
    early_headers: bool = False  # /v1 only: sent before the first byte's delay
    reads: tuple[int, ...] = ()  # llama.cpp only, when asked to: tokens of the prompt that are read
    whole: bool = False  # all of the answer in one line
    final_text: bool = False  # the last token comes with the done line
    metrics: bool = True
    seen: float = 1.0  # of the prompt, as by an engine that cuts it silently
    calls: tuple[tuple[str, dict], ...] = ()  # of tools, by name, where it was told of some
    blank_tokens: bool = False  # an empty content line before every token
    remote_host: str = ""


@dataclass(frozen=True)
class Embeds:
    delay: float = 0.0  # seconds for each text
    status: int = 200
    error: str = "llama runner process has terminated"
    wrong: Literal["", "short", "nan", "zero", "dimension", "words"] = ""


@dataclass(frozen=True)
class Reranks:
    delay: float = 0.0  # seconds before anything is sent
    status: int = 200
    error: str = "slot unavailable"
    results: list | None = None  # in place of the true ones
    top_n: int | None = None  # at most so many, whatever was asked for
    dribbles: float = 0.0  # seconds between two bytes: never silent, never done


@dataclass(frozen=True)
class Pulls:
    layers: tuple[int, ...] = (4_000_000, 1_000_000, 500)  # bytes; the last is the config
    seconds: float = 0.2  # for all of it
    ticks: int = 8  # lines a layer
    cached: frozenset[int] = field(default_factory=frozenset)  # layers that are there already
    regress: bool = False  # `completed` goes back once
    unknown_total: bool = False  # the first lines have no total
    removing: bool = False  # an older version left layers
    verify_seconds: float = 0.0
    error_at: float | None = None  # fraction of the bytes
    error: str = "max retries exceeded: unexpected EOF"
    stall_at: float | None = None
    repeats: bool = False  # the last line all the while that it stalls, as Ollama does
    cut_at: float | None = None
