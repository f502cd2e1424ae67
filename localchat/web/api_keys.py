"""The page of one's API keys."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from documents.models import Collection
from localchat.accounts import api_keys, scopes
from localchat.accounts.models import ApiKey
from localchat.lib.api import person
from localchat.lib.errors import BadRequest, NotFound
from localchat.lib.pages import form_post, telling
from localchat.lib.sentences import Sentence, counted

LASTS = {
    "30": counted("%(n)s day", "%(n)s days", 30),
    "90": counted("%(n)s day", "%(n)s days", 90),
    "365": Sentence("a year"),
    "": Sentence("until it is revoked"),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@telling
def page(request: HttpRequest) -> HttpResponse:
    """The list; after a key is made the key as well, which is nowhere else and shown once."""
    user = person(request)
    token = _new_key(request, user).token if request.method == "POST" else ""
    mine = Collection.objects.for_user(user).select_related("owner")
    names = {each.pk: each.called_by(user) for each in mine}
    keys = ApiKey.objects.for_user(user).filter(of_login=False)
    context = {
        "token": token,
        "address": settings.PUBLIC_URL or request.build_absolute_uri("/")[:-1],
        "rows": [(key, _state(key), _collections(key, names)) for key in keys],
        "scopes": scopes.open_to(user),
        "lasts": LASTS,
        "collections": names,
    }
    return render(request, "accounts/api_keys.html", context)


@form_post
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    api_keys.revoke(person(request), pk)
    return redirect("api_keys")


def _new_key(request: HttpRequest, user: User) -> api_keys.Made:
    form = request.POST
    wanted = [pk for pk in form.getlist("collections") if pk.isascii() and pk.isdigit()]
    mine = Collection.objects.for_user(user).filter(pk__in=[int(pk) for pk in wanted][:10_000])
    collections = list(mine.values_list("pk", flat=True))
    if len(collections) != len(form.getlist("collections")):
        raise NotFound
    return api_keys.make(
        user,
        form.get("name", "").replace("\0", ""),
        form.getlist("scopes"),
        collections=collections or None,
        expires=_end(form.get("lasts", "")),
    )


def _end(lasts: str) -> datetime | None:
    if lasts not in LASTS:
        raise BadRequest
    return timezone.now() + timedelta(days=int(lasts)) if lasts else None


def _state(key: ApiKey) -> str:
    if key.revoked:
        return "revoked"
    return "expired" if key.expires and key.expires <= timezone.now() else ""


def _collections(key: ApiKey, names: dict[int, str]) -> Sequence[str] | None:
    if key.collections is None:
        return None
    return [names.get(pk) or Sentence("a deleted collection") for pk in key.collections]
