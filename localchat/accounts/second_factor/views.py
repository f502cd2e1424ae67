"""The second factor on pages: asked for at the log-in, set up and removed on the account page."""

import segno
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_totp.models import TOTPDevice

from localchat.accounts import throttle
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.accounts.people import for_several
from localchat.accounts.second_factor import factor, waiting
from localchat.lib.api import person
from localchat.lib.errors import BadRequest, LocalChatError
from localchat.lib.pages import form_post, telling
from localchat.lib.sentences import Sentence
from localchat.lib.wording import in_words

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """After the right password: the code. Whoever did not come from there goes there."""
    found = waiting.who(request)
    if found is None:
        return redirect("chat" if request.user.is_authenticated else "login")
    error, status = None, 200
    if request.method == "POST":
        try:
            _check(request, found.user, request.POST.get("code", ""))
        except LocalChatError as refused:
            error, status = refused, 400
        else:
            return _come_in(request, found)
    return render(request, "accounts/code.html", {"error": error}, status=status)


def _check(request: HttpRequest, user: User, code: str) -> None:
    """Wrong codes are counted as wrong passwords are."""
    throttle.count(request, user.get_username())
    try:
        factor.check(user, code)
    except factor.WrongCode:
        note(Act.LOG_IN_FAILED, "user", user.pk)
        raise
    throttle.forgive(request, user.get_username())


def _come_in(request: HttpRequest, found: waiting.Waiting) -> HttpResponse:
    del request.session[waiting.KEY]
    login(request, found.user, backend=BACKEND)
    response = redirect(found.onward)
    throttle.remember(response, found.user)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@telling
@for_several
def set_up(request: HttpRequest) -> HttpResponse:
    """Posted to without a code it makes a secret; with one it puts that in force."""
    user = person(request)
    if request.method == "POST" and "code" in request.POST:
        try:
            codes = factor.confirm(user, request.POST["code"])
        except BadRequest as error:
            return _page_of(request, factor.begun(user), error=error)
        return render(request, "accounts/second_factor.html", {"codes": codes})
    device = factor.begin(user) if request.method == "POST" else factor.begun(user)
    return _page_of(request, device)


@form_post
@for_several
def remove(request: HttpRequest) -> HttpResponse:
    """By a code, so that an open browser alone is not enough."""
    user = person(request)
    _check(request, user, request.POST.get("code", ""))
    factor.remove(user)
    messages.success(request, in_words(Sentence("The second factor was removed.")))
    return redirect("account")


def _page_of(
    request: HttpRequest, device: TOTPDevice | None, error: LocalChatError | None = None
) -> HttpResponse:
    if device is None:
        return redirect("account")
    context = {"picture": _picture(device), "secret": factor.secret(device), "error": error}
    status = error.status if error else 200
    return render(request, "accounts/second_factor.html", context, status=status)


def _picture(device: TOTPDevice) -> SafeString:
    """What an app's camera reads, drawn here: no request leaves for it."""
    code = segno.make(device.config_url, micro=False)
    drawn = code.svg_inline(scale=5, border=3, light="#fff", svgclass="own__code", lineclass=None)
    return mark_safe(drawn)
