"""Pages in reStructuredText, cut into sections by their headings."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

FEWEST_LETTERS = 40  # of a section's body
RULE = re.compile(r"([=\-~`^\"'+#*.:_])\1{2,}\s*$")
DIRECTIVE = re.compile(r"\s*\.\. ([\w:-]+)::\s*(.*)$")
UNSPOKEN = ("image", "figure", "contents", "toctree", "index", "raw", "class", "include", "only")
LITERAL = ("code", "code-block", "sourcecode", "parsed-literal")
ANCHOR = re.compile(r"\s*(\.\.( |$)|__ )")  # targets and comments
OPTION = re.compile(r"\s+:[\w-]+:(\s|$)")
MARKUP = (
    (re.compile(r"``(.+?)``", re.DOTALL), r"\1"),
    (re.compile(r"(?::[\w:+-]+:)?`~?([^`<]+?)\s*<[^`>]*>`_{0,2}"), r"\1"),
    (re.compile(r"(?::[\w:+-]+:)?`~?([^`]+)`_{0,2}"), r"\1"),
    (re.compile(r"\*\*(\S(?:[^*]*?\S)?)\*\*"), r"\1"),
    (re.compile(r"(?<![\w*])\*(\w(?:[^*\n]*?\S)?)\*(?![\w*])"), r"\1"),
    (re.compile(r"\b([A-Za-z]\w*[A-Za-z0-9])__?(?=[\s.,;:)]|$)"), r"\1"),
)


class Section(NamedTuple):
    path: tuple[str, ...]  # headings, the page's own first
    body: str


def documents(product: str, pages: list[Path]) -> Iterator[dict[str, str]]:
    """One `{"id", "title", "text"}` a section, in the order of the pages.

    An id is the product, the file's stem and the headings, the page's own left out; the same a
    second time gets a number.
    """
    seen: Counter[str] = Counter()
    for page in pages:
        found = list(sections(page.read_text(encoding="utf-8")))
        titled = len({section.path[0] for section in found}) == 1
        for path, body in found:
            if sum(map(str.isalpha, body)) < FEWEST_LETTERS:
                continue
            name = ".".join((product, page.stem, *map(_slug, path[titled:])))
            seen[name] += 1
            yield {
                "id": name if seen[name] == 1 else f"{name}-{seen[name]}",
                "title": path[-1],
                "text": f"{path[-1]}\n\n{body}",
            }


def sections(page: str) -> Iterator[Section]:
    """What stands before the first heading is left out."""
    lines = page.expandtabs(4).splitlines()
    path: list[str] = []
    styles: list[str] = []
    body: list[str] = []
    at = 0
    while at < len(lines):
        found = _heading(lines, at)
        if not found:
            body.append(lines[at])
            at += 1
            continue
        if path:
            yield Section(tuple(path), plain(body))
        title, style, length = found
        if style not in styles:
            styles.append(style)
        path = [*path[: styles.index(style)], _without_markup(title)]
        body, at = [], at + length
    if path:
        yield Section(tuple(path), plain(body))


def _heading(lines: list[str], at: int) -> tuple[str, str, int] | None:
    """Title, style and lines of the heading that begins here."""
    here, *after = [line.rstrip() for line in lines[at : at + 3]] + ["", ""]
    if at and lines[at - 1].strip() and not ANCHOR.match(lines[at - 1]):
        return None
    if RULE.match(here) and after[0] and after[1] == here:
        return after[0].strip(), here[0] * 2, 3
    if here and here[0] != " " and RULE.match(after[0]) and len(after[0]) >= len(here) - 1:
        return here, after[0][0], 2
    return None


def plain(lines: list[str]) -> str:
    """Without directives and inline markup; literal blocks are kept as they are."""
    text = ""
    for literal, run in groupby(_marked(lines), key=lambda pair: pair[0]):
        words = "\n".join(line for _, line in run) + "\n"
        text += words if literal else _without_markup(words)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _marked(lines: list[str]) -> Iterator[tuple[bool, str]]:
    """Each line that is kept, and whether it is literal."""
    margin: int | None = None  # of the paragraph whose literal block this is
    in_options = False
    for line in map(str.rstrip, lines):
        indent = len(line) - len(line.lstrip())
        if margin is not None and line and indent <= margin:
            margin = None
        if in_options and OPTION.match(line):
            continue
        directive = margin is None and DIRECTIVE.match(line)
        in_options = bool(directive)
        if directive:
            name, words = directive.groups()
            margin = indent if name in LITERAL else None
            yield False, "" if name in (*LITERAL, *UNSPOKEN) else words
        elif margin is not None:
            yield True, line
        elif not ANCHOR.match(line):
            yield False, re.sub(r"\s*::$", ":" if line.strip() != "::" else "", line)
            margin = indent if line.endswith("::") else None


def _without_markup(text: str) -> str:
    for pattern, words in MARKUP:
        text = pattern.sub(words, text)
    return text


def _slug(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
