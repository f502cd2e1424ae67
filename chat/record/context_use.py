"""How full the model's window was when an answer ended, by our own counts."""

from collections.abc import Sequence
from typing import NamedTuple

from chat.models import Message, Provenance
from chat.question_parsing import Wish


class ContextUse(NamedTuple):
    tokens: int  # of the prompt and its answer
    window: int

    @property
    def is_half(self) -> bool:
        return 2 * self.tokens >= self.window


def last(answers: Sequence[Message]) -> ContextUse | None:
    """Of the last of these answers that a model wrote, where its window is known."""
    asked = [answer.pk for answer in answers if answer.model and not answer.is_writing]
    rows = Provenance.objects.filter(message__in=asked).exclude(turns=[])
    row = rows.select_related("message").order_by("-message").first()
    return of(row) if row else None


def of(row: Provenance) -> ContextUse | None:
    options = row.body.get("options")
    window = options.get("num_ctx") if isinstance(options, dict) else None
    window = window or Wish.from_request(row.message.request).window
    written = int(row.message.usage.get("answer_tokens") or 0)
    return ContextUse(row.tokens + written, int(window)) if window else None
