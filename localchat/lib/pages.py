"""What the pages of every app have in common."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from localchat.lib.api import error_response
from localchat.lib.errors import LocalChatError

View = Callable[..., HttpResponseBase]


def is_script(request: HttpRequest) -> bool:
    """Whether the page's own script asks, which shows a sentence in its place."""
    return "X-Fragment" in request.headers


def telling(view: View) -> View:
    """A LocalChatError in the view becomes its sentence, for the script or as a page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except LocalChatError as error:
            if is_script(request):
                return error_response(error)
            page = render(request, "refused.html", {"error": error}, status=error.status)
            for name, value in error.headers().items():
                page[name] = value
            return page

    return guarded


def form_post(view: View) -> View:
    """A form's target: only posted to, and telling."""
    return require_POST(telling(view))
