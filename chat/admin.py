"""Conversations in the admin: how many and when. What was said stays with who said it."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from chat import asking
from chat.models import Conversation
from localchat.accounts.admin import Listed
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note_each


@admin.register(Conversation)
class ConversationAdmin(Listed):
    list_display = ("id", "owner", "message_count", "good", "bad", "created", "touched")
    list_filter = ("touched",)
    fields = readonly_fields = ("owner", "message_count", "good", "bad", "created", "touched")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        found: QuerySet[Conversation] = super().get_queryset(request)
        return found.filter(deleted=False, temporary=False).annotate(
            written=Count("messages"),
            judged_good=Count("messages", filter=Q(messages__verdict="good")),
            judged_bad=Count("messages", filter=Q(messages__verdict="bad")),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Conversation) -> None:
        asking.delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> None:
        note_each(Act.CONVERSATION_DELETED, "conversation", [each.pk for each in queryset])
        for conversation in queryset:
            asking.delete(conversation)

    @admin.display(description="messages", ordering="written")
    def message_count(self, conversation: Any) -> int:
        return int(conversation.written)

    @admin.display(ordering="judged_good")
    def good(self, conversation: Any) -> int:
        return int(conversation.judged_good)

    @admin.display(ordering="judged_bad")
    def bad(self, conversation: Any) -> int:
        return int(conversation.judged_bad)
