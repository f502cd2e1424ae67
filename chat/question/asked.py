"""A question on its way to an answer, with what every way of answering needs to know of it."""

from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings

from chat.prompt import NOTHING_OWN, RESERVE, Own
from chat.question_parsing import Wish
from chat.record.talk import Talk
from chat.record.transcript import NO_IMAGES, Images, Transcript
from localchat.lib.errors import LocalChatError
from models_mgmt.engines import Model

THOUGHTS = 2048  # tokens of thoughts before an answer, or a quarter of the window
UNCOUNTED = 16  # tokens that a prompt may have beside those that we count
WINDOW = 8192  # num_ctx, or the model's own window if that is smaller


class Asked(NamedTuple):
    question: str  # as it was put
    standalone: str  # with what it leans on in the talk before it; the same if it leans on nothing
    talk: Talk
    model: Model | None
    problem: LocalChatError | None = None  # why no model answers, where there may be one
    as_sent: Transcript | None = None  # the talk as the model has read it, if that is worth while
    quote: str = ""  # what it is about, of what was said or read
    own: Own = NOTHING_OWN
    images: Images = NO_IMAGES  # of the talk, where the model may see
    shown: tuple[bytes, ...] = ()  # pictures of this question

    @property
    def leans(self) -> bool:
        return self.standalone != self.question

    @property
    def before(self) -> str:
        """The question before; empty if there is none."""
        said = [turn["content"] for turn in self.talk if turn["role"] == "user"]
        return said[-1] if said else ""


def window(model: Model | None) -> int:
    """Tokens of the prompt and its answer together."""
    wanted = (model and model.in_force) or WINDOW
    return min(wanted, (model and model.window) or wanted)


def room_for_answer(
    model: Model, prompt_tokens: float, thoughts: int = 0, wanted: int | None = None
) -> int:
    """Tokens: what the prompt leaves of the window, at most `wanted` or ANSWER_TOKENS."""
    left = window(model) - thoughts - int(prompt_tokens) - UNCOUNTED
    return min(wanted or settings.ANSWER_TOKENS, max(RESERVE, left))


def room_kept(model: Model, wanted: int | None) -> int:
    """Tokens of the window that the prompt leaves, so that an answer of `wanted` has room."""
    return max(RESERVE, min(wanted or 0, window(model) // 2))


def warmth(wish: Wish, usual: Mapping[str, object]) -> Mapping[str, object]:
    """The options of a call: a temperature that is wished for, in place of the usual one."""
    return usual if wish.temperature is None else {**usual, "temperature": wish.temperature}


def room_for_thoughts(model: Model, *, think: bool) -> int:
    """Tokens of the window; none where the model is not to think, or cannot."""
    return min(THOUGHTS, window(model) // 4) if think and model.heeds_think else 0
