"""Words without what two ways of writing them differ in: case and accents."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Without case, without the marks of any script, ligatures taken apart. For comparing."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def unaccented(word: str) -> str:
    """Without the accents of Latin, Greek, Arabic and Hebrew letters; others keep their marks.

    For what is indexed: in Hindi or Thai another mark makes another word.
    """
    if word.isascii():
        return word
    kept = (
        char
        for char in unicodedata.normalize("NFD", word.casefold())
        if not (unicodedata.combining(char) and char < "\u0900")
    )
    return unicodedata.normalize("NFC", "".join(kept))
