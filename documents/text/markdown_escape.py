"""Text of documents within Markdown of ours."""

import re

_MARKUP = re.compile(
    r"[\\`*\[\]<]|~(?=~)|&(?=[#\w]+;)|(?<![^\W_])_|_(?![^\W_])|^(?:[#>+=-]|\d+(?=[.)]))"
)


def escaped(text: str) -> str:
    """So that it is shown letter for letter: a quote's own [1] must not look like ours.

    Nothing is escaped that is no markup where it stands, for those who read the Markdown itself.
    """
    return _MARKUP.sub(lambda match: _with_backslash(match.group()), text)


def _with_backslash(mark: str) -> str:
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"


_EVERYWHERE = re.compile(r"([\\`*_\[\]<>|~#&]|^[+=-]|(?<=^\d)[.)]|(?<=^\d\d)[.)])")


def literal(text: str) -> str:
    """A name or a cell of a table, in which every sign stands for itself wherever it is put."""
    return _EVERYWHERE.sub(r"\\\1", text)


def unescaped(markdown: str) -> str:
    """What was escaped, as it was."""
    return re.sub(r"\\(.)", r"\1", markdown)
