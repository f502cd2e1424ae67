"""What is said below an answer, or before it, when the model has not written one as it should."""

from django.utils.translation import gettext

from documents.text import words
from localchat.lib.language import speaking


def on_nothing(question: str, *, thought: bool, reason: str) -> str:
    """Why there is no text: in the language of the question."""
    with speaking(words.language(question)):
        if not thought:
            return gettext("The model wrote nothing.")
        if reason == "length":
            return gettext("The model used all its room for thinking and wrote no answer.")
        return gettext("The model only thought and wrote no answer.")


def on_repetition(question: str) -> str:
    with speaking(words.language(question)):
        return gettext("The model began to repeat itself and was stopped there.")


def on_quotes(question: str) -> str:
    """What stands before the quotes that are there in place of an answer."""
    with speaking(words.language(question)):
        return gettext("What was found says:")
