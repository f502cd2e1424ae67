"""Deleted conversations are seen by nobody at once, and gone for good a little later.

Until then they can be taken back. Temporary ones go the same way when they are left, and nobody
takes them back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from chat import asking, stopping
from chat.kept_notes import KeptNote
from chat.models import Conversation, Message, Provenance
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note_each

UNDO = timedelta(seconds=60)
LEFT = timedelta(seconds=30)  # for who only loads the page again


def delete(user: User, pks: Sequence[int]) -> list[Conversation]:
    """Those of them that are the person's, as they were. What is being written in them is stopped."""
    found = list(Conversation.objects.for_user(user).filter(pk__in=pks))
    for conversation in found:
        if conversation.temporary:
            _clear_away(conversation)
    kept = Conversation.objects.filter(pk__in=[each.pk for each in found if not each.temporary])
    for answer in (
        Message.objects.for_user(user)
        .answers()
        .filter(conversation__in=kept, status=Message.Status.WRITING)
    ):
        stopping.stop(user, answer.pk)
    note_each(Act.CONVERSATION_DELETED, "conversation", [each.pk for each in found])
    kept.update(deleted=True, expires=timezone.now() + UNDO)
    return found


def undo(user: User, pks: Sequence[int]) -> int:
    """How many are back."""
    return (
        Conversation.objects.undoable(user).filter(pk__in=pks).update(deleted=False, expires=None)
    )


def last_deleted(user: User) -> tuple[list[Conversation], datetime | None]:
    """What was deleted last and can be taken back, all that went together, and until when."""
    rows = list(Conversation.objects.undoable(user).order_by("-expires")[:500])
    end = rows[0].expires if rows else None
    return [row for row in rows if row.expires == end], end


def leave(user: User, pk: int) -> None:
    """Whoever asked something temporary has gone; it goes too, unless they are back in a moment."""
    Conversation.objects.for_user(user).filter(pk=pk, temporary=True).update(expires=Now() + LEFT)


def come_back(conversation: Conversation) -> None:
    if conversation.temporary:
        Conversation.objects.filter(pk=conversation.pk).update(
            expires=F("touched") + asking.TEMPORARY
        )


def sweep() -> int:
    """Clear away what is past its time. How many went."""
    return sum(_clear(pk) for pk in Conversation.objects.expired().values_list("pk", flat=True))


@transaction.atomic
def _clear(pk: int) -> int:
    """Unless it was taken back meanwhile."""
    found = Conversation.objects.expired().select_for_update().filter(pk=pk).first()
    if found is not None:
        _clear_away(found)
    return int(found is not None)


@transaction.atomic
def _clear_away(conversation: Conversation) -> None:
    if conversation.temporary:
        _forget_notes(conversation)
    asking.delete(conversation)


def _forget_notes(conversation: Conversation) -> None:
    """What was noted from documents on the way, but for what another answer rests on."""
    owner, since = conversation.owner, conversation.created
    notes = KeptNote.objects.for_user(owner).filter(created__gte=since)
    if not notes.exists():
        return
    others = Provenance.objects.filter(message__owner=owner, message__created__gte=since)
    others = others.exclude(message__conversation=conversation)
    turns = (turn for row in others for turn in row.turns)
    needed = {piece.get("key") for turn in turns for piece in turn["pieces"]}
    notes.exclude(key__in=needed - {None}).delete()
