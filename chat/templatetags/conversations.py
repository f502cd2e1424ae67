"""The list of conversations at the side of every page, and answers as HTML."""

from math import ceil
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from chat.answers import quotes
from chat.html import citations, render
from chat.keeping import deleting, groups
from chat.models import Message, Source
from chat.question import quoted
from chat.question.quoted import Quoted
from chat.record import continuation, sources

register = template.Library()

UNCITED = 3  # sources that are listed for an answer that cites none


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
def listed_sources(message: Message) -> dict[str, list[Source]]:
    """Those that the answer cites; the best ones where it cites none. The others come after them."""
    sent = [source for source in message.sources.all() if source.sent]
    cited = set(citations.numbers(message.text))
    first = [source for source in sent if source.number in cited] or sent[:UNCITED]
    return {"first": first, "others": [source for source in sent if source not in first]}


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
def owner_mode() -> bool:
    return settings.OWNER_MODE


@register.simple_tag
def zone_cookie() -> str:
    """In which the page's script says in which zone the reader's clock is."""
    return settings.ZONE_COOKIE_NAME
