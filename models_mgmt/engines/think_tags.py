"""Thoughts that a model writes into its reply, told from the answer.

Ollama, llama.cpp and vLLM tell them apart themselves where they know the model's template; else
they come in the text, between tags, or before a lone closing one where the template has opened
them in the prompt.
"""

import re
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing

from models_mgmt.engines.protocol import Call, Delta

# As reasoning models and their templates write them.
TAGS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "<seed:think>": "</seed:think>",
    "[THINK]": "[/THINK]",
    "◁think▷": "◁/think▷",
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "<|START_THINKING|>": "<|END_THINKING|>",
    "<|channel|>analysis<|message|>": "<|end|>",
}
# What may stand before the answer and is no part of it.
SKIPPED = ("<|start|>assistant", "<|channel|>final<|message|>", "</think>", "</thinking>")

_LONE = ("</think>", "</thinking>")
_LONE_TAG = re.compile("|".join(_LONE))
_OPENED = re.compile(r"<think(?:ing)?>")
_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~)", re.MULTILINE)

# Models whose template opens the thoughts in the prompt, and whether they were asked to think.
_unopened: set[tuple[str, str, str, bool]] = set()


async def told_apart(
    pieces: AsyncGenerator[Delta, None], call: Call
) -> AsyncGenerator[Delta, None]:
    """The same pieces, with what stands between tags as `thinking`."""
    model = call.model
    key = (model.engine, model.name, model.digest, call.think)
    tags = ThinkTags(unopened=key in _unopened)
    async with aclosing(pieces):
        async for piece in pieces:
            found = tags.take(piece)
            if found != Delta():
                yield found
    if tags.was_unopened:
        _unopened.add(key)
    else:
        _unopened.discard(key)


class ThinkTags:
    """One reply, in pieces of any size. What cannot be told yet is held back.

    `unopened`: the model is known to begin with its thoughts, without an opening tag.
    """

    def __init__(self, *, unopened: bool = False) -> None:
        self.held = ""
        self.closing = "</think>" if unopened else ""  # the tag that ends the thoughts
        self.is_guess = unopened  # that these are thoughts
        self.is_answer = False
        self.is_marked = False  # by tags, or by the engine: no lone closing tag is to come
        self.was_unopened = False
        self.told = ""  # while what was told may have to be told anew

    def take(self, piece: Delta) -> Delta:
        if piece.thinking:
            self._trust_engine()
        self.held += piece.text
        found = self._found()
        if piece.done:
            found = self._ended(found, piece.reason)
        thinking = piece.thinking + found.thinking
        return piece._replace(text=found.text, thinking=thinking, anew=found.anew)

    def _trust_engine(self) -> None:
        """It tells them apart: what comes as text is no thought."""
        self.is_marked = True
        if self.is_guess:
            self.closing, self.is_guess = "", False

    def _found(self) -> Delta:
        thinking = ""
        while self.held and not self.is_answer:
            if not self.closing:
                if not self._begin():
                    break
                continue
            thinking += self._thoughts()
            if self.closing:
                break
        if not self.is_answer:
            return Delta("", thinking)
        if not self.is_marked:
            return self._watched()
        text, self.held = self.held, ""
        return Delta(text, thinking)

    def _begin(self) -> bool:
        """Look what the reply begins with; False while that cannot be told."""
        start = self.held.lstrip()
        for tag in (*TAGS, *SKIPPED):
            if start.startswith(tag):
                self.closing = TAGS.get(tag, "")
                self.held = start[len(tag) :].lstrip()
                self.is_marked = True
                return True
        if _may_become(start, (*TAGS, *SKIPPED)):
            return False
        self.is_answer = True
        self.held = start if self.is_marked else self.held
        return True

    def _thoughts(self) -> str:
        """What of them is sure; behind the closing tag the reply begins again."""
        if self.is_guess and not self.told and self._opens_after_all():
            return ""
        thoughts, tag, rest = self.held.partition(self.closing)
        if tag:
            self.was_unopened = self.was_unopened or self.is_guess
            self.closing, self.is_guess, self.is_marked = "", False, True
            self.held = rest
        else:
            thoughts, self.held = _split(thoughts, _beginning_of(self.closing, thoughts))
        self.told += thoughts
        return thoughts if self.told.strip() else ""

    def _opens_after_all(self) -> bool:
        """Whether thoughts that are known to be unopened may begin with a tag this time."""
        start = self.held.lstrip()
        if start.startswith(tuple(TAGS)):
            self.closing, self.is_guess = "", False
            self._begin()
        return _may_become(start, TAGS)

    def _watched(self) -> Delta:
        """The answer, unless a closing tag alone tells that all before it were thoughts."""
        found = _LONE_TAG.search(self.held)
        if found is None:
            kept = max(_beginning_of(tag, self.held) for tag in _LONE)
            text, self.held = _split(self.held, kept)
            self.told += text
            return Delta(text)
        before, after = self.told + self.held[: found.start()], self.held[found.end() :]
        stands_alone = not before.rpartition("\n")[2].strip()
        if not stands_alone and not after.strip(" \t"):
            return Delta()  # the rest of its line comes yet
        self.is_marked = True
        text, self.held = self.held, ""
        if _is_quoted(before) or not (stands_alone or after.lstrip(" \t").startswith("\n")):
            return Delta(text)
        self.was_unopened = True
        self.is_answer, self.held = False, after
        found_after = self._found()
        return Delta(found_after.text, before + found_after.thinking, anew=True)

    def _ended(self, found: Delta, reason: str) -> Delta:
        """With what was held back. Thoughts that were only taken for such are the answer."""
        if self.is_guess and reason != "length":
            return Delta(self.told + self.held, anew=True)
        if self.is_answer and _LONE_TAG.search(self.held):
            self.held += "\n"
            lone = self._watched()
            return lone._replace(text=lone.text.removesuffix("\n"))
        rest, self.held = self.held, ""
        if self.closing:
            self.was_unopened = self.is_guess
            return found._replace(thinking=found.thinking + rest)
        is_blank = self.is_marked and not self.is_answer and not rest.strip()
        return found._replace(text=found.text + ("" if is_blank else rest))


def _may_become(start: str, tags: Iterable[str]) -> bool:
    return any(tag.startswith(start) for tag in tags)


def _beginning_of(tag: str, text: str) -> int:
    """How many characters at the text's end may be the beginning of the tag."""
    most = min(len(tag) - 1, len(text))
    return next((size for size in range(most, 0, -1) if tag.startswith(text[-size:])), 0)


def _split(text: str, kept: int) -> tuple[str, str]:
    """The text, and so many characters of its end apart."""
    place = len(text) - kept
    return text[:place], text[place:]


def _is_quoted(before: str) -> bool:
    """Whether a closing tag after this text is spoken of, or stands in code."""
    return bool(_OPENED.search(before)) or len(_FENCE.findall(before)) % 2 == 1
