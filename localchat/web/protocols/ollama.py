"""Ollama's protocol at /ollama/api, a prefix of its own since ours begins with /api too."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Literal
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import Field, NinjaAPI, Schema
from ninja.errors import ValidationError

from localchat.accounts.access import signed_in
from localchat.lib import validation
from localchat.lib.api import handle_errors, person
from localchat.lib.db_threads import threaded
from localchat.lib.errors import BadRequest, LocalChatError
from localchat.lib.events import Event
from localchat.lib.leaving import held_to, right_of
from localchat.lib.wording import in_words
from localchat.web.protocols import asked, embedded, failures, openai_turns, tools
from localchat.web.protocols.tools import Tools
from models_mgmt import choosing
from models_mgmt.engines import ToolCall, Turn
from models_mgmt.engines.tool_calls import as_ollama

api = NinjaAPI(
    title="LocalChat in Ollama's protocol",
    version="1",
    urls_namespace="ollama",
    docs_url=None,
    openapi_url=None,
    auth=signed_in,
)
handle_errors(api)
VERSION = "0.6.3"  # of the protocol
NANO = 1_000_000_000
Shape = Callable[..., dict[str, Any]]  # of a text, and calls of tools


class TurnIn(Schema):
    role: str
    content: str | None = ""
    tool_calls: list[dict[str, Any]] | None = Field(None, max_length=tools.MOST)
    tool_name: str | None = Field(None, description="Of role tool: whose result this is")


class Asked(Schema):
    model: str = Field("", description="`llama3.2`, `llama3.2+`, `llama3.2+Contracts`")
    stream: bool = True
    options: dict[str, Any] | None = None


class ChatIn(Asked):
    messages: list[TurnIn] = Field([], max_length=asked.MOST_SENT)
    tools: list[dict[str, Any]] | None = Field(None, max_length=tools.MOST)


class GenerateIn(Asked):
    prompt: str = ""
    system: str = ""


class EmbedIn(Schema):
    model: str = ""
    input: str | Annotated[list[str], Field(max_length=embedded.MOST_TEXTS)] = []


class ShowIn(Schema):
    model: str = ""


@api.exception_handler(LocalChatError)
def failed(request: HttpRequest, error: LocalChatError) -> HttpResponse:
    body = {"error": in_words(error.message)}
    return JsonResponse(body, status=error.status, headers=error.headers())


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return failed(request, BadRequest(validation.sentence(error)))


@api.get("/version")
def version(request: HttpRequest) -> dict[str, str]:
    return {"version": VERSION}


@api.get("/tags")
def tags(request: HttpRequest) -> dict[str, Any]:
    """Chat models alone, with all documents, and with each collection; embedding models."""
    user, rows = person(request), []
    for each in choosing.installed().models:
        names = asked.names(user, each.name) if choosing.can_chat(each) else [each.name]
        facts = {"size": each.size, "digest": each.digest, "details": each.details}
        modified = each.modified or timezone.now().isoformat()
        rows += [{"name": name, "model": name, "modified_at": modified, **facts} for name in names]
    return {"models": rows}


@api.post("/show")
def show(request: HttpRequest, body: ShowIn) -> dict[str, Any]:
    """What is known of a model, whatever documents it is asked with."""
    person(request)
    model = choosing.installed_model(asked.named(body.model).model)
    return {
        "details": model.details,
        "capabilities": sorted(model.capabilities),
        "model_info": {"general.architecture": model.details.get("family", "")},
    }


@api.post("/chat")
async def chat(request: HttpRequest, body: ChatIn) -> HttpResponse | StreamingHttpResponse:
    """Ask a model, with documents where its name says so. It is kept nowhere."""
    offered = tools.checked([openai_turns.offered(each) for each in body.tools or []], None)
    return await _answered(request, body, list(_turns(body.messages)), _message, offered)


def _turns(messages: Sequence[TurnIn]) -> Iterator[Turn]:
    calls = tools.Calls()
    for each in messages:
        turn = Turn(each.role, each.content or "")
        if each.role == "assistant" and each.tool_calls:
            turn = turn._replace(calls=calls.add(list(map(_call, each.tool_calls))))
        elif each.role == "tool":
            turn = turn._replace(answers=calls.by_name(each.tool_name or ""))
        yield turn


def _call(said: dict[str, Any]) -> ToolCall:
    function = said.get("function")
    function = function if isinstance(function, dict) else {}
    return tools.called(uuid4().hex, function.get("name"), function.get("arguments") or {})


def _message(text: str, calls: Sequence[ToolCall] = ()) -> dict[str, Any]:
    called = {"tool_calls": list(map(as_ollama, calls))} if calls else {}
    return {"message": {"role": "assistant", "content": text, **called}}


def _response(text: str, calls: Sequence[ToolCall] = ()) -> dict[str, Any]:
    return {"response": text}


@api.post("/generate")
async def generate(request: HttpRequest, body: GenerateIn) -> HttpResponse | StreamingHttpResponse:
    """The same of one prompt."""
    turns = [Turn("user", body.prompt)]
    if body.system:
        turns.insert(0, Turn("system", body.system))
    return await _answered(request, body, turns, _response, asked.NONE)


async def _answered(
    request: HttpRequest, body: Asked, turns: Sequence[Turn], shape: Shape, offered: Tools
) -> HttpResponse | StreamingHttpResponse:
    options = body.options or {}
    settings = {"temperature": options.get("temperature"), "length": _length(options)}
    talk = asked.talk(body.model, turns, settings, stop=_stop(options), tools=offered)
    answer = await asked.ask(person(request), talk)
    lines = _lines(body.model, answer, shape, whole=not body.stream)
    if body.stream:
        written = (_line(line) async for line in lines)
        kind = "application/x-ndjson"
        return StreamingHttpResponse(written, content_type=kind)
    async with held_to(right_of(request)), aclosing(lines):
        return await _whole(lines, shape)


def _line(line: dict[str, Any]) -> str:
    told = {name: value for name, value in line.items() if name != "calls"}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _stop(options: dict[str, Any]) -> list[str]:
    wanted = options.get("stop")
    texts = wanted if isinstance(wanted, list) else [wanted]
    return [each for each in texts if isinstance(each, str)]


def _length(options: dict[str, Any]) -> int | None:
    tokens = options.get("num_predict")
    return asked.length(tokens) if isinstance(tokens, int) and tokens > 0 else None


async def _lines(
    model: str, answer: asked.Begun, shape: Shape, *, whole: bool
) -> AsyncGenerator[dict[str, Any]]:
    async with aclosing(answer.events(whole=whole)) as events:
        async for event in events:
            facts = {"model": model, "created_at": timezone.now().isoformat()}
            match event:
                case {"type": "token", "text": text}:
                    yield {**facts, **shape(text), "done": False}
                case {"type": "restart"} if whole:
                    yield {"restart": True}
                case {"type": "calls", "calls": calls}:
                    yield {**facts, **shape("", calls), "calls": calls, "done": False}
                case {"type": "failed", "error": code, "message": message}:
                    yield {"error": in_words(message), "status": failures.status(code)}
                case {"type": "done"} if event:
                    yield {**facts, **shape(""), **_end(event)}


def _end(event: Event) -> dict[str, Any]:
    usage = event["usage"]
    reason: Literal["stop", "length"] = "length" if event["reason"] == "length" else "stop"
    return {
        "done": True,
        "done_reason": reason,
        "total_duration": int(usage.get("seconds", 0) * NANO),
        "load_duration": int(usage.get("load_seconds", 0) * NANO),
        "prompt_eval_count": int(usage.get("prompt_tokens", 0)),
        "prompt_eval_duration": int(usage.get("prompt_seconds", 0) * NANO),
        "eval_count": int(usage.get("answer_tokens", 0)),
        "eval_duration": int(usage.get("answer_seconds", 0) * NANO),
        "sources": event["sources"],
    }


async def _whole(lines: AsyncIterator[dict[str, Any]], shape: Shape) -> HttpResponse:
    text, calls = "", list[ToolCall]()
    async for line in lines:
        if "error" in line:
            return JsonResponse({"error": line["error"]}, status=line["status"])
        if "restart" in line:
            text, calls = "", []
            continue
        if line["done"]:
            return JsonResponse({**line, **shape(text, calls)})
        calls += line.get("calls", ())
        text += line.get("response") or line.get("message", {}).get("content", "")
    return JsonResponse({"error": in_words(LocalChatError().message)}, status=500)


@api.post("/embed")
async def embed(request: HttpRequest, body: EmbedIn) -> dict[str, Any]:
    """Vectors of unit length, in the order of the texts."""
    person(request)
    texts = [body.input] if isinstance(body.input, str) else body.input
    found = await threaded(embedded.embed)(body.model, texts)
    vectors = [list(vector) for vector in found.vectors]
    return {"model": found.model, "embeddings": vectors, "prompt_eval_count": found.tokens}
