from django.urls import path
from django.views.generic import RedirectView

from chat import views

urlpatterns = [
    path("", views.chat, name="chat"),
    path("chat", RedirectView.as_view(pattern_name="chat")),
    path("overview", RedirectView.as_view(pattern_name="chat")),
    path("c/<int:pk>/", views.conversation, name="conversation"),
    path("c/<int:pk>/delete/", views.delete, name="conversation_delete"),
    path("conversations/", views.conversations, name="conversations"),
    path("m/<int:pk>/", views.message, name="message"),
    path("m/<int:pk>/go-on/", views.go_on, name="go_on"),
    path("m/<int:pk>/sent/", views.sent, name="sent"),
    path("m/<int:pk>/sources/<int:number>/", views.source, name="source"),
]
