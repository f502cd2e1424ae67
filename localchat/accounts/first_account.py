"""The first account, where nobody is the owner by being on this machine."""

import logging

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

logger = logging.getLogger(__name__)

USERNAME = "admin"


def anybody_can_log_in() -> bool:
    accounts = User.objects.filter(is_active=True)
    return accounts.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()


def ensure_admin() -> None:
    """Make `admin` with LOCALCHAT_ADMIN_PASSWORD, while there is nobody who could log in."""
    if not settings.ADMIN_PASSWORD or anybody_can_log_in():
        return
    try:
        with transaction.atomic():
            User.objects.create_superuser(USERNAME, password=settings.ADMIN_PASSWORD)
    except IntegrityError:  # another process was quicker
        return
    logger.info("the account %s was made", USERNAME)
