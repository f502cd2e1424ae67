"""Pulls in the admin: to look at, to stop, to begin again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html

from localchat.accounts.admin import Listed
from localchat.lib.api import person
from localchat.lib.errors import LocalChatError
from models_mgmt import requesting
from models_mgmt.models import Pull


@admin.register(Pull)
class PullAdmin(Listed):
    list_display = ("name", "owner", "state", "size", "created", "finished")
    list_filter = ("status", "created")
    search_fields = ("name", "owner__username")
    list_select_related = ("owner",)
    fields = readonly_fields = ("name", "owner", "state", "stage", "size", "created", "finished")
    actions = ("stop_selected", "pull_again")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Pull | None = None) -> bool:
        """A live pull is stopped, not deleted: its worker would go on for a while."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_live)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Pull]) -> None:
        queryset.exclude(pk__in=Pull.objects.unfinished()).delete()

    @admin.action(description="Stop", permissions=["change"])
    def stop_selected(self, request: HttpRequest, queryset: QuerySet[Pull]) -> None:
        for pull in queryset:
            requesting.stop(pull)

    def has_pull_permission(self, request: HttpRequest) -> bool:
        return requesting.may_manage(person(request))

    @admin.action(description="Pull again", permissions=["pull"])
    def pull_again(self, request: HttpRequest, queryset: QuerySet[Pull]) -> None:
        for pull in queryset:
            try:
                requesting.request_pull(person(request), pull.name)
            except LocalChatError as error:
                self.message_user(request, f"{pull.name}: {error.message}", messages.WARNING)

    @admin.display(description="state", ordering="status")
    def state(self, pull: Pull) -> str:
        if pull.problem:
            return format_html("{}: {}", pull.status, pull.problem)
        return pull.get_status_display()

    @admin.display(description="size", ordering="total")
    def size(self, pull: Pull) -> str:
        if not pull.total:
            return "unknown"
        if pull.completed == pull.total:
            return filesizeformat(pull.total)
        return f"{filesizeformat(pull.completed)} of {filesizeformat(pull.total)}"
