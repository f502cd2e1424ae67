"""The language in which an answer is said: the question's where we speak it, else English."""

from django.utils import translation

# As the lists of stop words name them, and as the catalogues in `localchat/locale` are named.
CODES = {
    "arabic": "ar",
    "chinese": "zh-hans",
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "norwegian": "nb",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
}
FLUENT = {"en", "de"}  # of the others we know a sentence or two


def speaking(language: str, *, haltingly: bool = False) -> translation.override:
    """A context in which messages, numbers and days are the language's; nothing may be awaited in it.

    Haltingly: for a sentence that stands alone, also in a language of which we know little else.
    """
    code = CODES.get(language, "en")
    return translation.override(code if haltingly or code in FLUENT else "en")
