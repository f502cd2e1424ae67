"""Answers and conversations as Markdown: citations as [1], and below them what they cite."""

import re

from django.utils import formats, timezone
from django.utils.translation import gettext

from chat.exchange import cited, pictured
from chat.html import block
from chat.models import Conversation, Message
from chat.question import quoted
from chat.record import shown_turns
from documents.text import markdown_escape

LONGEST_HEADING = 200  # characters; a longer question is a quote below a heading

_OTHER_CITE = re.compile(
    r"`[^`]*`|【([0-9]{1,4}(?:\s?[,;\u2013-]\s?[0-9]{1,4})*)(?:†[^】]{0,80})?】"
)
_FENCE = re.compile(r" {0,3}(```|~~~)")


def of_answer(answer: Message) -> str:
    """Without what the model thought. Ends in a line feed."""
    text = _closed(_in_brackets(answer.text.strip()))
    sources = cited.sources_of(answer)
    if not sources:
        return f"{text}\n"
    lines = (
        f"- [{each.number}] {markdown_escape.escaped(cited.name_of(each))}" for each in sources
    )
    return "\n".join([text, "", gettext("Sources:"), "", *lines, ""])


def of_conversation(conversation: Conversation) -> str:
    """The branch that is shown."""
    title = conversation.title or gettext("Untitled")
    day = formats.date_format(timezone.localtime(conversation.created), "DATE_FORMAT")
    parts = [f"# {markdown_escape.escaped(title)}", day]
    for turn in shown_turns.of(conversation, whole=True):
        parts += [_question(turn.question.text), *_pictures(turn.question)]
        if turn.answer and turn.answer.text:
            parts.append(of_answer(turn.answer).rstrip("\n"))
    return "\n\n".join(parts) + "\n"


def _question(text: str) -> str:
    quote, question = quoted.split(text)
    asked = question.strip()
    parts = [_as_quote(quote)] if quote else []
    if len(asked) <= LONGEST_HEADING and "\n" not in asked:
        return "\n\n".join([f"## {markdown_escape.escaped(asked)}", *parts])
    title = gettext("Question")
    return "\n\n".join([f"## {title}", *parts, _as_quote(asked)])


def _pictures(question: Message) -> list[str]:
    """A line that leads to them; a file of text holds none."""
    name = gettext("Picture {n} of the question")
    links = [
        f"![{name.format(n=n)}]({pictured.address(each)})"
        for n, each in enumerate(question.pictures.all(), start=1)
    ]
    return [" ".join(links)] if links else []


def _as_quote(text: str) -> str:
    lines = text.strip().splitlines()
    return "\n".join(f"> {markdown_escape.escaped(line)}".rstrip() for line in lines)


def _in_brackets(text: str) -> str:
    """Some models write their citations as 【1†source】; all are to be [1]. Code stays."""
    if "【" not in text:
        return text
    lines, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        lines.append(line if fence else _OTHER_CITE.sub(_bracketed, line))
    return "\n".join(lines)


def _bracketed(match: re.Match[str]) -> str:
    return f"[{match[1]}]" if match[1] else match[0]


def _closed(text: str) -> str:
    """Code that was cut off would take what comes below it."""
    tokens = block.outline(text)
    if not tokens or tokens[-1].type != "fence" or tokens[-1].level:
        return text
    fence, last = tokens[-1].markup, text.rsplit("\n", 1)[-1].strip()
    start, end = tokens[-1].map or (0, 0)
    is_closed = end - start > 1 and last.startswith(fence) and not last.strip(fence[0])
    return text if is_closed else f"{text}\n{fence}"
