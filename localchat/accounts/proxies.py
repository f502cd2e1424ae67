"""Which proxies are believed, and whom they bring."""

import logging
import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)
HEADER = "X-Forwarded-For"
_WITH_PORT = re.compile(r"\[([^\[\]]*)\](?::\d+)?|([\d.]+):\d+")
_told: set[str] = set()


def is_trusted(address: str) -> bool:
    """Whether TRUSTED_PROXIES names it."""
    found = _parsed(address)
    return found is not None and any(found in network for network in settings.TRUSTED_PROXIES)


def counted_as(address: str) -> str:
    """By which a client is counted: of IPv6 its network of 64 bits, all of which is its own."""
    found = _parsed(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return address if found is None else str(found)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """Some proxies add the port."""
    matched = _WITH_PORT.fullmatch(address)
    host = (matched[1] or matched[2]) if matched else address
    try:
        found = ip_address(host.split("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


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
