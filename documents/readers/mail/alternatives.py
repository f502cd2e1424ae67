"""The plain and the formatted text of one message, of which either may say what the other lacks."""

import re
from collections.abc import Iterator

WORD = re.compile(r"\w+(?:[.,:/-]\w+)*")
ADDRESSES = ("http", "mailto:", "www.", "cid:")
ADDRESS = re.compile(r"(?<!\S)(?=\S*?(?:https?://|mailto:|www\.|cid:))\S++")
# What programs write that leave the plain text out.
PLACEHOLDER = re.compile(
    r"html|browser|navigateur|navegador|mail (?:program|client|reader)|mailprogramm|"
    r"view (?:this|the) (?:e-?mail|message)|online (?:version|view)",
    re.IGNORECASE,
)
PLACEHOLDER_CHARACTERS = 400
OWN = 0.5  # share of a line's words that the other text lacks, by which the line says something


def merged(plain: str, rich: str) -> str:
    """The richer text, with the lines that only the other one has after it."""
    if not plain.strip() or not rich.strip():
        return plain if plain.strip() else rich
    if not says_more(rich, plain):
        return plain
    if len(plain.strip()) < PLACEHOLDER_CHARACTERS and PLACEHOLDER.search(plain):
        return rich
    return "\n\n".join(filter(None, (rich.strip(), "\n".join(_own(plain, rich)))))


def says_more(text: str, than: str) -> bool:
    return next(_own(text, than), None) is not None


def _own(text: str, other: str) -> Iterator[str]:
    """The lines of the text that the other lacks: a figure, or half of their words."""
    pieces = set(other.split())
    known: set[str] | None = None
    for line in text.split("\n"):
        said = line.lstrip("> ")
        if pieces.issuperset(said.split()):
            continue
        known = set(_words(other)) if known is None else known
        words = _words(said)
        lacking = [word for word in words if word not in known]
        figures = any(any(map(str.isdigit, word)) for word in lacking)
        if lacking and (figures or len(lacking) >= OWN * len(words)):
            yield line.strip()


def _words(text: str) -> list[str]:
    if any(sign in text for sign in ADDRESSES):
        text = ADDRESS.sub(" ", text)
    return WORD.findall(text.casefold())
