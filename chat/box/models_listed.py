"""The models that may answer a conversation, with what is known of each."""

from typing import NamedTuple

from django.contrib.auth.models import User

from chat.record import writing_rates
from models_mgmt import choosing
from models_mgmt.engines import Model


class Choice(NamedTuple):
    name: str
    parameters: str
    size: int  # bytes; 0: not known
    window: int | None
    rate: float | None  # tokens a second, as it has written before
    thinks: bool
    sees: str  # yes, maybe where nobody knows, or empty


class Choices(NamedTuple):
    models: list[Choice]
    used: str  # empty: none answers
    is_gone: bool  # what is used is not installed where engines answer
    problem: str
    thinks: bool


def choices(user: User, kept: str) -> Choices:
    """`kept`: the conversation's own; else the person's usual one is used."""
    found = choosing.installed()
    rates = writing_rates.by_model(user)
    models = [_choice(each, rates) for each in found.models if choosing.can_chat(each)]
    usual = choosing.answering(user) if not kept else None
    used = kept or (usual.model.name if usual and usual.model else "")
    mine = next((each for each in models if each.name == used), None)
    problem = usual.problem if usual else ""
    if kept and mine is None:
        problem = next(iter(found.problems), "")
    return Choices(
        models, used, bool(kept) and not mine and not problem, problem, bool(mine and mine.thinks)
    )


def _choice(model: Model, rates: dict[str, float]) -> Choice:
    return Choice(
        model.name,
        model.details.get("parameter_size", ""),
        model.size,
        model.window,
        rates.get(model.name),
        model.can_think,
        "yes" if "vision" in model.capabilities else "maybe" * model.may_see,
    )
