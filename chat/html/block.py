"""One block of Markdown to HTML that is safe to show. Models write it: nothing in it is trusted."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, reference, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from chat.html import cleaner, doubts, footnotes, links, mathematics

NESTING = 40  # what is nested deeper is not shown
MOST_IMAGES = 100  # in one block; each opening may be looked at once for each level of nesting
HIGHLIGHTED = 20_000  # characters; longer code is shown plain
LONGEST_RANGE = 50

_WRITTEN_AS = {"svg": "xml", "xhtml": "html"}  # languages that Pygments has under another name
_NONE: Mapping[str, str] = {}

_GROUP = r"[0-9]{1,4}(?:\s?[,;\u2013-]\s?[0-9]{1,4})*"
_CITES = re.compile(rf"\[({_GROUP})\]|【({_GROUP})(?:†[^】\n]{{0,80}})?】|<br ?/?>")
_ADDRESS = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_NUMBERED = re.compile(r"\[[\s0-9,;\u2013-]*\]:")
_ALIGNED = re.compile(r"text-align:(center|right)")


def html(
    source: str,
    sources: Collection[int],
    links: dict[str, Any],
    doubts: Mapping[str, str] = _NONE,
    *,
    number: int | None = None,
    continued: bool = False,
    being_written: bool = False,
) -> str:
    """The block as it is shown.

    `links` are the link definitions known so far, `doubts` the reason for each sentence that is
    marked, `number` that of an ordered list's item. A
    `continued` block goes on with the list, table or code before it. In what is still
    `being_written` no code is highlighted.
    """
    env: dict[str, Any] = {"sources": sources, "references": dict(links), "doubts": doubts}
    env["plain"] = being_written or continued
    parser = _parser_of(source)
    tokens = parser.parse(source, env)
    if tokens and continued:
        tokens[0].attrSet("class", f"{tokens[0].attrGet('class') or ''} continued".strip())
    if tokens and number is not None and tokens[0].type == "ordered_list_open":
        tokens[0].attrs.pop("start", None)
        if number != 1:
            tokens[0].attrSet("start", number)
    return cleaner.CLEANER.clean(parser.renderer.render(tokens, parser.options, env))


def outline(source: str) -> list[Token]:
    """The block's tokens with their lines; what stands within the lines is not looked at."""
    return _outliner().parse(source, {})


def define(source: str, links: dict[str, Any]) -> None:
    """Add the source's link definitions. The first of a name counts."""
    if "]:" in source:
        _outliner().parse(source, {"references": links})


def cited(source: str) -> Iterator[int]:
    """Every number that the text cites outside code and links, in order."""
    env: dict[str, Any] = {"sources": range(10_000)}
    for token in _parser_of(source).parse(source, env):
        for child in token.children or ():
            if child.type == "cite":
                yield from child.meta["numbers"]


def unclosed(source: str, links: dict[str, Any]) -> str:
    """What would close the emphasis or code that the source's last line leaves open."""
    env: dict[str, Any] = {"references": dict(links), "sources": (), "unclosed": ""}
    inline = [token for token in _parser_of(source).parse(source, env) if token.type == "inline"]
    if not inline or not source.endswith(inline[-1].content.rsplit("\n", 1)[-1]):
        return ""
    texts = (child.content for child in inline[-1].children or () if child.type == "text")
    code = next((run for text in texts for run in re.findall("`+", text)), "")
    return code or env["unclosed"]


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return _ADDRESS.match(url) is not None


@cache
def _outliner() -> MarkdownIt:
    markdown = _bare()
    markdown.core.ruler.enableOnly(["normalize", "block"])
    return markdown


def _parser_of(source: str) -> MarkdownIt:
    return _parser(brackets=source.count("![") <= MOST_IMAGES)


@cache
def _parser(*, brackets: bool) -> MarkdownIt:
    """Without `brackets`, links and images stay as they are written."""
    markdown = _bare()
    markdown.use(tasklists_plugin, label=True)
    for extension in (mathematics, footnotes, links):
        markdown.use(extension.add)
    if not brackets:
        markdown.disable(["image", "link", "linkify"])
    # Before text_join, which makes escaped brackets ordinary ones.
    markdown.core.ruler.before("text_join", "citations", _cite)
    markdown.core.ruler.push("doubts", doubts.mark)
    markdown.inline.ruler2.after("balance_pairs", "unclosed", _note_unclosed)
    for name, rule in _RULES.items():
        markdown.add_render_rule(name, rule)
    return markdown


def _bare() -> MarkdownIt:
    markdown = _Markdown("commonmark", {"html": False, "maxNesting": NESTING})
    markdown.enable("strikethrough")
    markdown.use(mathematics.add_blocks)
    markdown.use(footnotes.add_blocks)
    markdown.block.ruler.at("reference", _definition)
    # Not first, as `enable("table")` has it: a list or heading that was begun stays one.
    also_ends: RuleOptionsType = {"alt": ["paragraph", "reference"]}
    markdown.block.ruler.before("reference", "table_at_last", table, also_ends)
    return markdown


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`[1]: report.pdf` is how models list their sources; it must not take [1] away from us."""
    if _NUMBERED.match(state.src, state.bMarks[start] + state.tShift[start]):
        return False
    return reference(state, start, end, silent)


def _note_unclosed(state: StateInline) -> None:
    if "unclosed" in state.env:
        open_ones = [each for each in state.delimiters if each.open and each.end == -1]
        marks = ["~~" if each.marker == ord("~") else chr(each.marker) for each in open_ones]
        state.env["unclosed"] = "".join(reversed(marks))


def _cite(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            token.children = list(_with_cites(token.children or [], state.env["sources"]))


def _with_cites(children: Sequence[Token], sources: Collection[int]) -> Iterator[Token]:
    links = 0
    for child in children:
        links += child.nesting if child.type.startswith("link_") else 0
        if child.type == "text" and not links:
            yield from _split(child.content, sources)
        else:
            yield child


def _split(text: str, sources: Collection[int]) -> Iterator[Token]:
    at = 0
    for match in _CITES.finditer(text):
        group = match[1] or match[2]
        numbers, others = _numbers(group, sources) if group else ([], [])
        if group and not numbers:
            continue
        yield _text(text[at : match.start()])
        if numbers:
            yield Token("cite", "", 0, meta={"numbers": numbers})
            yield _text(f"[{', '.join(others)}]" if others else "")
        else:
            yield Token("hardbreak", "br", 0)
        at = match.end()
    yield _text(text[at:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _numbers(group: str, sources: Collection[int]) -> tuple[list[int], list[str]]:
    """The numbers of sources in it, and the parts that are none."""
    numbers: list[int] = []
    others: list[str] = []
    for part in re.split(r"\s?[,;]\s?", group):
        first, *last = map(int, re.split(r"\s?[\u2013-]\s?", part))
        span = range(first, (last[0] if last else first) + 1)
        known = 0 < len(span) <= LONGEST_RANGE and all(number in sources for number in span)
        if known and len(last) < 2:
            numbers += span
        else:
            others.append(part)
    return numbers, others


def _render_cite(_: Any, tokens: Sequence[Token], at: int, *__: Any) -> str:
    links = (
        f'<a class="cite" href="#source-{n}" data-n="{n}">{n}</a>'
        for n in tokens[at].meta["numbers"]
    )
    return f"<sup>{' '.join(links)}</sup>"


def _render_image(_: Any, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return escapeHtml(tokens[at].content)


def _render_cell(
    renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: dict[str, Any]
) -> str:
    if aligned := _ALIGNED.match(str(tokens[at].attrs.pop("style", ""))):
        tokens[at].attrSet("class", aligned[1])
    return str(renderer.renderToken(tokens, at, options, env))


def _render_code(_: Any, tokens: Sequence[Token], at: int, __: Any, env: dict[str, Any]) -> str:
    token = tokens[at]
    words = token.info.split(maxsplit=1)
    named = words[0].lower() if words else ""
    lexer = _lexer(_WRITTEN_AS.get(named, named)) if named else None
    called = named if named in _WRITTEN_AS else lexer and lexer.aliases[0]
    language = f' data-language="{escapeHtml(called)}"' if called else ""
    continued = f' class="{escapeHtml(str(token.attrs["class"]))}"' if token.attrs else ""
    if lexer is None or env["plain"] or len(token.content) > HIGHLIGHTED:
        code = escapeHtml(token.content)
    else:
        code = highlight(token.content, lexer, HtmlFormatter(nowrap=True))
    return f"<pre{language}{continued}><code>{code}</code></pre>\n"


@lru_cache(maxsize=100)
def _lexer(name: str) -> Lexer | None:
    try:
        return get_lexer_by_name(name, stripnl=False)
    except ClassNotFound:
        return None


_RULES: dict[str, Callable[..., str]] = {
    "cite": _render_cite,
    "image": _render_image,
    "th_open": _render_cell,
    "td_open": _render_cell,
    "fence": _render_code,
    "code_block": _render_code,
}
