"""What other assistants may do here, by the Model Context Protocol: the SDK's server and our tools.

Each tool does what a road of the API does, for whom the key brings in, and needs its scope.
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import wraps
from typing import Annotated, Any, NamedTuple, ParamSpec, TypeVar

from django.contrib.auth.models import User
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from documents.finding import document_pages
from documents.finding import search as searching
from documents.models import Document
from localchat.accounts import api_keys, scopes
from localchat.accounts.models import ApiKey
from localchat.lib.db_threads import threaded
from localchat.lib.errors import EngineError, LocalChatError, NotFound
from localchat.lib.wording import in_words, worded
from localchat.web.protocols import asked
from models_mgmt.engines import Turn

MOST_LISTED = 200
MOST_FOUND = 50

Given = ParamSpec("Given")
Found = TypeVar("Found")
Id = Annotated[int, Field(ge=1, lt=2**63)]
Page = Annotated[int, Field(ge=1, lt=2**31)]


class Caller(NamedTuple):
    user: User
    key: ApiKey | None  # None: the owner in person, who may do all


caller: ContextVar[Caller] = ContextVar("caller")
server = MCPServer("LocalChat", instructions="A person's own documents: search, read, ask.")


def _user(name: str) -> User:
    """For whom the tool of that name works. Raises ScopeMissing."""
    here = caller.get()
    if here.key:
        api_keys.check(here.key, scopes.TOOLS.get(name))
    return here.user


def tool(function: Callable[Given, Awaitable[Found]]) -> Callable[Given, Awaitable[Found]]:
    """A tool of the server. The SDK passes nothing on of errors that it does not know."""

    @wraps(function)
    async def told(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        try:
            return await function(*args, **kwargs)
        except LocalChatError as error:
            raise ToolError(in_words(error.message)) from None

    return server.tool()(told)


@tool
async def search(query: str, collection: str = "", limit: int = 8) -> dict[str, Any]:
    """Find the passages of the person's documents that answer a question best.

    Each has the id of its document and its page, for `read_page`.
    """
    user = _user("search")
    most = max(1, min(limit, MOST_FOUND))
    find = threaded(searching.search)
    found = await find(user, query, limit=most, collection=collection or None)
    passages = [
        {
            "document": each.document,
            "filename": each.filename,
            "page": each.page,
            "text": each.text,
            "score": each.score,
        }
        for each in found.passages
    ]
    return {"passages": passages, "notes": worded(found.notes)}


@tool
async def list_documents(collection: str = "", name: str = "") -> dict[str, Any]:
    """List the person's documents, the newest first, up to 200; `name` is a part of the name."""
    return await threaded(_listed)(_user("list_documents"), collection, name)


def _listed(user: User, collection: str, name: str) -> dict[str, Any]:
    found = Document.objects.in_scope(user, collection=collection or None)
    found = found.with_details().order_by("-created", "-pk")
    if name:
        found = found.filter(name__icontains=name.replace("\0", ""))
    rows = [
        {
            "id": each.pk,
            "name": each.name,
            "collection": each.collection.called_by(user),
            "status": each.status,
            "pages": each.current.content.pages if each.current else None,
        }
        for each in found[:MOST_LISTED]
    ]
    return {"documents": rows, "count": found.count()}


@tool
async def read_page(document: Id, page: Page = 1) -> dict[str, Any]:
    """Read the text of one page of a document, by its id and the page's number, from 1."""
    passages = await threaded(document_pages.passages)(_user("read_page"), document, [page])
    if not passages:
        raise NotFound
    name = passages[0].filename
    text = "\n\n".join(each.text for each in passages)
    return {"document": document, "filename": name, "page": page, "text": text}


@tool
async def ask(question: str, collection: str = "", model: str = "") -> dict[str, Any]:
    """Have LocalChat answer from the person's documents, with [n] where it cites source n.

    It is kept nowhere.
    """
    user = _user("ask")
    name = f"{model}{asked.SIGN}{collection}"
    answer = await asked.ask(user, asked.talk(name, [Turn("user", question)], {}))
    text = ""
    async for event in answer.events(whole=True):
        match event:
            case {"type": "token", "text": piece}:
                text += piece
            case {"type": "restart"}:
                text = ""
            case {"type": "failed", "message": message}:
                raise EngineError(in_words(message))
            case {"type": "done", "sources": sources}:
                return {"answer": text, "sources": sources}
    raise EngineError
