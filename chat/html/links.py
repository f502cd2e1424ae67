"""Links in answers: followed only when clicked, with the host where it cannot be read."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

_GUESSES = ("fuzzy_link", "fuzzy_email", "fuzzy_ip")


def add(markdown: MarkdownIt) -> None:
    """Bare addresses become links too; what merely looks like a host does not."""
    markdown.options["linkify"] = True
    markdown.enable("linkify")
    markdown.linkify = LinkifyIt(options=dict.fromkeys(_GUESSES, False))
    markdown.add_render_rule("link_open", _render_open)
    markdown.add_render_rule("link_close", _render_close)


def _render_open(
    renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: dict[str, Any]
) -> str:
    tokens[at].attrs |= {"rel": "noopener noreferrer nofollow", "target": "_blank"}
    env["host"] = _unread_host(tokens, at)
    return str(renderer.renderToken(tokens, at, options, env))


def _render_close(_: Any, __: Sequence[Token], ___: int, ____: Any, env: dict[str, Any]) -> str:
    host = env.pop("host", "")
    return f' <span class="host">{escapeHtml(host)}</span></a>' if host else "</a>"


def _unread_host(tokens: Sequence[Token], at: int) -> str:
    """The host that the link leads to, empty where the link's own words begin with it."""
    try:
        host = urlsplit(str(tokens[at].attrs.get("href", ""))).hostname or ""
    except ValueError:
        return ""
    words = ""
    for token in tokens[at + 1 :]:
        if token.type == "link_close":
            break
        words += token.content
    bare = words.strip().lower().removeprefix("https://").removeprefix("http://")
    return "" if bare == host or bare.startswith((f"{host}/", f"{host}?", f"{host}#")) else host
