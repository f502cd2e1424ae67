from django.urls import path
from django.views.generic import RedirectView

from chat import views, views_exchange, views_kept, views_turns

urlpatterns = [
    path("", views.chat, name="chat"),
    path("chat", RedirectView.as_view(pattern_name="chat")),
    path("overview", RedirectView.as_view(pattern_name="chat")),
    path("c/<int:pk>/", views.conversation, name="conversation"),
    path("c/<int:pk>/delete/", views_kept.delete, name="conversation_delete"),
    path("c/<int:pk>/leave/", views_kept.leave, name="conversation_leave"),
    path("c/<int:pk>/keep/", views_kept.keep, name="conversation_keep"),
    path("c/<int:pk>/export/<str:form>/", views_exchange.conversation, name="conversation_export"),
    path("conversations/", views_kept.every, name="conversations"),
    path("conversations/side/", views_kept.side, name="conversations_side"),
    path("conversations/several/", views_kept.several, name="conversations_several"),
    path("conversations/undo/", views_kept.undo, name="conversations_undo"),
    path("conversations/transfer/", views_exchange.transfer, name="transfer"),
    path("conversations/export.json", views_exchange.every, {"form": "json"}, name="export_json"),
    path("conversations/export.zip", views_exchange.every, {"form": "zip"}, name="export_zip"),
    path("palette/", views_kept.palette, name="palette"),
    path("keys/", views_kept.keys, name="keys"),
    path("m/<int:pk>/", views.message, name="message"),
    path("m/<int:pk>/go-on/", views.go_on, name="go_on"),
    path("m/<int:pk>/edit/", views_turns.edit, name="message_edit"),
    path("m/<int:pk>/again/", views_turns.again, name="message_again"),
    path("m/<int:pk>/continue/", views_turns.go_on, name="message_continue"),
    path("m/<int:pk>/show/", views_turns.show, name="message_show"),
    path("m/<int:pk>/delete/", views_turns.delete, name="message_delete"),
    path("m/<int:pk>/verdict/", views_turns.judge, name="message_verdict"),
    path("m/<int:pk>/copy/", views_exchange.copy, name="message_copy"),
    path("m/<int:pk>/export/<str:form>/", views_exchange.answer, name="message_export"),
    path("m/<int:pk>/sent/", views.sent, name="sent"),
    path("m/<int:pk>/sources/<int:number>/", views.source, name="source"),
]
