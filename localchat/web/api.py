"""The HTTP API: every app's router in one document at /api/openapi.json."""

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.parser import Parser

from chat.api import router as chat
from chat.api_exchange import router as exchange
from chat.box.api import router as box
from chat.box.model_views import router as model_settings
from documents.web.api import router as documents
from documents.web.api_bulk import router as bulk
from documents.web.api_collections import router as collections
from documents.web.api_grants import router as grants
from documents.web.api_pages import router as pages
from localchat import VERSION
from localchat.accounts.access import signed_in
from localchat.lib.api import handle_errors
from localchat.web.figures import router as figures
from localchat.web.login import router as login
from localchat.web.streams import router as streams
from localchat.web.system import router as system
from models_mgmt.api import router as models


class ObjectParser(Parser):
    """A list in the place of an object would else count as one that says nothing."""

    def parse_body(self, request: HttpRequest) -> Any:
        found = super().parse_body(request)
        if not isinstance(found, dict):
            raise TypeError(type(found).__name__)
        return found


api = NinjaAPI(
    title="LocalChat",
    version=VERSION,
    urls_namespace="api-1",
    docs_url="docs",
    openapi_url="openapi.json",
    auth=signed_in,
    parser=ObjectParser(),
)
handle_errors(api)
api.add_router("", system)
api.add_router("", figures)
api.add_router("auth", login)
api.add_router("", exchange)  # before what takes any word for an id
api.add_router("", chat)
api.add_router("", box)
api.add_router("", model_settings)
api.add_router("streams", streams)
api.add_router("documents", documents)
api.add_router("documents", bulk)
api.add_router("documents", pages)
api.add_router("collections", collections)
api.add_router("collections", grants)
api.add_router("models", models)
