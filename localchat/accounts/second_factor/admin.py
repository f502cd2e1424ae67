"""Second factors in the admin: whose there are. They are removed there, and made by their person."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from localchat.accounts.admin import Listed


@admin.register(TOTPDevice, StaticDevice)
class DeviceAdmin(Listed):
    """In the place of django-otp's own, which would make one for anybody."""

    list_display = ("user", "name", "created_at", "last_used_at", "confirmed")
    list_filter = ("confirmed", "created_at", "last_used_at")
    search_fields = ("user__username",)
    list_select_related = ("user",)
    fields = readonly_fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
