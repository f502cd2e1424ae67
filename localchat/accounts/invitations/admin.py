"""Invitations in the admin: by whom, for whom and what became of them; made on their own page."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from localchat.accounts.admin import Listed
from localchat.accounts.invitations import inviting
from localchat.accounts.invitations.models import Invitation


@admin.register(Invitation)
class InvitationAdmin(Listed):
    list_display = ("__str__", "role", "invited_by", "created", "expires", "account", "revoked")
    list_filter = ("role", "created")
    list_select_related = ("invited_by", "account")
    actions = ("revoke_selected",)
    fields = readonly_fields = ("note", *list_display[1:], "used")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description="Revoke the selected invitations", permissions=["change"])
    def revoke_selected(self, request: HttpRequest, invitations: QuerySet[Invitation]) -> None:
        for each in invitations.filter(used=None, revoked=None):
            inviting.revoke(each.pk)
