"""What is said in place of an answer when nothing in the documents answers the question."""

import unicodedata

from django.utils.translation import gettext

from documents.text import words
from localchat.lib.language import speaking

_SCRIPTS = {
    "HIRAGANA": "japanese",
    "KATAKANA": "japanese",
    "HANGUL": "korean",
    "CYRILLIC": "russian",
    "ARABIC": "arabic",
    "CJK": "chinese",
}


def sentence(question: str) -> str:
    """In the question's language, where we speak it; else in English."""
    with speaking(_language(question), haltingly=True):
        return gettext(
            "Your documents do not answer this: nothing close enough to the question was found in"
            " them."
        )


def empty_scope(question: str) -> str:
    """What it was narrowed to has no passage, so that nothing could be looked for."""
    with speaking(_language(question)):
        return gettext(
            "There is nothing to read in what this question is about: it has been deleted, is empty,"
            " or has not been read yet."
        )


def _language(question: str) -> str:
    return by_script(question) or words.language(question)


def by_script(text: str) -> str:
    """The language of a script other than the Latin one; empty if it is in none that we know.

    Japanese is told from Chinese by its syllables, wherever they stand.
    """
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in text}
    return next((language for script, language in _SCRIPTS.items() if script in scripts), "")
