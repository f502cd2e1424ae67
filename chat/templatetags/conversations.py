"""The list of conversations at the side of every page, and answers as HTML."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from chat.answers import not_found, quotes
from chat.exchange.cited import name_of_lost
from chat.grounding.refusals import refuses
from chat.html import citations, render
from chat.keeping import deleting, groups
from chat.models import Message, Source
from chat.question import quoted
from chat.question.quoted import Quoted
from chat.record import continuation, sources
from documents.finding import search
from documents.models import Document
from documents.pages import page_names
from documents.text import words
from localchat import VERSION
from localchat.lib.language import CODES

register = template.Library()

OPEN = 8  # cited sources that are listed at once
ENOUGH = 2_000  # characters that tell a language
SHORT = 400  # characters of an answer that says no more than that there is none


@register.inclusion_tag("chat/_conversations.html", takes_context=True)
def conversations(
    context: Context, current: int | None = None, shown: int = groups.AT_FIRST
) -> dict[str, Any]:
    side = groups.side(context["request"].user, current, shown)
    return {"groups": side.groups, "more": side.more, "current": current}


@register.inclusion_tag("chat/_undo.html", takes_context=True)
def undo(context: Context) -> dict[str, Any]:
    """What was deleted last, while it can be taken back."""
    rows, end = deleting.last_deleted(context["request"].user)
    return {
        "rows": rows,
        "until": end,
        "seconds": max(1, ceil((end - timezone.now()).total_seconds())) if end else 0,
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def answer_html(message: Message) -> SafeString:
    """The text as HTML; a cited number leads to that source of this answer."""
    numbers = [source.number for source in message.sources.all() if source.sent]
    html = render.render(message.text, numbers, message.doubts)
    return mark_safe(html.replace('href="#source-', f'href="#source-{message.pk}-'))


@register.filter
def language_code(message: Message) -> str:
    """Of the language that an answer is in, as voices name it; of a brief one with its question's."""
    text = message.text[:ENOUGH]
    if len(text) <= SHORT and message.question:
        text = f"{message.question.text[:SHORT]} {text}"
    language = words.language(text)
    language = not_found.by_script(text) if language == "other" else language
    return CODES.get(language, "").partition("-")[0]


@register.filter
def listed_sources(message: Message) -> dict[str, Any]:
    """The cited ones, by document, of many the first ones; then the others that were sent.

    None for an answer that says that there is nothing.
    """
    sent = [] if nothing_found(message) else [s for s in message.sources.all() if s.sent]
    order = {number: place for place, number in enumerate(citations.numbers(message.text))}
    cited = [source for source in sent if source.number in order]
    cited.sort(key=lambda source: order[source.number])
    others = [source for source in sent if source.number not in order]
    return {
        "first": by_document(cited[:OPEN]),
        "more": by_document(cited[OPEN:]),
        "cited": len(cited),
        "others": by_document(others),
        "uncited": len(others),
    }


@register.filter
def by_document(rows: Iterable[Source]) -> list[list[Source]]:
    groups: dict[tuple[int | None, str], list[Source]] = {}
    for source in rows:
        groups.setdefault((source.document_id, source.filename), []).append(source)
    return list(groups.values())


@register.filter
def source_noun(source: Source) -> str:
    """What a page of its file is called."""
    return page_names.in_words(_noun(source))


@register.filter
def is_paged(source: Source) -> bool:
    return _noun(source) == "page"


def _noun(source: Source) -> str:
    return page_names.noun(source.filename, source.version.content.kind if source.version else "")


@register.filter
def nothing_found(message: Message) -> bool:
    """Whether the answer only says that the documents do not answer."""
    if message.declined or message.read == [] or not message.wish.use_documents:
        return message.declined
    return len(message.text) <= SHORT and refuses(message.text) and not _cites(message)


def _cites(message: Message) -> bool:
    return bool(citations.numbers(message.text))


@register.filter
def lacking(message: Message) -> list[str]:
    """What is said before the answer: words of the question that no passage has."""
    return [note for note in message.notes if note.startswith(search.LACKING)]


@register.filter
def other_notes(message: Message) -> list[str]:
    return [note for note in message.notes if not note.startswith(search.LACKING)]


@register.filter
def read_line(message: Message) -> str:
    """`report.pdf (12 passages)`; empty where nothing was read."""
    if not message.read or message.is_writing or message.choices:
        return ""
    counts = {each["document"]: each["passages"] for each in message.read}
    told = count_in_words(sum(counts.values()))
    if len(counts) > 1:
        return gettext("{told} of {n} documents").format(told=told, n=len(counts))
    return f"{_name(message, next(iter(counts)))} ({told})"


def count_in_words(passages: int) -> str:
    return ngettext("{n} passage", "{n} passages", passages).format(n=f"{passages:,}")


def _name(message: Message, pk: int) -> str:
    names = [each.filename for each in message.sources.all() if each.document_id == pk]
    if names:
        return names[0]
    found = Document.objects.for_user(message.owner).filter(pk=pk).first()
    if found:
        return found.name
    return name_of_lost(withdrawn=Document.objects.filter(pk=pk).exists())


@register.filter
def file_name(source: Source) -> str:
    return source.filename or name_of_lost(withdrawn=source.withdrawn)


@register.filter
def documents_named(numbers: Sequence[int], message: Message) -> list[Document]:
    """Those that are still there, in this order."""
    found = Document.objects.for_user(message.owner).in_bulk(numbers) if numbers else {}
    return [found[pk] for pk in numbers if pk in found]


@register.filter
def quotes_without_answer(message: Message) -> list[dict[str, object]]:
    """What the passages say, where no model has come to say anything."""
    rows = Source.objects.none() if message.text or message.is_writing else message.sources.all()
    found = {source.number: source for source in rows}
    numbers = [number for number, source in found.items() if source.sent]
    asked = message.standalone or (message.question.text if message.question else "")
    quoted = quotes.first(asked, found, numbers)
    return [{**each, "source": found[int(str(each["number"]))]} for each in quoted]


@register.filter
def quote_and_question(text: str) -> Quoted:
    return quoted.split(text)


@register.filter
def can_continue(message: Message) -> bool:
    """Whether it was cut off in the middle of what a model wrote."""
    return continuation.can_go_on(message)


@register.filter
def stale(message: Message) -> list[Source]:
    """The sources whose documents have changed or gone since it was written."""
    return sources.stale(message)


@register.simple_tag
def version() -> str:
    return VERSION


@register.simple_tag
def owner_mode() -> bool:
    return settings.OWNER_MODE


@register.simple_tag
def zone_cookie() -> str:
    """In which the page's script says in which zone the reader's clock is."""
    return settings.ZONE_COOKIE_NAME
