"""What a person keeps for a model: it is so in every conversation that does not say otherwise."""

from collections.abc import Mapping

from django.contrib.auth.models import User

from chat import question_parsing
from chat.manner import SETTINGS, ModelSettings
from chat.models import Message
from localchat.lib.errors import BadRequest, EngineError
from localchat.lib.sentences import Sentence
from models_mgmt import choosing
from models_mgmt.engines import Model

EMPTY = (None, "")


def of(user: User, model: str) -> ModelSettings:
    """A new row, not stored, where nothing is kept."""
    found = ModelSettings.objects.for_user(user).filter(model=model).first()
    return found or ModelSettings(owner=user, model=model)


def keep(user: User, model: str, said: Mapping[str, object]) -> ModelSettings:
    """All of them at once; where nothing is left to keep the row goes. Raises BadRequest."""
    wish = question_parsing.parse_wish({**said, "model": model})
    if not wish.model:
        raise BadRequest(Sentence("The model has no name."))
    row = of(user, _installed_as(wish.model))
    for name in SETTINGS:
        setattr(row, name, getattr(wish, name))
    row.instructions = wish.instructions or ""
    if any(value not in EMPTY for value in row.as_settings().values()):
        row.save()
    elif row.pk:
        row.delete()
    return row


def _installed_as(name: str) -> str:
    """The whole name, with its tag; one that is not installed keeps what it was called."""
    try:
        return choosing.installed_model(name).name
    except EngineError:
        return name


def put_on(answer: Message, model: Model) -> Model:
    """The model with the window in force; the answer's wish gets what is kept and not said."""
    kept = of(answer.owner, model.name).as_settings()
    unsaid = {name: kept[name] for name in SETTINGS if name not in answer.request}
    unsaid = {name: value for name, value in unsaid.items() if value not in EMPTY}
    answer.request = {**answer.request, **answer.wish._replace(**unsaid).as_json()}
    return model._replace(in_force=answer.wish.window)
