"""What a person does to a conversation: its title, its folder, its tags, pinned, put away."""

from collections.abc import Iterable
from typing import TypedDict

from django.contrib.auth.models import User

from chat import asking
from chat.models import Conversation, Message
from localchat.lib.errors import BadRequest
from localchat.lib.sentences import Sentence

LONGEST_TITLE = 200  # characters
LONGEST_FOLDER = 80
LONGEST_TAG = 40
MOST_TAGS = 20


class Changes(TypedDict, total=False):
    """What is not named, or None, stays as it is."""

    title: str | None
    pinned: bool | None
    archived: bool | None
    folder: str | None
    tags: list[str] | None


def change(conversation: Conversation, changes: Changes) -> None:
    """Raises BadRequest, and then nothing is changed."""
    if (title := changes.get("title")) is not None:
        _rename(conversation, _line(title, "title", LONGEST_TITLE))
    if (folder := changes.get("folder")) is not None:
        conversation.folder = _line(folder, "folder", LONGEST_FOLDER)
    if (tags := changes.get("tags")) is not None:
        conversation.tags = _tags(tags)
    if (pinned := changes.get("pinned")) is not None:
        conversation.pinned = pinned
    if (archived := changes.get("archived")) is not None:
        conversation.archived = archived
    conversation.save(update_fields=["title", "titled", "folder", "tags", "pinned", "archived"])


def _rename(conversation: Conversation, title: str) -> None:
    """A person's title stays; without one it is the first question's own words again."""
    if title:
        conversation.title, conversation.titled = title, Conversation.Titled.PERSON
        return
    first = conversation.messages.filter(role=Message.Role.USER).first()
    conversation.title = asking.title_of(first.text) if first else ""
    conversation.titled = Conversation.Titled.QUESTION


def _line(text: str, name: str, longest: int) -> str:
    line = " ".join(text.replace("\0", "").split())
    if len(line) > longest:
        raise BadRequest(
            Sentence(
                "The %(name)s is too long (%(length)s characters). It may have %(longest)s.",
                name=name,
                length=len(line),
                longest=longest,
            )
        )
    return line


def _tags(tags: Iterable[str]) -> list[str]:
    """Each once, whatever its capitals; as the first was written."""
    lines = (_line(tag, "tag", LONGEST_TAG) for tag in tags)
    found = {line.casefold(): line for line in reversed([line for line in lines if line])}
    if len(found) > MOST_TAGS:
        raise BadRequest(
            Sentence("A conversation may have %(most_tags)s tags.", most_tags=MOST_TAGS)
        )
    return list(reversed(found.values()))


def folders(user: User) -> list[str]:
    """Of the person's conversations; one without any is gone."""
    rows = Conversation.objects.for_user(user).kept().exclude(folder="")
    return sorted(set(rows.values_list("folder", flat=True)), key=str.casefold)


def tags(user: User) -> list[str]:
    rows = Conversation.objects.for_user(user).kept().exclude(tags=[])
    return sorted({tag for each in rows.values_list("tags", flat=True) for tag in each})
