"""Answers to one question that were asked of several models at once."""

from chat.models import Message


def others(answer: Message) -> list[Message]:
    """Those by the other models, in the order in which they were named."""
    wanted = answer.wish.together
    if wanted is None:
        return []
    same = Message.objects.answers().filter(owner=answer.owner_id, request__together=wanted)
    same = same.filter(previous=answer.previous_id).exclude(pk=answer.pk)
    return list(same.select_related("conversation", "previous").order_by("pk"))


def is_first(answer: Message) -> bool:
    """Whether it is by the model of the conversation, or by the only one."""
    return answer.wish.together in (None, str(answer.ref))
