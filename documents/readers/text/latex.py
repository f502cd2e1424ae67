"""LaTeX: the words that it sets, with headings and tables; formulas in a line."""

import re
from collections.abc import Sequence
from typing import BinaryIO

from documents.readers.common.refusal import Empty
from documents.readers.common.source import Source
from documents.readers.common.tidy import one_line
from documents.readers.page import Heading, Page
from documents.readers.text.latex_commands import ABOUT
from documents.readers.text.latex_setting import HEADING, Setting
from documents.readers.text.plain import DECLARED, text_of

VERBATIM = re.compile(
    r"\\begin\{(verbatim\*?|lstlisting|minted|Verbatim|alltt)\}(.*?)\\end\{\1\}"
    r"|\\verb\*?([^\sA-Za-z*])(.*?)\3|\\lstinline(?:\[[^\]]*\])?([^\sA-Za-z*{\[])(.*?)\5",
    re.DOTALL,
)
ADDRESS = re.compile(r"(\\(?:url|path|href|nolinkurl)\s*)\{([^{}\s]*)\}")
UNSAID = re.compile(r"\\begin\{(comment)\}|\\iffalse\b")
SAID_AGAIN = {"comment": re.compile(r"\\end\{comment\}"), None: re.compile(r"\\(?:else|fi)\b")}
WHOLE_LINE = re.compile(r"(?m)^[ \t]*%.*\n?")
COMMENT = re.compile(r"(?m)(?<!\\)((?:\\\\)*)%.*$")
BODY = re.compile(r"\\begin\{document\}(.*?)(?:\\end\{document\}|\Z)", re.DOTALL)
DEFINED = re.compile(
    r"\\(?:re)?newcommand\*?\s*+(?:\{\s*+)?\\([A-Za-z]++)\s*+(?:\}\s*+)?\{([^{}\\]*+)\}"
)
BLANKS = re.compile(r"[ \t]{2,}")
LINES = re.compile(r"\n{3,}")
KEPT = "\ue010"  # on both sides of the place of what is taken out, and put back as it was
PLACE = re.compile(f"{KEPT}(\\d+){KEPT}")


def parse(file: BinaryIO) -> Source:
    data = file.read()
    declared = DECLARED.search(data[:200])
    text = text_of(data, declared[1].decode() if declared else "")
    title, lines = _set(text)
    page = _page(lines)
    if not page.text.strip():
        raise Empty
    return Source(title, 1, [page])


def _set(source: str) -> tuple[str, list[str]]:
    """The title, and the lines; a heading has its sign before it."""
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return f"{KEPT}{len(kept) - 1}{KEPT}"

    def opened(text: str) -> str:
        return PLACE.sub(lambda found: kept[int(found[1])], text)

    source = source.replace(KEPT, "").replace(HEADING, "")
    source = VERBATIM.sub(lambda found: keep(found[2] or found[4] or found[6] or ""), source)
    source = ADDRESS.sub(lambda found: f"{found[1]}{{{keep(found[2])}}}", source)
    source = COMMENT.sub(r"\1", WHOLE_LINE.sub("", _without_comments(source)))
    body = BODY.search(source)
    head = source[: body.start()] if body else ""
    setting = Setting(dict(DEFINED.findall(head or source)))
    setting.through(head)
    text = setting.through(body[1] if body else source)
    title = one_line(setting.about.get("title", ""))
    about = [f"{HEADING}0{title}"] if title else []
    about += [setting.about[name] for name in ABOUT[1:] if setting.about.get(name)]
    lines = (BLANKS.sub(" ", line).strip() for line in "\n".join([*about, text]).split("\n"))
    return title, opened(LINES.sub("\n\n", "\n".join(lines))).split("\n")


def _without_comments(source: str) -> str:
    """Without what is commented out over several lines; where nothing ends that, it is said."""
    parts: list[str] = []
    place, endless = 0, set[str | None]()
    for begun in UNSAID.finditer(source):
        if begun.start() < place or begun[1] in endless:
            continue
        if ended := SAID_AGAIN[begun[1]].search(source, begun.end()):
            parts.append(source[place : begun.start()])
            place = ended.end()
        else:
            endless.add(begun[1])
    return "".join([*parts, source[place:]])


def _page(lines: Sequence[str]) -> Page:
    shown: list[str] = []
    headings: list[Heading] = []
    length = 0
    for line in lines:
        if line.startswith(HEADING):
            level, line = int(line[1]), line[2:]
            headings.append(Heading(length, level + 1, one_line(line)))
        shown.append(line)
        length += len(line) + 1
    return Page(None, "\n".join(shown) + "\n", headings)
