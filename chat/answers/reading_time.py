"""How long reading will take with a model, from what its earlier answers took."""

from django.contrib.auth.models import User

from chat.models import Message
from models_mgmt.engines import Model

LOOK_ANSWERS = 20
NOTED = 0.5  # of what a part's notes may be, they usually are


def seconds(user: User, model: Model, *, tokens: int, parts: int, note_tokens: int) -> float | None:
    """For so many tokens to be read in so many parts; None when nothing was measured yet."""
    answers = Message.objects.for_user(user).answers().filter(model=model.name).order_by("-pk")
    used = list(answers.values_list("usage", flat=True)[:LOOK_ANSWERS])
    reading = _rate(used, "prompt_tokens", "prompt_seconds")
    writing = _rate(used, "answer_tokens", "answer_seconds")
    if not reading or not writing:
        return None
    return tokens / reading + parts * NOTED * note_tokens / writing


def of_prompt(user: User, model: Model, tokens: int) -> float | None:
    """Seconds until a prompt of so many tokens is read; None when nothing was measured yet.

    By the slower of its earlier answers: the quicker ones began as the one before them did, and
    an engine does not read again what it has kept.
    """
    answers = Message.objects.for_user(user).answers().filter(model=model.name).order_by("-pk")
    used = list(answers.values_list("usage", flat=True)[:LOOK_ANSWERS])
    rates = sorted(
        rate for each in used if (rate := _rate([each], "prompt_tokens", "prompt_seconds"))
    )
    return tokens / rates[len(rates) // 4] if rates else None


def _rate(used: list[dict[str, float]], tokens: str, seconds: str) -> float:
    measured = [each for each in used if each.get(tokens) and each.get(seconds)]
    taken = sum(float(each[seconds]) for each in measured)
    return sum(float(each[tokens]) for each in measured) / taken if taken else 0.0


def spoken(seconds: float | None) -> str:
    """`, about 6 minutes`; nothing when it is not known."""
    if seconds is None:
        return ""
    if seconds < 90:
        return f", about {max(5, round(seconds / 5) * 5)} seconds"
    if seconds < 5_400:
        return f", about {round(seconds / 60)} minutes"
    return f", about {round(seconds / 3_600)} hours"
