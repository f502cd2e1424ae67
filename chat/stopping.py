"""The front desk for an answer that is to end, or to begin without what it waits for.

Its writer is told, whichever process that is.
"""

from django.contrib.auth.models import User

from chat.models import Message
from documents.models import Document
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


def go_on(user: User, pk: int) -> None:
    """Let the answer begin without the documents that it waits for. Raises NotFound."""
    answer = Message.objects.for_user(user).answers().filter(pk=pk).first()
    if answer is None:
        raise NotFound
    wish = answer.wish
    if not (answer.is_writing and wish.wait_for):
        return
    rows = Document.objects.for_user(user).filter(pk__in=wish.wait_for).unfinished()
    coming = set(rows.values_list("pk", flat=True))
    chosen = [pk for pk in wish.documents or () if pk not in coming] or None
    request = wish._replace(wait_for=None, documents=chosen).as_json()
    Message.objects.filter(pk=pk, status=Message.Status.WRITING).update(request=request)
