"""The page on which a collection is shared, and the forms on it."""

import json
from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from documents.desk import sharing
from documents.models import Collection, Grant, Role
from documents.models.rights import GIVEN
from documents.web import mine
from localchat.lib.api import person
from localchat.lib.pages import form_post, telling
from localchat.lib.sentences import Sentence
from localchat.lib.wording import in_words

WORDS = {
    Role.READER: gettext_lazy("reader: asks, searches and reads"),
    Role.WRITER: gettext_lazy("writer: also adds, replaces and moves documents"),
    Role.KEEPER: gettext_lazy("keeper: also renames, deletes and shares"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@telling
def shared(request: HttpRequest, pk: int) -> HttpResponse:
    found = mine.collection(request, pk, Role.KEEPER)
    if request.method == "POST":
        form = request.POST
        names = {name: form.get(name, "") for name in ("person", "group")}
        sharing.share(found, **names, role=form.get("role", ""))
        return redirect("collection_sharing", pk)
    context = {
        "collection": found,
        "grants": found.grants.select_related("person", "group"),
        "usual": settings.SHARING_ROLE,
        "roles": [(role.word, WORDS[role]) for role in GIVEN.values()],
        "groups": Group.objects.filter(user=person(request)).order_by("name"),
    }
    return render(request, "documents/sharing.html", context)


@form_post
def revoke(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    sharing.revoke(mine.collection(request, pk, Role.KEEPER), grant)
    return redirect("collection_sharing", pk)


@form_post
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    found = mine.collection(request, pk)
    sharing.leave(found, person(request))
    said = Sentence("%(name)s is no longer shared with you.", name=found.name)
    messages.info(request, in_words(said))
    return redirect("documents")


def seen_by(user: User, collections: Iterable[Collection]) -> str:
    """Who else sees what is put into each of these, by the name to choose it by, as JSON.

    Nothing of a collection that nobody else sees, and nothing where there is one person alone.
    """
    if settings.OWNER_MODE:
        return ""
    rows = list(collections)
    grants = Grant.objects.filter(collection__in=[row.pk for row in rows])
    given: dict[int, list[str]] = {}
    for each in grants.select_related("person", "group"):
        named = each.person.get_username() if each.person else each.group and each.group.name
        given.setdefault(each.collection_id, []).append(str(named))
    found = {}
    for row in rows:
        if row.owner_id != user.pk:
            told = gettext("This collection is {owner}'s: so are the documents that you add to it.")
            found[row.called_by(user)] = told.format(owner=row.owner.get_username())
        elif row.pk in given:
            told = gettext("Who else sees what is in this collection: {names}.")
            found[row.name] = told.format(names=", ".join(given[row.pk]))
    return json.dumps(found) if found else ""
