"""The page of logs in the admin: the last entries of every process, and the same as a file."""

from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from localchat import log_files
from localchat.lib.api import person

SHOWN = 300  # entries
LONGEST = 4000  # characters of an entry on the page


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    check_reader(request)
    wish, names = wanted(request.GET), log_files.processes(folder())
    found = log_files.entries(folder(), wish)
    context = {
        **admin.site.each_context(request),
        "title": gettext("Logs"),
        "entries": [each._replace(text=each.text[:LONGEST]) for each in found[-SHOWN:]],
        "left_out": max(0, len(found) - SHOWN),
        "wish": wish,
        "query": urlencode(wish._asdict()),
        "processes": names,
        "levels": log_files.LEVELS,
        "is_elsewhere": not settings.LOG_FILE,
        "lacks_servers": not {"postgresql", "redis"} <= set(names),
    }
    return render(request, "admin/logs.html", context)


@never_cache
@require_safe
def as_text(request: HttpRequest) -> HttpResponse:
    """All that was read and fits the filter, an entry a line or more."""
    check_reader(request)
    lines = [
        f"{each.at:%Y-%m-%d %H:%M:%S} {each.process} {each.level} {each.text}\n"
        for each in log_files.entries(folder(), wanted(request.GET))
    ]
    headers = {"Content-Disposition": 'attachment; filename="localchat-logs.txt"'}
    return HttpResponse("".join(lines), "text/plain; charset=utf-8", headers=headers)


def folder() -> Path:
    return Path(settings.DATA) / "logs"


def wanted(query: QueryDict) -> log_files.Wish:
    return log_files.Wish(*(query.get(name, "")[:200] for name in log_files.Wish._fields))


def may_read(request: HttpRequest) -> bool:
    return person(request).has_perm("audit.view_logs")


def check_reader(request: HttpRequest) -> None:
    if not may_read(request):
        raise PermissionDenied
