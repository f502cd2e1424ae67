"""The roof: what a server such as Daphne runs. It stays neutral to which server that is."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localchat.settings")
django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import CookieMiddleware, SessionMiddleware
from django.urls import path, re_path

from localchat.accounts.gate import Gate
from localchat.web.background import Background
from localchat.web.consumers import Nowhere, TopicConsumer
from localchat.web.mcp.endpoint import Mounted

socket_application = CookieMiddleware(
    SessionMiddleware(
        URLRouter([path("ws/", TopicConsumer.as_asgi()), re_path("", Nowhere.as_asgi())])
    )
)

application = Background(
    Gate(
        ProtocolTypeRouter({"http": Mounted(django_application), "websocket": socket_application}),
    )
)
