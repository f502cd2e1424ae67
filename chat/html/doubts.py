"""Sentences of an answer that are marked as doubtful, within what Markdown makes of them."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_BETWEEN_LINES = re.compile(r"\n[ \t>]*")

Span = tuple[int, int, str]  # of an inline token's content; the reason


def mark(state: StateCore) -> None:
    """Core rule, the last one: `doubts` of the environment has a reason for each sentence."""
    doubts = state.env.get("doubts")
    for token in state.tokens if doubts else ():
        if token.type == "inline" and token.children:
            token.children = _marked(state.md, token, state.env)


def _marked(markdown: MarkdownIt, token: Token, env: MutableMapping[str, Any]) -> list[Token]:
    """A mark that would change how the rest looks is left out."""
    kept: list[Span] = []
    shown = list(token.children or ())
    for span in _spans(token.content, env["doubts"]):
        wider = _with_marks(markdown, token.content, [*kept, span], env)
        if _unmarked(markdown, wider, env) == _unmarked(markdown, shown, env):
            kept, shown = sorted([*kept, span]), wider
    return shown


def _spans(content: str, doubts: Mapping[str, str]) -> list[Span]:
    """Where the sentences stand, none within another."""
    found: list[Span] = []
    for sentence in sorted(doubts, key=len, reverse=True):
        words = _BETWEEN_LINES.sub("\n", sentence).split()
        pattern = r"(?<!\S)" + r"\s+".join(map(re.escape, words)) + r"(?!\S)"
        for match in re.finditer(pattern, content) if words else ():
            start, end = match.span()
            if all(end <= other[0] or other[1] <= start for other in found):
                found.append((start, end, doubts[sentence]))
    return found


def _with_marks(
    markdown: MarkdownIt, content: str, spans: list[Span], env: MutableMapping[str, Any]
) -> list[Token]:
    bare = {**env, "doubts": {}}
    tokens: list[Token] = []
    at = 0
    for start, end, reason in sorted(spans):
        tokens += _parsed(markdown, content[at:start], bare)
        tokens.append(Token("doubt_open", "span", 1, attrs={"class": "doubt", "title": reason}))
        tokens += _parsed(markdown, content[start:end], bare)
        tokens.append(Token("doubt_close", "span", -1))
        at = end
    return tokens + _parsed(markdown, content[at:], bare)


def _parsed(markdown: MarkdownIt, content: str, env: MutableMapping[str, Any]) -> list[Token]:
    return [child for token in markdown.parseInline(content, env) for child in token.children or ()]


def _unmarked(markdown: MarkdownIt, tokens: list[Token], env: MutableMapping[str, Any]) -> str:
    others = [token for token in tokens if not token.type.startswith("doubt_")]
    return str(markdown.renderer.render(others, markdown.options, env))
