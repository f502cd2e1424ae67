"""Every LDAP_SYNC_MINUTES: who of the people here is in the directory still, and in which groups."""

import logging
from itertools import islice

import redis
from django.conf import settings

from localchat.accounts.directory import accounts, server
from localchat.accounts.identities.models import DIRECTORY, Identity
from localchat.lib.errors import LocalChatError

logger = logging.getLogger(__name__)

KEY = "directory:synced"
AT_ONCE = 100  # people in one search


def due() -> bool:
    """Whether it is time; says so once. Without LDAP_BIND_DN nobody may look people up."""
    minutes = settings.LDAP_SYNC_MINUTES
    if not settings.LDAP_SERVER or not minutes or settings.LDAP_DN_TEMPLATE:
        return False
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
        return bool(client.set(KEY, 1, ex=minutes * 60, nx=True))


def sync() -> None:
    """While the directory is away, or finds nobody at all, everything stays as it is."""
    try:
        if not server.has_people():
            logger.error("the directory finds nobody: is LDAP_FILTER right?")
            return
        people = Identity.objects.of(DIRECTORY).select_related("user").order_by("pk").iterator()
        while batch := list(islice(people, AT_ONCE)):
            found = server.still_there(each.subject for each in batch)
            for each in batch:
                accounts.settle(each, found.get(each.subject))
    except LocalChatError as error:
        logger.warning("the directory was not looked at: %s", error.code)
