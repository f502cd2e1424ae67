"""Every road there is, and what somebody else's ids are on it. A new road has to be entered here.

In ROADS a parameter names a row of alice's (see `Alice` in test_matrix); a road without parameters
shows and changes only what belongs to who asks.
"""

import inspect
import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests import roads_protocols as protocols
from tests.roads_people import PEOPLE

OPEN = {"healthz", "readyz", "reached", "login/", "api/auth/login", "invitation/"}
DESCRIPTIONS = {
    "api/",
    "api/docs",
    "api/openapi.json",
    "v1/",
    "v1/openapi.json",
    "ollama/api/",
    "scim/v2/",
    "metrics",
}  # of the API itself
STAFF = ("admin/", "invitations/", "audit/", "scim/")  # all below them is shown to staff alone

ROADS: dict[str, dict[str, str]] = {
    **PEOPLE,
    **protocols.ROADS,
    "language/": {},
    "": {},
    "chat": {},
    "overview": {},
    "c/<int:pk>/": {"pk": "conversation"},
    "c/<int:pk>/delete/": {"pk": "conversation"},
    "c/<int:pk>/leave/": {"pk": "conversation"},
    "c/<int:pk>/keep/": {"pk": "conversation"},
    "c/<int:pk>/manner/": {"pk": "conversation"},
    "c/<int:pk>/context/": {"pk": "conversation"},
    "c/<int:pk>/scope/": {"pk": "conversation"},
    "c/<int:pk>/suggested/": {"pk": "conversation"},
    "box/models/": {},
    "box/complete/": {},
    "box/model-settings/": {},
    "prompts/": {},
    "prompts/<int:pk>/": {"pk": "prompt"},
    "prompts/<int:pk>/delete/": {"pk": "prompt"},
    "about-me/": {},
    "about-me/<int:pk>/": {"pk": "note"},
    "about-me/<int:pk>/delete/": {"pk": "note"},
    "assistants/": {},
    "assistants/<int:pk>/": {"pk": "assistant"},
    "assistants/<int:pk>/delete/": {"pk": "assistant"},
    "c/<int:pk>/export/<str:form>/": {"pk": "conversation", "form": "form"},
    "conversations/": {},
    "conversations/side/": {},
    "conversations/several/": {},
    "conversations/undo/": {},
    "conversations/transfer/": {},
    "conversations/export.json": {},
    "conversations/export.zip": {},
    "palette/": {},
    "keys/": {},
    "m/<int:pk>/": {"pk": "answer"},
    "m/<int:pk>/go-on/": {"pk": "answer"},
    "m/<int:pk>/edit/": {"pk": "asked"},
    "m/<int:pk>/again/": {"pk": "answer"},
    "m/<int:pk>/continue/": {"pk": "answer"},
    "m/<int:pk>/show/": {"pk": "answer"},
    "m/<int:pk>/fork/": {"pk": "answer"},
    "m/<int:pk>/delete/": {"pk": "asked"},
    "m/<int:pk>/verdict/": {"pk": "answer"},
    "m/<int:pk>/copy/": {"pk": "answer"},
    "m/<int:pk>/export/<str:form>/": {"pk": "answer", "form": "form"},
    "pictures/<int:pk>/": {"pk": "picture"},
    "preview/": {},
    "m/<int:pk>/sent/": {"pk": "answer"},
    "m/<int:pk>/sources/<int:number>/": {"pk": "answer", "number": "source"},
    "documents/": {},
    "documents/table/": {},
    "documents/several/": {},
    "documents/collections/": {},
    "documents/collections/<int:pk>/rename/": {"pk": "collection"},
    "documents/collections/<int:pk>/delete/": {"pk": "collection"},
    "documents/collections/<int:pk>/sharing/": {"pk": "collection"},
    "documents/collections/<int:pk>/sharing/<int:grant>/revoke/": {
        "pk": "collection",
        "grant": "grant",
    },
    "documents/collections/<int:pk>/leave/": {"pk": "collection"},
    "documents/index/": {},
    "documents/index/reembed/": {},
    "documents/index/reembed/<int:pk>/stop/": {"pk": "reembedding"},
    "documents/<int:pk>/": {"pk": "document"},
    "documents/<int:pk>/read-again/": {"pk": "document"},
    "documents/<int:pk>/try/": {"pk": "document"},
    "documents/<int:pk>/row": {"pk": "document"},
    "documents/<int:pk>/retry/": {"pk": "document"},
    "documents/<int:pk>/rename/": {"pk": "document"},
    "documents/<int:pk>/near/": {"pk": "document"},
    "documents/<int:pk>/stop/": {"pk": "document"},
    "documents/<int:pk>/password/": {"pk": "document"},
    "documents/<int:pk>/delete/": {"pk": "document"},
    "documents/<int:pk>/original/": {"pk": "document"},
    "models/": {},
    "models/list/": {},
    "models/line/": {},
    "models/worth/": {},
    "models/unload/": {},
    "models/choose/": {},
    "models/delete/": {},
    "models/pulls/<int:pk>/": {"pk": "pull"},
    "models/pulls/<int:pk>/stop/": {"pk": "pull"},
    "api/": {},
    "api/openapi.json": {},
    "api/docs": {},
    "api/status": {},
    "api/health": {},
    "api/metrics": {},
    "api/auth/verify": {},
    "metrics": {},
    "api/chat": {},
    "api/chat/typing": {},
    "api/streams/<topic>": {"topic": "topics"},
    "api/streams/<topic>/stop": {"topic": "topics"},
    "api/conversations": {},
    "api/conversations/export": {},
    "api/conversations/import": {},
    "api/conversations/<int:conversation_id>/export": {"conversation_id": "conversation"},
    "api/conversations/<conversation_id>": {"conversation_id": "conversation"},
    "api/conversations/<conversation_id>/settings": {"conversation_id": "conversation"},
    "api/prompts": {},
    "api/prompts/<prompt_id>": {"prompt_id": "prompt"},
    "api/pictures": {},
    "api/pictures/<picture_id>": {"picture_id": "unasked_picture"},
    "api/notes": {},
    "api/notes/<note_id>": {"note_id": "note"},
    "api/assistants": {},
    "api/assistants/<assistant_id>": {"assistant_id": "assistant"},
    "api/messages/<message_id>": {"message_id": "answer"},
    "api/messages/<message_id>/go-on": {"message_id": "answer"},
    "api/messages/<message_id>/show": {"message_id": "answer"},
    "api/messages/<message_id>/fork": {"message_id": "answer"},
    "api/messages/<message_id>/verdict": {"message_id": "answer"},
    "api/messages/<int:message_id>/export": {"message_id": "answer"},
    "api/messages/<message_id>/sent": {"message_id": "answer"},
    "api/collections": {},
    "api/collections/<int:collection_id>": {"collection_id": "collection"},
    "api/collections/<int:collection_id>/documents": {"collection_id": "collection"},
    "api/collections/<int:collection_id>/grants": {"collection_id": "collection"},
    "api/collections/<int:collection_id>/grants/<int:grant_id>": {
        "collection_id": "collection",
        "grant_id": "grant",
    },
    "api/collections/<int:collection_id>/leave": {"collection_id": "collection"},
    "api/documents": {},
    "api/documents/upload": {},
    "api/documents/list": {},
    "api/documents/stats": {},
    "api/documents/test": {},
    "api/documents/search-text": {},
    "api/documents/clear": {},
    "api/documents/delete": {},
    "api/documents/cancel": {},
    "api/documents/retry-failed": {},
    "api/documents/<int:document_id>": {"document_id": "document"},
    "api/documents/<int:document_id>/chunks": {"document_id": "document"},
    "api/documents/<int:document_id>/original": {"document_id": "document"},
    "api/documents/<int:document_id>/pages": {"document_id": "document"},
    "api/documents/<int:document_id>/pages/<int:page>/read": {
        "document_id": "document",
        "page": "page",
    },
    "api/documents/<int:document_id>/pages/<int:page>.webp": {
        "document_id": "document",
        "page": "page",
    },
    "api/documents/<int:document_id>/password": {"document_id": "document"},
    "api/documents/<int:document_id>/near": {"document_id": "document"},
    "api/documents/<int:document_id>/retry": {"document_id": "document"},
    "api/model-settings": {},
    "api/models": {},
    "api/models/": {},
    "api/models/active": {},
    "api/models/pull": {},
    "api/models/delete": {},
    "api/models/files": {},
    "api/models/worth": {},
    "api/models/look": {},
    "api/models/test": {},
    "api/models/loaded": {},
    "api/models/unload": {},
}

# Hers in a query or a body: the road answers as if they did not exist.
QUERIES = [
    "/?collection={collection_name}",
    "/conversations/?q={word}",
    "/conversations/side/?current={conversation}",
    "/palette/?q={word}",
    "/box/complete/?sign=@&q={word}",
    "/box/complete/?sign=/&q={word}",
    "/palette/?list&q={word}",
    "/api/conversations?q={word}",
    "/documents/?collection={collection_name}",
    "/documents/table/?collection={collection_name}",
    "/documents/table/?q={word}",
    "/api/documents?collection={collection_name}",
    "/api/documents?q={word}",
    "/api/documents?collection=alice/{collection_name}",
    "/api/documents?collection=%23{collection}",
]
BODIES = [
    ("POST", "/api/documents/test", {"query": "{word}", "documents": ["{document}"]}),
    ("POST", "/api/documents/test", {"query": "{word}", "collection": "{collection_name}"}),
    ("POST", "/api/documents/test", {"query": "{word}"}),
    ("POST", "/api/documents/test", {"query": "{word}", "collection": "alice/{collection_name}"}),
    ("POST", "/api/documents/test", {"query": "{word}", "collection": "#{collection}"}),
    ("POST", "/api/documents/test", {"query": "{word}", "why": {"document": "{document}"}}),
    ("POST", "/api/documents/search-text", {"search_text": "{word}"}),
    ("POST", "/api/chat", {"message": "more", "conversation_id": "{conversation}"}),
    ("POST", "/api/chat", {"message": "more", "previous": "{answer}"}),
    ("POST", "/api/chat", {"message": "more", "edits": "{asked}"}),
    ("POST", "/api/chat", {"regenerates": "{answer}"}),
    ("POST", "/api/chat", {"continues": "{answer}"}),
    ("POST", "/api/chat", {"message": "more", "assistant": "{assistant}"}),
    ("POST", "/api/chat", {"message": "more", "pictures": ["{unasked_picture}"]}),
    *protocols.BODIES,
    ("POST", "/api/chat/typing", {"conversation_id": "{conversation}"}),
    ("DELETE", "/api/documents/clear", {"confirm": True}),
    ("POST", "/api/documents/delete", {"documents": ["{document}"]}),
    ("POST", "/api/documents/cancel", {"documents": ["{reading}"]}),
    ("POST", "/api/documents/cancel", {"all": True}),
    ("POST", "/api/documents/retry-failed", {"documents": ["{document}"]}),
    ("POST", "/api/documents/retry-failed", {"all": True}),
]


def all_roads() -> list[str]:
    return sorted(set(_walk(get_resolver(), "")))


def operations() -> set[tuple[str, str]]:
    """Each method and road that keys may open: what the APIs answer."""
    found = set()
    for road, pattern in _patterns(get_resolver(), ""):
        if road in DESCRIPTIONS:
            found.add(("GET", road))
        elif inspect.isfunction(pattern.callback):
            view = inspect.getclosurevars(pattern.callback).nonlocals.get("self")
            for operation in getattr(view, "operations", []):
                found |= {(method, road) for method in operation.methods}
    return found


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for road, _ in _patterns(resolver, before):
        yield road


def _patterns(resolver: URLResolver, before: str) -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        road = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield road, each
        else:
            yield from _patterns(each, road)


def fill(road: str, values: dict[str, object]) -> str:
    """The road with each parameter's value in its place; one without a value gets a 1."""
    road = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", road).replace("^", "").replace("$", "")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values.get(found[1], 1)), road)
