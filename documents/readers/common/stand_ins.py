"""What is told in the place of a picture, and where a link leads."""

import re

from documents.readers.common.tidy import clean

NAME = re.compile(
    r"[\w\s().~-]{0,80}\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp)|https?:\S+", re.IGNORECASE
)
NO_WORDS = {"", "image", "img", "photo", "picture", "icon", "logo", "spacer", "null", "undefined"}
# What programs say of their own under a description.
CLAIM = re.compile(
    "automatically generated|AI-generated|automatisch generiert|KI-generiert|"
    "automatiquement|automáticamente|automaticamente",
    re.IGNORECASE,
)
SHORT = 2  # letters: a sign that is drawn as a picture
DESCRIPTION_CHARACTERS = 2_000
ADDRESS = re.compile(r"(?:https?|ftp)://\S+|(?:mailto|tel):\S+", re.IGNORECASE)
ADDRESS_CHARACTERS = 150  # a longer one is of use to programs alone


def description(text: str) -> str:
    """What an author says of a picture, on one line; nothing if it is the name of a file."""
    lines = (line for line in text.splitlines() if not CLAIM.search(line))
    words = " ".join(" ".join(lines).split())[:DESCRIPTION_CHARACTERS]
    return "" if NAME.fullmatch(words) else words


def picture(text: str) -> str:
    """The same, in the midst of a line."""
    words = clean(description(text))
    if words.lower() in NO_WORDS:
        return ""
    return words if len(words) <= SHORT else f"[picture: {words}]"


def address(target: str, words: str) -> str:
    """Where a link with these words leads, unless they say so."""
    target = target.strip()
    if not ADDRESS.fullmatch(target) or len(target) > ADDRESS_CHARACTERS or not words.strip():
        return ""
    if target[:1] in "mtMT":
        target = target.partition(":")[2].partition("?")[0]
    bare = re.sub(r"^https?://(?:www\.)?|/$|[\s-]", "", target.lower())
    return "" if bare in re.sub(r"[\s-]", "", words.lower()) else clean(target)
