"""Forms with files, taken apart beside the event loop."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Response = Callable[[HttpRequest], HttpResponseBase]


def uploads(get_response: Response) -> Response:
    """An asynchronous view that asks for its files would otherwise hold up everybody.

    The innermost middleware, and not an asynchronous one: so all of them run in one thread, where
    each would else be sent to a thread by itself, before the view and after it.
    """

    def now(request: HttpRequest) -> HttpResponseBase:
        if request.content_type == "multipart/form-data":
            request.FILES  # noqa: B018 - looked at, it is taken apart
        return get_response(request)

    return now
