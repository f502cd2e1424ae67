"""Forms with files, taken apart beside the event loop."""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from localchat.lib.threads import threaded

Sync = Callable[[HttpRequest], HttpResponseBase]
Async = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def uploads(get_response: Sync | Async) -> Sync | Async:
    """An asynchronous view that asks for its files would otherwise hold up everybody."""
    if not iscoroutinefunction(get_response):
        return get_response

    async def later(request: HttpRequest) -> HttpResponseBase:
        if request.content_type == "multipart/form-data":
            await threaded(_take_apart)(request)
        response: HttpResponseBase = await get_response(request)
        return response

    return later


def _take_apart(request: HttpRequest) -> int:
    return len(request.FILES)
