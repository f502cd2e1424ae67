"""The language in which an answer is said: the question's where we speak it, else English.

What is said of it beside is the reader's, as the pages are.
"""

from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.http import HttpRequest
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


def of_scope(scope: Mapping[str, Any]) -> str:
    """The reader's language of a connection that no middleware has looked at."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = _header(scope["headers"], b"accept-language")
    try:
        cookies = SimpleCookie(_header(scope["headers"], b"cookie"))
    except CookieError:
        cookies = SimpleCookie()
    request.COOKIES = {name: found.value for name, found in cookies.items()}
    return translation.get_language_from_request(request)


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    return "; ".join(value.decode("latin-1") for key, value in headers if key.lower() == name)
