"""Lists of the admin, which tell what they show alone; groups in it, and API keys, never shown."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from localchat.accounts import api_keys
from localchat.accounts.models import ApiKey
from localchat.lib.api import person


class Listed(admin.ModelAdmin):
    """Filtered by what stands beside the list alone.

    Django takes a filter for any column of the row. By what is found then a text can be told letter
    by letter, though it is shown nowhere.
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        if lookup.partition("__")[0] not in self.get_list_filter(request):
            return False
        return bool(super().lookup_allowed(lookup, value, request))


admin.site.unregister(Group)


@admin.register(Group)
class GroupsAdmin(Listed, GroupAdmin):
    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> list[Any]:
        """Rights are given by those alone who have them all."""
        fields = [*super().get_readonly_fields(request, obj)]
        return fields if person(request).is_superuser else [*fields, "permissions"]


@admin.register(ApiKey)
class ApiKeyAdmin(Listed):
    list_display = ("name", "owner", "ending", "scopes", "last_used", "expires", "revoked")
    list_filter = ("owner", "revoked")
    list_select_related = ("owner",)
    actions = ("revoke_selected",)
    fields = readonly_fields = (*list_display, "collections", "created")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description="Revoke the selected keys", permissions=["change"])
    def revoke_selected(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        for key in keys.select_related("owner"):
            api_keys.revoke(key.owner, key.pk)
