"""Logging in over HTTP, for clients that have a name and a password: a key with an hour's life."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from localchat.accounts import api_keys, scopes, throttle
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.accounts.models import ApiKey
from localchat.accounts.second_factor import factor
from localchat.lib.api import person
from localchat.lib.errors import LoginRequired

router = Router(tags=["Keys"])
LASTS = timedelta(hours=1)
NAME = "login"


class WrongPassword(LoginRequired):
    """Name and password do not belong together."""

    code = "wrong_password"


class LoginIn(Schema):
    username: str = Field(min_length=1, max_length=150)
    password: str = Field(min_length=1, max_length=4096)
    code: str = Field("", max_length=32, description="Of the second factor, where there is one")


class LoginOut(Schema):
    access_token: str = Field(description="An API key of every scope but people")
    token_type: str = "Bearer"
    expires_in: int = Field(description="Seconds")


class VerifiedOut(Schema):
    username: str
    valid: bool = True
    scopes: list[str] | None = Field(description="Of the key; null without one")
    expires: str | None = Field(description="When the key ends; null where it does not")


@router.post("/login", response=LoginOut, auth=None)
def login(request: HttpRequest, body: LoginIn) -> dict[str, Any]:
    """A key for an hour. Wrong passwords are counted as on the login page."""
    throttle.count(request, body.username)
    user = authenticate(request, username=body.username, password=body.password)
    if not isinstance(user, User):
        raise WrongPassword
    if factor.is_on(user):
        check_code(user, body.code)
    throttle.forgive(request, body.username)
    ApiKey.objects.for_user(user).past().filter(of_login=True).delete()
    end = timezone.now() + LASTS
    made = api_keys.make(user, NAME, scopes.USUAL, expires=end, of_login=True)
    note(Act.LOGGED_IN, "apikey", made.key.pk, by=user)
    return {"access_token": made.token, "expires_in": int(LASTS.total_seconds())}


def check_code(user: User, code: str) -> None:
    """Raises CodeNeeded, WrongCode."""
    if not code:
        raise factor.CodeNeeded
    try:
        factor.check(user, code)
    except factor.WrongCode:
        note(Act.LOG_IN_FAILED, "user", user.pk)
        raise


@router.get("/verify", response=VerifiedOut)
def verify(request: HttpRequest) -> dict[str, Any]:
    """Who a key brings in, and what it may do."""
    key: ApiKey | None = getattr(request, "api_key", None)
    return {
        "username": person(request).get_username(),
        "scopes": key and key.scopes,
        "expires": key and key.expires and key.expires.isoformat(),
    }
