"""Markdown: kept as it is written; its headings are known."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from documents.readers.common.blocks import first_title
from documents.readers.common.source import Source
from documents.readers.page import Heading, Page
from documents.readers.text.plain import text_of

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
BLOCK = re.compile(r" {0,3}(?:[-+*>|]|\d+[.)]|#)|(?: {4}|\t)")

# What no reader of the page sees: struck words and comments. Each goes on to the next beginning of
# one at most, or a text of nothing else would be looked through again and again.
STRUCK = r"(?<![~\\])~~(?=[^\s~])(?:(?!\n\s*\n)[^~]){1,2000}(?<!\s)~~(?!~)"
COMMENT = "<!--(?:(?!<!--).)*?-->"
DELETED = "<(?:del|s|strike)>(?:(?!<(?:del|s|strike)>).){,2000}?</(?:del|s|strike)>"
FENCED = r"^ {0,3}(?P<fence>`{3,}+|~{3,}+)[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
IN_LINE = r"(?<!`)(?P<ticks>`++)[^\n]{1,500}?(?<!`)(?P=ticks)(?!`)"
CODE_OR_UNSEEN = re.compile(
    f"(?P<code>{FENCED}|{IN_LINE})|{STRUCK}|{COMMENT}|{DELETED}",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
MAY_HIDE = re.compile("~~|<!--|<(?:del|s|strike)>", re.IGNORECASE)

FRONT = re.compile(r"---[ \t]*\n(?:.*\n){,100}?(?:---|\.\.\.)[ \t]*\n")  # facts, as YAML
TITLE = re.compile(r"^title:[ \t]*(.*\S)", re.IGNORECASE | re.MULTILINE)


def parse(file: BinaryIO) -> Source:
    text = without_unseen(text_of(file.read()))
    front = FRONT.match(text)
    facts = front[0] if front else ""
    # Its last line would make a heading of the one above.
    headings = list(headings_of("\n" * len(facts) + text[len(facts) :]))
    named = TITLE.search(facts)
    title = named[1].strip("\"'")[:300] if named else first_title(headings)
    return Source(title, 1, [Page(None, text, headings)])


def without_unseen(text: str) -> str:
    """Without what is struck and what is a comment, but in code."""
    if not MAY_HIDE.search(text):
        return text
    return CODE_OR_UNSEEN.sub(lambda found: found["code"] or "", text)


def headings_of(text: str) -> Iterator[Heading]:
    above, above_start = "", 0  # the paragraph line that an underline would make a heading
    for start, line in _lines_outside_fences(text):
        if found := ATX.match(line):
            if title := _without_closing((found[2] or "").strip()):
                yield Heading(start, len(found[1]), title)
            above = ""
        elif above and (under := UNDERLINE.match(line)):
            yield Heading(above_start, 1 if under[1][0] == "=" else 2, above)
            above = ""
        else:
            above, above_start = ("" if BLOCK.match(line) else line.strip()), start


def _without_closing(title: str) -> str:
    """Hashes may stand at the end too, behind a blank."""
    bare = title.rstrip("#")
    return title if bare and not bare[-1].isspace() else bare.rstrip()


def _lines_outside_fences(text: str) -> Iterator[tuple[int, str]]:
    start, fence = 0, ""
    for line in text.split("\n"):
        found = FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not found[2].strip():
                fence = ""
            yield start, ""
        elif found and not ("`" in found[1] and "`" in found[2]):
            fence = found[1]
            yield start, ""
        else:
            yield start, line
        start += len(line) + 1
