"""What Django itself refuses, as JSON where no page is asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from localchat.accounts.refusals import NO_PAGES, WithoutToken
from localchat.lib.api import error_response
from localchat.lib.errors import (
    BadRequest,
    LocalChatError,
    MethodNotAllowed,
    NotAllowed,
    NotFound,
    TooLarge,
)
from localchat.lib.pages import is_script

ERRORS = {error.status: error for error in (NotAllowed, NotFound, MethodNotAllowed, TooLarge)}


def shaped(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., object]:
    """Middleware: a refusal that came as a page becomes one in the one shape."""
    return lambda request: _shaped(request, get_response(request))


def _shaped(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The response; where it is a refusal as a page, to who asked for none, the same as JSON."""
    status = response.status_code
    kind = response.headers.get("Content-Type", "")
    is_json = kind.partition(";")[0].endswith(("/json", "+json"))
    if status < 400 or is_json or not _is_no_page(request):
        return response
    usual: type[LocalChatError] = LocalChatError if status >= 500 else BadRequest
    made = error_response(ERRORS.get(status, usual)())
    made.status_code = status
    if "Allow" in response.headers:
        made["Allow"] = response["Allow"]
    return made


def without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    if is_script(request) or _is_no_page(request):
        return error_response(WithoutToken())
    return render(request, "403_csrf.html", {"error": WithoutToken()}, status=403)


def _is_no_page(request: HttpRequest) -> bool:
    return request.path_info.startswith(NO_PAGES)
