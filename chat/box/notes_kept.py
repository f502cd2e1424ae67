"""A person's notes about themselves: made and changed by that person alone, and as JSON."""

from typing import Any

from django.contrib.auth.models import User

from chat.manner import LONGEST_NOTE, MOST_NOTES, AboutMe
from localchat.lib.errors import BadRequest, Conflict
from localchat.lib.sentences import Sentence


def keep(note: AboutMe, text: str, *, on: bool) -> AboutMe:
    """In one line. Raises BadRequest and Conflict."""
    text = " ".join(text.replace("\0", "").split())
    if not text:
        raise BadRequest(Sentence("A note needs a text."))
    if len(text) > LONGEST_NOTE:
        raise BadRequest(
            Sentence(
                "This has %(length)s characters. A note may have %(most)s.",
                length=len(text),
                most=LONGEST_NOTE,
            )
        )
    others = AboutMe.objects.for_user(note.owner).exclude(pk=note.pk)
    if others.filter(text__iexact=text).exists():
        raise Conflict(Sentence("You have this note already."))
    if note.pk is None and others.count() >= MOST_NOTES:
        raise Conflict(
            Sentence("You have %(most)s notes, and there may be no more.", most=MOST_NOTES)
        )
    note.text, note.on = text, on
    note.save()
    return note


def every(user: User) -> list[dict[str, Any]]:
    """`sent`: it is on, and there is room for it."""
    rows = AboutMe.objects.for_user(user)
    sent = {note.pk for note in rows.sent()}
    return [{"id": row.pk, "text": row.text, "on": row.on, "sent": row.pk in sent} for row in rows]


def as_json(note: AboutMe) -> dict[str, Any]:
    return next(each for each in every(note.owner) if each["id"] == note.pk)
