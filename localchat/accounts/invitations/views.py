"""Pages of invitations: those that a keeper makes, and the one that a link opens."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from localchat.accounts import throttle
from localchat.accounts.forms import AccountForm
from localchat.accounts.invitations import inviting
from localchat.accounts.invitations.models import Invitation
from localchat.accounts.people import for_several
from localchat.lib.api import person
from localchat.lib.errors import BadRequest, LocalChatError, NotFound
from localchat.lib.pages import form_post, telling
from localchat.lib.sentences import counted

LASTS = {days: counted("%(n)s day", "%(n)s days", days) for days in (1, 7, 30)}
SHOWN = 200  # of the newest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@telling
@for_several
def page(request: HttpRequest) -> HttpResponse:
    """The list; after one is made its link as well, which is shown once."""
    user = _inviter(request, "add" if request.method == "POST" else "view")
    made = _new(request, user) if request.method == "POST" else None
    rows = Invitation.objects.select_related("invited_by", "account")[:SHOWN]
    context = {
        "link": inviting.link(made.token) if made else "",
        "rows": [(each, _state(each)) for each in rows],
        "roles": Invitation.Role.choices if user.is_superuser else [],
        "lasts": LASTS,
    }
    return render(request, "accounts/invitations.html", context)


@form_post
@for_several
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    _inviter(request, "change")
    inviting.revoke(pk)
    return redirect("invitations")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@telling
@for_several
def accept(request: HttpRequest) -> HttpResponse:
    """What the link opens. Looking at it uses nothing up."""
    token = request.POST.get("key") or request.GET.get("key", "")
    try:
        inviting.find(token)
        form = AccountForm(request.POST or None)
        if not request.user.is_authenticated and form.is_valid():
            return _come_in(request, inviting.take(token, form.save(commit=False)))
        status = 400 if form.errors else 200
        context: dict[str, Any] = {"form": form, "key": token}
    except IntegrityError:
        return redirect(request.get_full_path())  # the name was taken this moment: it is said there
    except LocalChatError as error:
        status, context = error.status, {"error": error}
    return render(request, "accounts/invitation.html", context, status=status)


def _come_in(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    response = redirect("chat")
    throttle.remember(response, user)
    return response


def _inviter(request: HttpRequest, verb: str) -> User:
    """Raises NotFound for whoever may not do that: there is no such page then."""
    user = person(request)
    if not (user.is_staff and user.has_perm(f"invitations.{verb}_invitation")):
        raise NotFound
    return user


def _new(request: HttpRequest, user: User) -> inviting.Made:
    lasts = request.POST.get("days", "")
    if lasts not in map(str, LASTS):
        raise BadRequest
    role = request.POST.get("role", Invitation.Role.MEMBER)
    return inviting.invite(user, note=request.POST.get("note", ""), role=role, days=int(lasts))


def _state(invitation: Invitation) -> str:
    if invitation.used:
        return "used"
    if invitation.revoked:
        return "revoked"
    return "expired" if invitation.expires <= timezone.now() else ""
