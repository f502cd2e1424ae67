"""What is said in place of an answer when nothing in the documents answers the question."""

import re
import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext

from chat.question.small_talk import is_small_talk
from documents.finding import search
from documents.text import words
from documents.text.folding import fold
from localchat.lib.language import speaking
from localchat.lib.sentences import Sentence

_NAMED = re.compile("“([^“”]+)”")
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


def no_model(question: str) -> str:
    """Nobody is there to be asked without documents."""
    with speaking(_language(question)):
        return gettext(
            "No chat model answers here, so there is nobody to ask. Install one on the Models page,"
            " or ask about your documents and get quotes."
        )


def minded(notes: Sequence[str], question: str) -> list[str]:
    """The notes of a search. Of words that no passage has only those that the person has typed now:
    none that the question was made whole with, and no greeting.
    """
    typed = fold(question)
    kept: list[str] = []
    for note in notes:
        if note.startswith(search.LACKING):
            names = [name for name in _NAMED.findall(note) if fold(name) in typed]
            said = ", ".join(f"“{name}”" for name in names if not is_small_talk(name))
            note = Sentence("None of your passages mentions %(words)s.", words=said) if said else ""
        kept += [note] if note else []
    return kept


def _language(question: str) -> str:
    return by_script(question) or words.language(question)


def by_script(text: str) -> str:
    """The language of a script other than the Latin one; empty if it is in none that we know.

    Japanese is told from Chinese by its syllables, wherever they stand.
    """
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in text}
    return next((language for script, language in _SCRIPTS.items() if script in scripts), "")
