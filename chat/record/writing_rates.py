"""How quickly models have written for a person, as they counted it themselves."""

from statistics import median

from django.contrib.auth.models import User

from chat.models import Message
from models_mgmt import writing_speeds

LOOKED_AT = 200  # answers
LATEST = 9  # of them of one model
FEWEST = 20  # tokens: what is shorter tells nothing


def by_model(user: User) -> dict[str, float]:
    """Tokens a second."""
    answers = Message.objects.for_user(user).answers().exclude(model="").order_by("-pk")
    found: dict[str, list[float]] = {}
    for model, usage in answers.values_list("model", "usage")[:LOOKED_AT]:
        tokens, seconds = usage.get("answer_tokens") or 0, usage.get("answer_seconds") or 0
        if tokens >= FEWEST and seconds > 0:
            found.setdefault(model, []).append(tokens / seconds)
    return {model: median(rates[:LATEST]) for model, rates in found.items()}


def register() -> None:
    writing_speeds.also(by_model)
