"""Django's seam for passwords that somebody else knows: asked after the accounts' own."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from localchat.accounts.directory import accounts, server
from localchat.lib.errors import LocalChatError


class Directory(BaseBackend):
    @sensitive_variables("password")
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        """None where the two do not belong together. Raises DirectoryAway, NotAllowed."""
        if not settings.LDAP_SERVER or not username or not password:
            return None
        try:
            entry = server.confirmed(username, password)
            return accounts.find(entry) if entry else None
        except LocalChatError:
            given = {"username": username}
            user_login_failed.send(__name__, credentials=given, request=request)
            raise

    def get_user(self, user_id: int) -> User | None:
        return ModelBackend().get_user(user_id)
