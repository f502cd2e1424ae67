"""What the browser puts into the clipboard: an answer as Markdown, and as what it looks like."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from chat.exchange import cited, markdown
from chat.html import render
from chat.models import Message

_CITES = re.compile(r'<sup>((?:<a class="cite"[^<>]*>\d+</a> ?)+)</sup>')
_NUMBER = re.compile(r">(\d+)<")


def of_answer(answer: Message) -> dict[str, str]:
    return {"text": markdown.of_answer(answer), "html": _html(answer)}


def _html(answer: Message) -> SafeString:
    """Raised figures melt into what stands before them as soon as they are pasted somewhere."""
    numbers = [source.number for source in answer.sources.all() if source.sent]
    shown = mark_safe(_CITES.sub(_bracketed, render.render(answer.text, numbers)))
    sources = [(each.number, cited.name_of(each)) for each in cited.sources_of(answer)]
    if not sources:
        return shown
    lines = format_html_join(mark_safe("<br>"), "[{}] {}", sources)
    return shown + format_html("<p>{}<br>{}</p>", gettext("Sources:"), lines)


def _bracketed(match: re.Match[str]) -> str:
    return "".join(f"[{number}]" for number in _NUMBER.findall(match[1]))
