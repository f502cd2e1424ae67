"""Logging in through the provider that is set, and connecting an account with one there."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from localchat.accounts.identities import connecting
from localchat.accounts.openid import accounts, provider
from localchat.accounts.people import for_several
from localchat.accounts.second_factor import factor, waiting
from localchat.lib.api import person
from localchat.lib.errors import LocalChatError
from localchat.lib.pages import form_post, telling
from localchat.lib.sentences import Sentence
from localchat.lib.wording import in_words

ONWARD, CONNECTS = "openid_onward", "openid_connects"
SALT = "localchat.accounts.openid"
LASTS = 3600  # seconds of a link that connects
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@telling
@for_several
def begin(request: HttpRequest) -> HttpResponseBase:
    """To the provider; whoever is logged in connects their account by the link that they have."""
    if not settings.OIDC_ISSUER or request.method != "GET":
        return redirect("login")
    request.session.pop(CONNECTS, None)
    if request.user.is_authenticated:
        user = person(request)
        if not _is_link_of(user, request.GET.get("connect", "")):
            return redirect("account")
        request.session[CONNECTS] = user.pk
    onward = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
    request.session[ONWARD] = onward if is_ours else reverse("chat")
    try:
        return provider.send(request, request.build_absolute_uri(reverse("openid_done")))
    except LocalChatError as error:
        return _refused(request, error)


@never_cache
@telling
@for_several
def done(request: HttpRequest) -> HttpResponse:
    """Back from there."""
    if not settings.OIDC_ISSUER or request.method != "GET":
        return redirect("login")
    try:
        connects, claims = request.session.pop(CONNECTS, None), provider.confirmed(request)
        if request.user.is_authenticated:
            if connects != request.user.pk:
                raise provider.NotConfirmed
            connecting.connect(person(request), settings.OIDC_ISSUER, claims["sub"])
            return redirect("account")
        return _come_in(request, accounts.find(claims))
    except LocalChatError as error:
        return _refused(request, error)


@form_post
@for_several
def remove(request: HttpRequest) -> HttpResponse:
    connecting.disconnect(person(request), settings.OIDC_ISSUER)
    messages.success(request, in_words(Sentence("It is not connected any more.")))
    return redirect("account")


def link(user: User) -> str:
    """By which the person's account is connected. A page of another site does not know it."""
    return f"{reverse('openid')}?connect={signing.dumps(user.pk, salt=SALT)}"


def _is_link_of(user: User, given: str) -> bool:
    try:
        return bool(signing.loads(given, salt=SALT, max_age=LASTS) == user.pk)
    except signing.BadSignature:
        return False


def _come_in(request: HttpRequest, user: User) -> HttpResponse:
    """A second factor that is set up here is asked for here."""
    onward = request.session.pop(ONWARD, None) or reverse("chat")
    if factor.is_on(user):
        waiting.begin(request, user, onward)
        return redirect("login_code")
    login(request, user, backend=BACKEND)
    return redirect(onward)


def _refused(request: HttpRequest, error: LocalChatError) -> HttpResponse:
    return render(request, "accounts/openid.html", {"error": error}, status=error.status)
