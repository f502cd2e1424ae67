"""API keys in the admin: whose, for what and when last used; revoked, never made or shown."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from localchat.accounts import api_keys
from localchat.accounts.models import ApiKey


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
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
