"""An answer with the pages that it cites as one HTML file, to be sent to somebody or printed.

It asks nothing of anybody: pictures and styles are in it, and there is no script.
"""

import base64
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from chat.exchange import cited, pictured
from chat.html import render
from chat.models import Message, Source
from chat.record import sources
from documents.pages import page_states, pictures
from localchat.lib.errors import LocalChatError

MOST_PICTURES = 20  # of what is cited beyond them the passage's text is shown

STYLES = ("colors", "answer", "written", "exported")


class CitedPage(NamedTuple):
    source: Source
    name: str
    picture: str  # as a data: address; empty: the text is shown
    width: int = 0
    height: int = 0


def of_answer(answer: Message) -> str:
    numbers = [source.number for source in answer.sources.all() if source.sent]
    pages: list[CitedPage] = []
    for source in cited.sources_of(answer):
        drawn = sum(bool(page.picture) for page in pages)
        pages.append(_page(source, draws=drawn < MOST_PICTURES))
    context = {
        "answer": answer,
        "question": answer.question,
        "pictures": _pictures(answer),
        "text": render.render(answer.text, numbers, answer.doubts),
        "pages": pages,
        "styles": _styles(),
    }
    return render_to_string("chat/exported.html", context)


def _pictures(answer: Message) -> list[pictured.Embedded]:
    asked = answer.question.pictures.all() if answer.question else ()
    return [pictured.embedded(each) for each in asked]


def _page(source: Source, *, draws: bool) -> CitedPage:
    name = cited.name_of(source)
    content = source.version.content if source.version else None
    if not (draws and content and source.page and page_states.can_be_drawn(content)):
        return CitedPage(source, name, "")
    try:
        picture = pictures.show(content, source.page, sources.chunk_of(source)).picture
    except LocalChatError:
        return CitedPage(source, name, "")
    coded = base64.b64encode(picture.webp).decode()
    return CitedPage(source, name, f"data:image/webp;base64,{coded}", picture.width, picture.height)


@cache
def _styles() -> SafeString:
    folder = settings.BASE_DIR / "localchat" / "static" / "css"
    return mark_safe("\n".join((folder / f"{name}.css").read_text() for name in STYLES))
