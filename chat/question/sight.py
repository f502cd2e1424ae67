"""Pictures that a question is about, and those of the talk before it, for models that can see."""

from chat.models import Message
from chat.pictures import Picture
from chat.question.asked import Asked
from chat.record import transcript
from chat.record.draft import Draft
from localchat.lib.errors import LocalChatError
from localchat.lib.sentences import Sentence
from models_mgmt import choosing
from models_mgmt.engines import Model


class CannotSee(LocalChatError):
    """This model cannot see pictures."""

    status, code = 409, "cannot_see"


def is_asked_for(answer: Message) -> bool:
    """Whether the question has pictures."""
    return Picture.objects.for_user(answer.owner).filter(message=answer.previous_id).exists()


def with_pictures(draft: Draft, asked: Asked) -> Asked:
    """Raises CannotSee, which names models that can."""
    if asked.model is None:
        return asked
    question = draft.answer.previous_id or 0
    ids = [*(turn.get("message", 0) for turn in asked.talk), question]
    images = dict(transcript.images_of(draft.user, ids))
    shown = images.pop(question, ())
    if asked.model.may_see:
        return asked._replace(images=images, shown=shown)
    if shown:
        raise CannotSee(_sentence(asked.model))
    if images:
        name = asked.model.name
        draft.notes.append(
            Sentence("The pictures before were not sent: %(model)s cannot see.", model=name)
        )
    return asked


def _sentence(model: Model) -> Sentence:
    others = [each.name for each in choosing.installed().models if can_see(each)]
    if not others:
        return Sentence(
            "%(model)s cannot see pictures. None of the installed models can.", model=model.name
        )
    return Sentence(
        "%(model)s cannot see pictures. These can: %(models)s.",
        model=model.name,
        models=", ".join(others),
    )


def can_see(model: Model) -> bool:
    """Of those that may answer; also where nobody knows."""
    return choosing.can_chat(model) and model.may_see
