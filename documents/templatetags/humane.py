"""Documents as people read them."""

import re

from django import template
from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext

from documents.models import Collection, Document
from documents.pages import flags, page_names, page_states, unread
from localchat.lib.wording import in_words

register = template.Library()

# A line of a printed page that goes on in the next one.
_GOES_ON = re.compile(r"(?m)^(.{40,}[^.:!?\s])[ \t]*\n(?=[a-z(])")

TELLING = 4  # words in a line that is more than a running header


@register.filter
def state(document: Document) -> str:
    """Rows are rendered with these words; the page's script has the same for live ones."""
    of = {"done": f"{intcomma(document.done)}", "total": f"{intcomma(document.total)}"}
    has_total = bool(document.total)
    if document.status == Document.Status.READY:
        return _ready(document)
    page = gettext("Reading page {done} of {total}") if has_total else gettext("Reading")
    passages = gettext("Indexing passages {done} of {total}")
    return {
        Document.Status.QUEUED.value: in_words(document.waiting) or gettext("Waiting its turn"),
        Document.Status.READING.value: page.format(**of),
        Document.Status.CHUNKING.value: gettext("Finding its passages"),
        Document.Status.EMBEDDING.value: (
            passages.format(**of) if has_total else gettext("Indexing passages")
        ),
        Document.Status.FAILED.value: in_words(document.problem)
        or gettext("It could not be read."),
    }[document.status]


def _ready(document: Document) -> str:
    content = document.current.content if document.current else None
    short = in_words(page_states.shortfall(content))
    ready = gettext("Ready")
    return f"{ready}; {short[0].lower()}{short[1:].rstrip('.')}" if short else ready


register.filter("shortfall", page_states.shortfall)
register.filter("not_read", unread.sentence)
register.filter("flag_clauses", flags.clauses)
register.filter("speaks_to_models", flags.is_flagged)
register.filter("can_be_drawn", page_states.can_be_drawn)
register.filter("page_label", page_names.local_label)
register.filter("ticks", page_states.ticks)
register.filter("legend", page_states.legend)


@register.filter
def called_by(collection: Collection, user: User) -> str:
    """The name by which the person chooses it."""
    return collection.called_by(user)


@register.filter
def flowing(text: str) -> str:
    """The text without the line breaks that only the paper's width made."""
    return _GOES_ON.sub(r"\1 ", text)


@register.filter
def gist(text: str) -> str:
    """A passage's words from the first line on that says something: many pages begin with less."""
    lines = text.strip().splitlines()
    telling = [number for number, line in enumerate(lines) if len(line.split()) >= TELLING]
    return " ".join(" ".join(lines[telling[0] if telling else 0 :]).split())


@register.filter
def page_noun(name: str) -> str:
    return page_names.in_words(page_names.noun(name))
