"""The page of settings in the admin: what is in force, who said so, and forms to change it."""

from typing import NamedTuple

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from localchat.kept_settings import catalogue, changing
from localchat.kept_settings.catalogue import SECTIONS, Section, from_environment
from localchat.kept_settings.models import Setting
from localchat.lib.api import person
from localchat.web.settings_forms import Row, SectionForm
from models_mgmt import choosing


class Shown(NamedTuple):
    section: Section
    form: SectionForm
    rows: list[Row]


class Origin(NamedTuple):
    """Of one setting that is not as it was delivered; `by` is empty for the environment."""

    name: str
    by: str
    chosen: Setting | None


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    sections = may_change(person(request))
    if not sections:
        raise PermissionDenied
    bound = _posted(request, sections) if request.method == "POST" else None
    if bound is not None and bound.is_valid():
        return _keep(request, bound)
    forms = [bound if bound and bound.section == each else SectionForm(each) for each in sections]
    chosen = Setting.objects.in_bulk()
    context = {
        **admin.site.each_context(request),
        "title": gettext("Settings"),
        "sections": [Shown(each.section, each, list(each.rows(chosen))) for each in forms],
        "is_all": len(sections) == len(SECTIONS),
        "models": [each.name for each in choosing.installed().models if choosing.can_chat(each)],
    }
    return render(request, "admin/settings.html", context, status=400 if bound else 200)


def may_change(user: User) -> list[Section]:
    return [each for each in SECTIONS if changing.may_change(user, each)]


def _posted(request: HttpRequest, sections: list[Section]) -> SectionForm:
    """Raises PermissionDenied, Http404."""
    wanted = request.POST.get("section", "")
    if wanted not in {each.key for each in SECTIONS}:
        raise Http404
    for each in sections:
        if each.key == wanted:
            return SectionForm(each, request.POST)
    raise PermissionDenied


def _keep(request: HttpRequest, form: SectionForm) -> HttpResponse:
    changed = changing.change(person(request), form.values())
    for each in form.found:
        messages.success(request, each)
    said = gettext("It is kept, and holds everywhere within a few seconds.")
    messages.success(request, said if changed else gettext("Nothing was different."))
    return redirect(f"{reverse('settings')}#{form.section.key}")


def origins() -> list[Origin]:
    """Of all that is not as it was delivered, in the page's order."""
    chosen = Setting.objects.in_bulk()
    found = []
    for name in catalogue.ALL:
        if from_environment(name):
            found.append(Origin(name, "", None))
        elif name in chosen:
            found.append(Origin(name, chosen[name].changed_by, chosen[name]))
    return found
