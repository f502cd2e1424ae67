"""What every HTTP edge of ours has in common: one error shape, one form of stream."""

import errno
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import psycopg.errors
from channels.db import aclose_old_connections
from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import get_language
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from localchat.lib import validation
from localchat.lib.errors import (
    BadRequest,
    DatabaseAway,
    DiskFull,
    LocalChatError,
    LoginRequired,
    NotAllowed,
    NotFound,
    TooLarge,
)
from localchat.lib.events import Event
from localchat.lib.sentences import Sentence
from localchat.lib.wording import worded

logger = logging.getLogger(__name__)

TOO_LONG = Sentence("What was sent is longer than 5 MB.")

Body = dict[str, object]
Frame = tuple[str, Body] | None  # an event's id, or ""; None: there was silence


def is_disk_full(error: BaseException | None) -> bool:
    """Of files or of the database, or raised from such an error."""
    while error is not None:
        if isinstance(error, psycopg.errors.DiskFull):
            return True
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        error = error.__cause__
    return False


def limited(longest: int) -> Any:
    """Of a text: its limit is stated; what is longer is refused in the reader's own words."""
    return Field(json_schema_extra={"maxLength": longest})


class Ok(Schema):
    success: bool = True


def error_response(error: LocalChatError) -> JsonResponse:
    body = worded(error.as_json())
    return JsonResponse(body, status=error.status, headers=error.headers())


def person(request: HttpRequest) -> User:
    """Who asks. Raises NotAllowed for nobody."""
    user = request.user
    if not isinstance(user, User) or not user.is_authenticated:
        raise NotAllowed(Sentence("Please log in."))
    return user


async def frames(
    events: AsyncIterator[Event | None], body: Callable[[Event], Body | None]
) -> AsyncIterator[Frame]:
    """Each event as the frame that `body` makes of it, if it makes one.

    An error on the way is told as the event `failed`, and is the last.
    """
    try:
        async for event in events:
            if event is None:
                yield None
            elif told := body(event):
                yield event["id"], told
    except LocalChatError as error:
        if told := body({"type": "failed", **error.as_json()}):
            yield "", told


def failed(event: Event) -> Body:
    """The frame of a failure, as clients of one kind of stream only know it."""
    return {"error": event["error"], "message": event["message"]}


async def sse(frames: AsyncIterator[Frame], language: str) -> AsyncIterator[str]:
    """Each (id, object) as a frame of text/event-stream; None as a comment that keeps it open."""
    # A response that streams would otherwise keep its database connection until it ends.
    await aclose_old_connections()
    yield ": keep-alive\n\n"  # brings the headers out at once
    async for frame in frames:
        if frame is None:
            yield ": keep-alive\n\n"
            continue
        event_id, body = frame
        line = f"id: {event_id}\n" if event_id else ""
        with translation.override(language):
            text = json.dumps(worded(body), ensure_ascii=False)
        yield f"{line}data: {text}\n\n"


def event_stream(
    frames: AsyncIterator[Frame], headers: dict[str, str] | None = None
) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        sse(frames, get_language() or "en"),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no", **(headers or {})},
    )


def known(error: BaseException | None) -> LocalChatError | None:
    """What is said of an error that is none of ours; None if only that something went wrong."""
    if isinstance(error, RequestDataTooBig):
        return TooLarge(TOO_LONG)
    if is_disk_full(error):
        return DiskFull()
    return DatabaseAway() if isinstance(error, OperationalError | InterfaceError) else None


def handle_errors(api: NinjaAPI) -> None:
    """Give every failure the one shape: {"error": code, "message": sentence}."""

    @api.exception_handler(LocalChatError)
    def ours(request: HttpRequest, error: LocalChatError) -> HttpResponse:
        return error_response(error)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return error_response(NotFound())

    @api.exception_handler(AuthenticationError)
    def nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return error_response(LoginRequired())

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return error_response(BadRequest(validation.sentence(error)))

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return JsonResponse(worded(BadRequest().as_json()), status=error.status_code)

    @api.exception_handler(Exception)
    def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
        if said := known(error):
            return error_response(said)
        logger.error("%s %s failed", request.method, request.resolver_match, exc_info=error)
        return error_response(LocalChatError())
