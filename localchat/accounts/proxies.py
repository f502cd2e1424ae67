"""Which proxies are believed, and whom they bring."""

import logging
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)
HEADER = "X-Forwarded-For"
_told: set[str] = set()


def is_trusted(address: str) -> bool:
    """Whether TRUSTED_PROXIES names it."""
    try:
        found = ip_address(address.split("%")[0])
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in settings.TRUSTED_PROXIES)


def client_address(request: HttpRequest) -> str:
    """The peer; behind proxies that are trusted the nearest address that is none of them.

    Each proxy adds at the end whom it has seen: what stands before that, anybody may have written.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    named = [each.strip() for each in request.headers.get(HEADER, "").split(",") if each.strip()]
    if named and not is_trusted(address):
        _tell(address)
    while named and is_trusted(address):
        address = named.pop()
    return address


def _tell(address: str) -> None:
    """Once: all clients of such a proxy count as one."""
    if settings.PUBLIC_URL and not _told:
        _told.add(address)
        logger.warning("%s says %s, but TRUSTED_PROXIES does not name it", address, HEADER)
