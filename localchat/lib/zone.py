"""Times on pages are those of the reader's clock, in the zone that their browser has told."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

LONGEST = 64  # characters of a zone's name


def zone(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., object]:
    """The zone of the cookie while the page is made; without one, or with nonsense in it, UTC."""

    def timed(request: HttpRequest) -> HttpResponseBase:
        with timezone.override(_zone(request.COOKIES.get(settings.ZONE_COOKIE_NAME, ""))):
            return get_response(request)

    return timed


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    if not name or len(name) > LONGEST or not name.isascii():
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
