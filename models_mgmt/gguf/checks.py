"""Whether a GGUF file is a chat model that can run here; if not, why, in a sentence."""

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

from localchat.lib.sentences import Sentence
from models_mgmt.gguf.facts import Facts, facts_of
from models_mgmt.gguf.header import Header, Incomplete, NotGguf, header_of

USUAL_WINDOW = 8192  # tokens, for which memory is reckoned
BESIDE_BYTES = 300_000_000  # of memory for all else: the program, its buffers, the system
CGROUP = Path("/sys/fs/cgroup/memory.max")


class Refused(ValueError):
    """The file cannot be used; the message is a sentence with its name."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(message)
        self.message = message


class Checked(NamedTuple):
    facts: Facts
    size: int  # bytes


def checked(path: Path, name: str, size: int | None = None) -> Checked:
    """What the file is. Raises Refused, OSError.

    With `size` it is judged as if it had so many bytes already: the rest is on its way.
    """
    try:
        header = header_of(path)
    except NotGguf as error:
        raise Refused(Sentence("%(name)s %(why)s.", name=name, why=error.why)) from error
    size = path.stat().st_size if size is None else size
    facts = facts_of(header)
    if problem := _problem(header, facts, size):
        raise Refused(Sentence("%(name)s %(why)s", name=name, why=problem))
    return Checked(facts, size)


def is_hopeless(path: Path, name: str, size: int) -> str:
    """Why a file of which the first bytes have come will be refused; empty if that is not known."""
    try:
        checked(path, name, size)
    except Refused as error:
        return "" if isinstance(error.__cause__, Incomplete) else error.message
    return ""


def _problem(header: Header, facts: Facts, size: int) -> str:
    """The rest of the sentence; empty if there is none."""
    if header.number("split.count") > 1:
        return Sentence("is one part of several. Join them into one file first.")
    if facts.architecture not in architectures():
        return Sentence(
            "cannot chat here: its architecture (%(known)s) is not one that the engine knows.",
            known=facts.architecture[:40] or Sentence("none"),
        )
    if size < header.size:
        return Sentence(
            "is not whole: %(there)s of %(all)s MB are there.",
            there=_mega(size),
            all=_mega(header.size),
        )
    if not header.text("tokenizer.ggml.model") or not header.number("tokenizer.ggml.tokens#"):
        return Sentence("has no tokenizer.")
    if not facts.template:
        return Sentence("has no chat template: it continues texts, but does not answer.")
    return _too_large(facts, size)


def _too_large(facts: Facts, size: int) -> str:
    window = min(facts.window or USUAL_WINDOW, USUAL_WINDOW)
    needed = size + facts.cache_bytes * window + BESIDE_BYTES
    if needed <= (there := memory()):
        return ""
    return Sentence(
        "needs %(needed)s GB of memory, and this machine has %(there)s.",
        needed=_giga(needed),
        there=_giga(there),
    )


def memory() -> int:
    """Bytes that this machine, or this container, has in all."""
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        allowed = CGROUP.read_text(encoding="ascii").strip()
    except OSError:
        return there
    return min(there, int(allowed)) if allowed.isdigit() else there


@cache
def architectures() -> frozenset[str]:
    lines = Path(__file__).with_name("architectures.txt").read_text(encoding="ascii").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def _mega(size: int) -> int:
    return round(size / 1e6)


def _giga(size: int) -> float:
    return round(size / 1e9, 1)
