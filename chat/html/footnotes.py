"""Footnotes in Markdown: `[^note]` in the text and `[^note]: what it says` below.

A note stands where it is written, since what follows in an answer is not known yet. Models cite
passages in this way too: `[^2]` is such a citation where 2 is the number of a source.
"""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_REFERENCE = re.compile(r"\[\^([\w.-]{1,40})\]")
_DEFINITION = re.compile(r"(\[\^[\w.-]{1,40}\]):[ \t]*")


def add_blocks(markdown: MarkdownIt) -> None:
    also_ends: RuleOptionsType = {"alt": ["paragraph", "reference"]}
    markdown.block.ruler.before("reference", "footnote", _block, also_ends)


def add(markdown: MarkdownIt) -> None:
    markdown.inline.ruler.before("link", "footnote", _inline)
    markdown.add_render_rule("footnote", _render)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    begin = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not (found := _DEFINITION.match(state.src, begin)):
        return False
    if silent:
        return True
    state.line = start + 1
    while state.line < end and not state.isEmpty(state.line) and not _is_next(state):
        state.line += 1
    token = state.push("paragraph_open", "p", 1)
    token.map = [start, state.line]
    token.attrSet("class", "footnote")
    written = state.getLines(start, state.line, state.blkIndent, False).strip()
    token = state.push("inline", "", 0)
    token.content = f"{found[1]} {_DEFINITION.sub('', written, count=1)}"
    token.map, token.children = [start, state.line], []
    state.push("paragraph_close", "p", -1)
    return True


def _is_next(state: StateBlock) -> bool:
    begin = state.bMarks[state.line] + state.tShift[state.line]
    return _DEFINITION.match(state.src, begin) is not None


def _inline(state: StateInline, silent: bool) -> bool:
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        label = found[1]
        if label.isdecimal() and int(label[:4]) in state.env.get("sources", ()):
            state.push("cite", "", 0).meta = {"numbers": [int(label[:4])]}
        else:
            state.push("footnote", "", 0).content = label
    state.pos = found.end()
    return True


def _render(_: Any, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return f'<sup class="footnote-mark">{escapeHtml(tokens[at].content)}</sup>'
