"""Formulas in Markdown, as MathML: `$…$`, `$$…$$`, `\\(…\\)` and `\\[…\\]`.

A text about money has dollar signs too. What a single pair of them holds is a formula only where
it looks like one, and what cannot be converted stays as it is written.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from math_core import LatexError, LatexToMathML

from chat.html.cleaner import MATHML

LONGEST = 2_000  # characters; also what bounds the nesting that the converter meets

_CLOSING = {"$$": "$$", "\\[": "\\]", "\\(": "\\)", "$": "$"}
_DISPLAYED = {"$$", "\\["}
_SAYS_SOMETHING = re.compile(r"[^\s0-9,;.\u2013-]")
_AFTER = re.compile(r"[.,;:]?(?:[ \t]*\[[0-9, ]+\])*[ \t]*(?:\n|$)")
_COMMAND = re.compile(r"\\(?:text|mathrm|operatorname|mbox)\s*\{[^{}]*\}|\\[A-Za-z]+")
_ESCAPED = re.compile(
    r"\\[]\"#$%&'()*+./<=>?@[\\^_`~-]"
)  # signs that stand for themselves in Markdown
_WORD = re.compile(r"[^\W\d_]{4}")
_RELATES = re.compile(r"[\\^_=<>+*/|]")
_SHORT = re.compile(
    r"-?[0-9]{0,3}(?:[A-Za-z]|[a-z]{2})'{0,2}(?:\([A-Za-z0-9, ]{1,8}\))?(?:, ?[A-Za-z])*"
)
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_TAG = re.compile(r"<([a-z]+)")
_STYLE = re.compile(r' style="([^"]*)"')
_LOOKS = {
    "text-align: right": "right",
    "text-align: left": "left",
    "width: 50%": "side",
    "border-top": "ruled-above",
    "border-bottom": "ruled-below",
    "border-right": "ruled-after",
    "border-left": "ruled-before",
}


def add_blocks(markdown: MarkdownIt) -> None:
    """So that signs at the beginning of a formula's lines begin no list, heading or quotation."""
    also_ends: RuleOptionsType = {"alt": ["paragraph", "reference"]}
    markdown.block.ruler.before("fence", "math", _block, also_ends)


def add(markdown: MarkdownIt) -> None:
    markdown.inline.ruler.before("escape", "math_inline", _inline)
    markdown.add_render_rule("math_inline", _render_inline)


def without_half_formula(source: str) -> str:
    """The source up to a formula that is begun at its end and not closed yet."""
    tail = source[-LONGEST:]
    begun = [(mark, tail.rfind(mark)) for mark in ("\\(", "\\[")]
    starts = [at for mark, at in begun if at >= 0 and _CLOSING[mark] not in tail[at:]]
    if tail.count("$$") % 2:
        starts.append(tail.rfind("$$"))
    return source[: len(source) - len(tail) + min(starts)] if starts else source


def _inline(state: StateInline, silent: bool) -> bool:
    mark = _opening(state.src, state.pos)
    if mark is None:
        return False
    start = state.pos + len(mark)
    end = _end(state.src, mark, start, min(state.posMax, start + LONGEST))
    if end < 0 or not _is_formula(state.src, mark, start, end):
        return False
    stop = end + len(_CLOSING[mark])
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.markup, token.content = mark, state.src[start:end]
        token.meta = {"written": state.src[state.pos : stop]}
    state.pos = stop
    return True


def _opening(text: str, at: int) -> str | None:
    two = text[at : at + 2]
    if two in _CLOSING:
        return two
    return "$" if text[at] == "$" else None


def _end(text: str, mark: str, start: int, stop: int) -> int:
    """Where the next closing mark is that is not escaped; -1 if there is none."""
    end = text.find(_CLOSING[mark], start, stop)
    while end > 0 and "$" in mark and text[end - 1] == "\\":
        end = text.find(_CLOSING[mark], end + 1, stop)
    return end


def _is_formula(text: str, mark: str, start: int, end: int) -> bool:
    content = text[start:end]
    if not _SAYS_SOMETHING.search(content):
        return False
    if mark == "\\[":
        return _stands_apart(text, start, end) and _says_a_formula(content)
    if mark != "$":
        return True
    around = text[start - 2 : start - 1] + text[end + 1 : end + 2]
    if content != content.strip() or "\n" in content or any(map(str.isalnum, around)):
        return False
    bare = _COMMAND.sub("\\\\", content)
    related = _RELATES.search(bare) and not _WORD.search(bare)
    return bool(related or _SHORT.fullmatch(content)) and _balances(content)


def _says_a_formula(content: str) -> bool:
    bare = _ESCAPED.sub("", content)
    is_said = "\n" in content or _RELATES.search(bare) or _SHORT.fullmatch(content.strip())
    return bool(is_said)


def _stands_apart(text: str, start: int, end: int) -> bool:
    """Blanks or lines set displayed formulas apart; other such brackets are only escaped."""
    before = text[: start - 2].rpartition("\n")[2].strip()
    after = _AFTER.match(text, end + 2)
    return text[start].isspace() or (not before and after is not None)


def _balances(content: str) -> bool:
    opened: list[str] = []
    for sign in content:
        if sign in "([{":
            opened.append(sign)
        elif sign in _BRACKETS and (not opened or opened.pop() != _BRACKETS[sign]):
            return False
    return not opened


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A paragraph that begins with a displayed formula, and whose lines are not looked at.

    It reaches to the line where the formula ends, or to a blank one.
    """
    mark = _line(state, start)[:2]
    if state.is_code_block(start) or mark not in _DISPLAYED:
        return False
    if _CLOSING[mark] in _line(state, start)[2:]:
        return False
    if silent:
        return True
    last = start
    while last + 1 < end and _goes_on(state, last + 1):
        last += 1
        if _CLOSING[mark] in _line(state, last):
            break
    state.line = last + 1
    _push_paragraph(state, start)
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _goes_on(state: StateBlock, line: int) -> bool:
    return not state.isEmpty(line) and state.sCount[line] >= state.blkIndent


def _push_paragraph(state: StateBlock, start: int) -> None:
    token = state.push("paragraph_open", "p", 1)
    token.map = [start, state.line]
    token = state.push("inline", "", 0)
    token.content = state.getLines(start, state.line, state.blkIndent, False).strip()
    token.map, token.children = [start, state.line], []
    state.push("paragraph_close", "p", -1)


def _render_inline(_: Any, tokens: Sequence[Token], at: int, *__: Any) -> str:
    token = tokens[at]
    is_displayed = token.markup in _DISPLAYED
    found = _mathml(token.content, is_displayed)
    if not found:
        return escapeHtml(token.meta["written"])
    return f'<span class="formula">{found}</span>' if is_displayed else found


def _mathml(latex: str, displayed: bool) -> str:
    """Empty where it cannot be converted, or not be drawn. Alignment and lines of tables are told by classes."""
    if len(latex) > LONGEST or not latex.strip():
        return ""
    try:
        found = _converter().convert_with_local_state(latex.strip(), displaystyle=displayed)
    except LatexError:
        return ""
    if not MATHML.issuperset(_TAG.findall(found)):
        return ""  # what is crossed out must not read like what is not
    return _STYLE.sub(_classes, found)


def _classes(style: re.Match[str]) -> str:
    names = [name for said, name in _LOOKS.items() if said in style[1]]
    return f' class="{" ".join(names)}"' if names else ""


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)
