"""What arrives here of a request that doctor sends round by the public address."""

import asyncio
import json
from collections.abc import AsyncIterator

from django.core import signing
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from localchat.lib.api import error_response
from localchat.lib.errors import BadRequest

SALT = "doctor"
VALID_SECONDS = 60
LONGEST = 30  # seconds of silence


def token(silence: float = 0) -> str:
    """A pass for one minute, and how many seconds nothing shall be sent."""
    return signing.dumps(min(silence, LONGEST), salt=SALT)


@csrf_exempt
@require_safe
async def reached(request: HttpRequest) -> HttpResponseBase:
    """The scheme that came, at once; then silence, then the end. A pass of ours is needed."""
    try:
        silence = float(
            signing.loads(request.GET.get("pass", ""), salt=SALT, max_age=VALID_SECONDS)
        )
    except (signing.BadSignature, ValueError, TypeError):
        return error_response(BadRequest())
    response = StreamingHttpResponse(
        _frames(request.headers.get("X-Forwarded-Proto", ""), silence),
        content_type="text/event-stream",
    )
    response["Cache-Control"], response["X-Accel-Buffering"] = "no-cache", "no"
    return response


async def _frames(scheme: str, silence: float) -> AsyncIterator[str]:
    yield f"data: {json.dumps({'scheme': scheme})}\n\n"
    await asyncio.sleep(silence)
    yield f"data: {json.dumps({'done': True})}\n\n"
