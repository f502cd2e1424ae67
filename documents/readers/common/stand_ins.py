"""What is told in the place of a picture, and where a link leads."""

import re

from documents.readers.common.tidy import clean

FILE_NAME = re.compile(
    r"\S+\.(?:png|jpe?g|gif|svg|webp|bmp|tiff?|wmf|emf)|https?:\S+", re.IGNORECASE
)
NO_WORDS = {"", "image", "img", "photo", "picture", "icon", "logo", "spacer", "null", "undefined"}
SHORT = 2  # letters: a sign that is drawn as a picture
DESCRIPTION = 1_000
ADDRESS = re.compile(r"(?:https?|ftp)://\S+|(?:mailto|tel):\S+", re.IGNORECASE)
ADDRESS_CHARACTERS = 150  # a longer one is of use to programs alone


def picture(description: str) -> str:
    """By its alternative text; nothing where that only names a file, or says nothing."""
    text = " ".join(clean(description[:DESCRIPTION]).split())
    if text.lower() in NO_WORDS or FILE_NAME.fullmatch(text):
        return ""
    return text if len(text) <= SHORT else f"[picture: {text}]"


def address(target: str, words: str) -> str:
    """Where a link with these words leads, unless they say so."""
    target = target.strip()
    if not ADDRESS.fullmatch(target) or len(target) > ADDRESS_CHARACTERS or not words.strip():
        return ""
    if target[:1] in "mtMT":
        target = target.partition(":")[2].partition("?")[0]
    bare = re.sub(r"^https?://(?:www\.)?|/$|[\s-]", "", target.lower())
    return "" if bare in re.sub(r"[\s-]", "", words.lower()) else clean(target)
