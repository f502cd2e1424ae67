"""Text of documents within Markdown of ours."""

import re

# A bracket that would begin a formula once it is escaped.
_FORMULA = re.compile(
    r"(?m)(?:^\[|\[(?=\s))(?=[^\]]*[\\^_=<>+*/|\n]|(?=[^\]]*[A-Za-z])[\w',() -]{1,20}\])"
)
_BRACKET = "&#91;"
_MARKUP = re.compile(
    r"\$(?!\d)|[\\`*\[\]<]|~(?=~)|&(?=[#\w]+;)|(?<![^\W_])_|_(?![^\W_])|^(?:[#>+=-]|\d+(?=[.)]))"
)


def escaped(text: str) -> str:
    """So that it is shown letter for letter: a quote's own [1] must not look like ours.

    Nothing is escaped that is no markup where it stands, for those who read the Markdown itself.
    """
    return _MARKUP.sub(lambda match: _as_itself(match, text), text)


def _as_itself(match: re.Match[str], text: str) -> str:
    mark = match.group()
    if mark.isdigit():
        return f"{mark}\\"
    return _BRACKET if _FORMULA.match(text, match.start()) else f"\\{mark}"


_EVERYWHERE = re.compile(r"[\\`*_\[\]<>|~#&$]|^[+=-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")


def literal(text: str) -> str:
    """A name or a cell of a table, in which every sign stands for itself wherever it is put."""
    return _EVERYWHERE.sub(lambda match: _as_itself(match, text), text)


def unescaped(markdown: str) -> str:
    """What was escaped, as it was."""
    return re.sub(r"\\(.)", r"\1", markdown).replace(_BRACKET, "[")
