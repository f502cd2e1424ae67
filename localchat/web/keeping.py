"""The keeper's page in the admin: work, room, backups. Counts and names of people, never texts."""

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from chat.models import Conversation, Message
from documents.models import Content, Document
from localchat.backups import schedule
from localchat.lib.api import person
from localchat.lib.wording import in_words
from localchat.tasks import back_up_now
from localchat.web import log_page, settings_page
from models_mgmt import choosing
from models_mgmt.models import Pull


class Work(NamedTuple):
    """How many rows of a kind wait, are worked on and have failed; `where` they are listed."""

    kind: str
    waiting: int
    running: int
    failed: int
    where: str


class Share(NamedTuple):
    person: str
    documents: int
    bytes: int
    conversations: int


@require_http_methods(["GET", "HEAD", "POST"])
def server(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        if not (isinstance(request.user, User) and request.user.is_superuser):
            raise PermissionDenied
        back_up_now.delay()
        messages.info(request, gettext("A backup is being made. It stands here when it is whole."))
        return redirect("server")
    kept = [*schedule.kept(schedule.REGULAR), *schedule.kept(schedule.BEFORE_UPGRADE)]
    context = {
        **admin.site.each_context(request),
        "title": gettext("This server"),
        "work": _work(),
        "shares": _shares(),
        "engines": [in_words(problem) for problem in choosing.installed().problems],
        "backups": [(path.name, path.stat()) for path in kept],
        "last": schedule.last(),
        "folder": settings.BACKUP_FOLDER,
        "hours": settings.BACKUP_HOURS,
        "origins": settings_page.origins(),
        "may_read_logs": log_page.may_read(request),
        "may_set": bool(settings_page.may_change(person(request))),
    }
    return render(request, "admin/server.html", context)


def _work() -> list[Work]:
    documents, pulls = _by_status(Document.objects.all()), _by_status(Pull.objects.all())
    answers = _by_status(Message.objects.filter(role="assistant"))
    return [
        _row(gettext("Documents"), documents, Document, "admin:documents_document_changelist"),
        _row(gettext("Models being pulled"), pulls, Pull, "admin:models_mgmt_pull_changelist"),
        _row(gettext("Answers"), answers, Message, ""),
    ]


def _by_status(rows: "QuerySet[Any]") -> dict[str, int]:
    return dict(rows.order_by().values_list("status").annotate(Count("pk")))


def _row(kind: str, found: dict[str, int], model: Any, where: str) -> Work:
    waiting = sum(found.get(status, 0) for status in model.WAITING)
    running = sum(found.get(status, 0) for status in model.WORKING)
    return Work(kind, waiting, running, found.get("failed", 0), reverse(where) if where else "")


def _shares() -> list[Share]:
    """Of each person, the largest first."""
    sizes = dict(Content.objects.order_by().values_list("owner").annotate(Sum("size")))
    documents = dict(Document.objects.order_by().values_list("owner").annotate(Count("pk")))
    talks = dict(Conversation.objects.order_by().values_list("owner").annotate(Count("pk")))
    people = User.objects.values_list("pk", "username")
    found = [
        Share(name, documents.get(pk, 0), sizes.get(pk, 0), talks.get(pk, 0)) for pk, name in people
    ]
    return sorted(found, key=lambda share: -share.bytes)
