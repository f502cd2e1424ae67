"""What goes wrong: the status where nothing has been sent yet, and Anthropic's shape."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, JsonResponse

from localchat.lib.errors import LocalChatError
from localchat.lib.wording import in_words

# Anthropic's names by our statuses.
KINDS = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
}


def status(code: str) -> int:
    """500 for what nobody knows here."""
    return next((each.status for each in _kinds(LocalChatError) if each.code == code), 500)


def _kinds(kind: type[LocalChatError]) -> Iterator[type[LocalChatError]]:
    """Those that others are kinds of come first."""
    yield kind
    for each in kind.__subclasses__():
        yield from _kinds(each)


def as_anthropic(status: int, message: str) -> dict[str, Any]:
    kind = KINDS.get(status, "api_error" if status >= 500 else "invalid_request_error")
    return {"type": "error", "error": {"type": kind, "message": in_words(message)}}


def anthropic_response(error: LocalChatError) -> HttpResponse:
    body = as_anthropic(error.status, error.message)
    return JsonResponse(body, status=error.status, headers=error.headers())
