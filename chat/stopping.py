"""The front desk for an answer that is to end: its writer is told, whichever process that is."""

from django.contrib.auth.models import User

from chat.models import Message
from localchat.lib import events
from localchat.lib.errors import NotFound


def stop(user: User, pk: int) -> None:
    """Ask for the answer's end; the writer hears of it at once, or at its next heartbeat.

    Raises NotFound. What becomes of it is in `answering`.
    """
    answer = Message.objects.for_user(user).answers().filter(pk=pk).first()
    if answer is None:
        raise NotFound
    if answer.is_writing:
        Message.objects.filter(pk=pk, status=Message.Status.WRITING).update(stopping=True)
        events.hint(stop=answer.topic)
