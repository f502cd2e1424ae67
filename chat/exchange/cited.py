"""The sources that an answer cites, and how they are named outside of the program."""

from django.utils.translation import gettext

from chat.html import citations
from chat.models import Message, Source
from documents.pages import page_names


def sources_of(answer: Message) -> list[Source]:
    """By their numbers."""
    sent = {source.number: source for source in answer.sources.all() if source.sent}
    return [sent[number] for number in sorted(citations.numbers(answer.text)) if number in sent]


def name_of_lost(*, withdrawn: bool) -> str:
    """What stands in place of the name."""
    if withdrawn:
        return gettext("a document no longer shared with you")
    return gettext("a deleted document")


def name_of(source: Source) -> str:
    """File and page, in one line."""
    name = " ".join(source.filename.split()) or name_of_lost(withdrawn=source.withdrawn)
    place = page_names.local_label(source.filename, source.page or None)
    return f"{name}, {place}" if place else name
