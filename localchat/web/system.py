"""Roads about the program itself: is it up, is it ready, how is it."""

import shutil
import sys
from typing import Any

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import Router

from documents.models import Document
from localchat import VERSION
from localchat.accounts.refusals import MACHINES
from localchat.lib.api import error_response, known, person
from localchat.lib.db_threads import unpooled
from localchat.lib.errors import LocalChatError
from models_mgmt import choosing

router = Router(tags=["System"])
NEEDED = 10_000_000  # bytes; with less nothing can be kept


@csrf_exempt
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"web": "up"})


@csrf_exempt
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """What the process depends on, by name, up or down."""
    found = {"database": database_answers(), "redis": _redis()}
    states = {name: "up" if up else "down" for name, up in found.items()}
    if not _has_room():
        found["disk"], states["disk"] = False, "full"
    return JsonResponse(states, status=200 if all(found.values()) else 503)


def _has_room() -> bool:
    """Whether the disk of the data folder can take any more."""
    try:
        return shutil.disk_usage(settings.DATA).free >= NEEDED
    except OSError:
        return True  # it is not here: the program runs in parts


def database_answers() -> bool:
    """By a connection of its own: the pool would wait until one can be had."""
    own = unpooled("readiness")
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    finally:
        own.close()
    return True


def _redis() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


@router.get("/status")
def status(request: HttpRequest) -> dict[str, Any]:
    """How the program is at this moment."""
    user = person(request)
    model = choosing.answering(user).model
    database = database_answers()
    return {
        "version": VERSION,
        "ollama": not choosing.installed().problems,
        "database": database,
        "ready": database and _redis(),
        "active_model": model.name if model else None,
        "document_count": Document.objects.for_user(user).count(),
    }


def failed(request: HttpRequest) -> HttpResponse:
    """What nobody has caught, such as a database that goes away before a view is reached."""
    said = known(sys.exc_info()[1])
    if request.path_info.startswith(MACHINES):
        return error_response(said or LocalChatError())
    # Without the request: who asks may be what could not be found out.
    page = render_to_string("500.html", {"error": said})
    return HttpResponse(page, status=said.status if said else 500)
