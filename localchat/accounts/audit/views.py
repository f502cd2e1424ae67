"""The page of the audit log, and the log as a file."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from localchat.accounts.audit import reading
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.accounts.people import for_several
from localchat.lib.api import person
from localchat.lib.errors import NotFound
from localchat.lib.pages import telling

FORMS = {
    "csv": (reading.as_csv, "text/csv; charset=utf-8"),
    "json": (reading.as_json, "application/json"),
}


@never_cache
@require_safe
@telling
@for_several
def page(request: HttpRequest) -> HttpResponse:
    _check_reader(request)
    wish = reading.Wish.of(request.GET)
    rows = list(wish.entries()[: reading.PAGE + 1])
    query = {name: value for name, value in wish._asdict().items() if value}
    more = rows[reading.PAGE - 1].pk if len(rows) > reading.PAGE else None
    context = {
        "rows": rows[: reading.PAGE],
        "wish": wish,
        "acts": Act.choices,
        "query": urlencode({name: value for name, value in query.items() if name != "before"}),
        "more": urlencode({**query, "before": more}) if more else "",
        "days": settings.AUDIT_DAYS,
    }
    return render(request, "accounts/audit.html", context)


@never_cache
@require_safe
@telling
@for_several
def export(request: HttpRequest, form: str) -> HttpResponse:
    """What the page's filter finds, whole, as CSV or JSON; that is noted too."""
    _check_reader(request)
    if form not in FORMS:
        raise Http404
    write, kind = FORMS[form]
    entries = reading.Wish.of(request.GET).entries()
    note(Act.LOG_EXPORTED)
    name = f'attachment; filename="localchat-log.{form}"'
    body = "".join(write(entries))
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": name})


def _check_reader(request: HttpRequest) -> None:
    """Raises NotFound for whoever has no right to it: there is no such page then."""
    user = person(request)
    if not (user.is_staff and user.has_perm("audit.view_entry")):
        raise NotFound
