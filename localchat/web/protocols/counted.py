"""How many tokens a prompt would have, by the tokenizer of its model alone."""

from collections.abc import Sequence

from django.contrib.auth.models import User

from chat import prompt
from chat.prompt import Own
from chat.question import model_settings
from localchat.lib.errors import LocalChatError
from localchat.lib.sentences import Sentence
from localchat.web.protocols import asked
from models_mgmt import choosing, engines
from models_mgmt.engines import Model, Turn


class CannotCount(LocalChatError):
    """How many tokens that has cannot be told."""

    status, code = 501, "not_counted"

    def headers(self) -> dict[str, str]:
        """Clients ask again after most failures of a server; after this one that is in vain."""
        return {"X-Should-Retry": "false"}


def tokens(user: User, name: str, turns: Sequence[Turn]) -> int:
    """Of the turns, and what we say before them. Raises CannotCount, ModelMissing."""
    wanted = asked.named(name)
    if wanted.use_documents:
        raise CannotCount(
            Sentence("What will be found in documents cannot be counted before it is asked for.")
        )
    if any(turn.images for turn in turns):
        raise CannotCount(Sentence("What a picture costs is not known."))
    model = choosing.to_answer(user, wanted.model)
    found = model and engines.chatting(model).count(model.name, _sent(user, model, turns))
    if found is None:
        raise CannotCount(
            Sentence(
                "%(model)s cannot be asked how many tokens that has.",
                model=model.name if model else wanted.model,
            )
        )
    return found


def _sent(user: User, model: Model, turns: Sequence[Turn]) -> list[Turn]:
    """As the chat sends them to a model alone."""
    system = "\n\n".join(turn.content for turn in turns if turn.role == "system")
    own = Own(system or model_settings.of(user, model.name).instructions or None)
    begun = prompt.instructions(grounded=False, own=own)
    return [begun, *(turn for turn in turns if turn.role != "system")]
