"""What an API key may do: every road that keys open, and the scope that it needs, in one table.

A road or a method that does not stand here is closed to keys.
"""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from localchat.lib.sentences import Sentence

SCOPES: dict[str, str] = {
    "read": Sentence("Read documents, conversations and settings, and search"),
    "ask": Sentence("Ask questions, and change conversations"),
    "ingest": Sentence("Add, change, share and delete documents and collections"),
    "admin": Sentence("Pull, load, choose and delete models, and read the program's figures"),
    "people": Sentence("Make, change and lock accounts and groups, by SCIM"),
}
OF_SUPERUSERS = {"people"}  # scopes of their keys alone
USUAL = [name for name in SCOPES if name not in OF_SUPERUSERS]

# Method, scopes of which one is enough, and the roads. `within`: what is answered there keeps to
# the collections of a key that is for some only; other roads are closed to such a key.
_TABLE = """
GET within | read ask ingest admin | api/status api/models api/models/ api/models/active
POST within | read ask ingest admin | api/auth/login
GET within | read ask ingest admin | api/auth/verify api/health
GET | admin | api/metrics metrics
GET within | read ask ingest admin | api/ api/docs api/openapi.json
GET within | read | api/documents api/documents/list api/documents/<int:document_id>
GET within | read | api/documents/<int:document_id>/chunks
GET within | read | api/documents/<int:document_id>/original
GET within | read | api/documents/<int:document_id>/pages
GET within | read | api/documents/<int:document_id>/pages/<int:page>.webp
GET within | read ingest | api/collections api/collections/<int:collection_id>
GET | read | api/documents/stats
POST within | read | api/documents/test
POST | read | api/documents/search-text
POST within | ingest | api/documents/upload
POST | ingest | api/documents/delete api/documents/cancel api/documents/retry-failed
POST | ingest | api/documents/<int:document_id>/retry api/documents/<int:document_id>/near
POST | ingest | api/documents/<int:document_id>/password
POST | ingest | api/documents/<int:document_id>/pages/<int:page>/read
PATCH DELETE | ingest | api/documents/<int:document_id>
DELETE | ingest | api/documents/clear
POST | ingest | api/collections api/collections/<int:collection_id>/documents
PATCH DELETE | ingest | api/collections/<int:collection_id>
GET POST | ingest | api/collections/<int:collection_id>/grants
DELETE | ingest | api/collections/<int:collection_id>/grants/<int:grant_id>
POST | ingest | api/collections/<int:collection_id>/leave

POST within | ask | api/chat
POST | ask | api/chat/typing api/pictures api/conversations/import
GET | read ask ingest admin | api/streams/<topic>
POST | ask ingest admin | api/streams/<topic>/stop
GET | read ask | api/conversations api/conversations/<conversation_id>
GET | read ask | api/conversations/<conversation_id>/settings api/messages/<message_id>
GET | read ask | api/messages/<message_id>/sent api/pictures/<picture_id>
GET | read | api/conversations/export api/conversations/<int:conversation_id>/export
GET | read | api/messages/<int:message_id>/export
PATCH DELETE | ask | api/conversations/<conversation_id>
PUT | ask | api/conversations/<conversation_id>/settings
DELETE | ask | api/messages/<message_id> api/pictures/<picture_id>
POST | ask | api/messages/<message_id>/show api/messages/<message_id>/fork
POST | ask | api/messages/<message_id>/verdict api/messages/<message_id>/go-on
GET | read ask | api/prompts api/prompts/<prompt_id> api/notes api/notes/<note_id>
GET | read ask | api/assistants api/assistants/<assistant_id> api/model-settings
POST | ask | api/prompts api/notes api/assistants
PUT DELETE | ask | api/prompts/<prompt_id> api/notes/<note_id> api/assistants/<assistant_id>
PUT | ask | api/model-settings

POST within | ask | v1/chat/completions ollama/api/chat ollama/api/generate
POST within | ask | v1/messages v1/messages/count_tokens
POST within | read ask ingest | v1/embeddings ollama/api/embed
GET within | read ask ingest admin | v1/ v1/openapi.json v1/models v1/models/<path:model>
GET within | read ask ingest admin | ollama/api/ ollama/api/tags ollama/api/version
POST within | read ask ingest admin | ollama/api/show
GET within | read | v1/files v1/files/<file_id> v1/files/<file_id>/content
POST within | ingest | v1/files
DELETE | ingest | v1/files/<file_id>

GET | read admin | api/models/worth api/models/loaded
POST | admin | api/models/active api/models/look api/models/pull api/models/test api/models/unload
POST | admin | api/models/files
DELETE | admin | api/models/delete api/models/files

GET | people | scim/v2/
GET POST PUT PATCH DELETE | people | scim/v2/ServiceProviderConfig
GET POST PUT PATCH DELETE | people | scim/v2/ResourceTypes scim/v2/Schemas
GET | people | scim/v2/ResourceTypes/<name> scim/v2/Schemas/<name>
GET POST | people | scim/v2/Users scim/v2/Groups
GET PUT PATCH DELETE | people | scim/v2/Users/<number> scim/v2/Groups/<number>
GET POST PUT PATCH DELETE | people | scim/v2/<path:rest>
"""


class Need(NamedTuple):
    scopes: frozenset[str]  # one of them is enough
    within: bool  # keeps to a key's collections


def _parsed(table: str) -> dict[tuple[str, str], Need]:
    found: dict[tuple[str, str], Need] = {}
    for line in filter(None, table.splitlines()):
        methods, names, roads = (part.split() for part in line.split("|"))
        need = Need(frozenset(names), "within" in methods)
        found |= {(m, road): need for m in methods if m.isupper() for road in roads}
    return found


ROADS = _parsed(_TABLE)

# The tools of the MCP server; its one road opens for every key.
TOOLS = {
    "search": Need(frozenset({"read"}), within=True),
    "list_documents": Need(frozenset({"read"}), within=True),
    "read_page": Need(frozenset({"read"}), within=True),
    "ask": Need(frozenset({"ask"}), within=True),
}


def open_to(user: User) -> dict[str, str]:
    """What keys of this person may be for, with its meaning."""
    names = SCOPES if user.is_superuser and not settings.OWNER_MODE else USUAL
    return {name: SCOPES[name] for name in names}


def of_request(request: HttpRequest) -> Need | None:
    """What the road needs; None: it is closed to keys, or not there."""
    try:
        road = resolve(request.path_info).route
    except Resolver404:
        return None
    method = "GET" if request.method == "HEAD" else request.method or ""
    return ROADS.get((method, road))
