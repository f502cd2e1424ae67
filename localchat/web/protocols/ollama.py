"""Ollama's protocol at /ollama/api, a prefix of its own since ours begins with /api too."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Literal

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
from localchat.web.protocols import asked, embedded, failures
from models_mgmt import choosing
from models_mgmt.engines import Turn

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
Shape = Callable[[str], dict[str, Any]]


class TurnIn(Schema):
    role: str
    content: str = ""


class Asked(Schema):
    model: str = Field("", description="`llama3.2`, `llama3.2+`, `llama3.2+Contracts`")
    stream: bool = True
    options: dict[str, Any] | None = None


class ChatIn(Asked):
    messages: list[TurnIn] = Field([], max_length=asked.MOST_SENT)


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
    turns = [Turn(each.role, each.content) for each in body.messages]
    return await _answered(
        request, body, turns, lambda text: {"message": {"role": "assistant", "content": text}}
    )


@api.post("/generate")
async def generate(request: HttpRequest, body: GenerateIn) -> HttpResponse | StreamingHttpResponse:
    """The same of one prompt."""
    turns = [Turn("user", body.prompt)]
    if body.system:
        turns.insert(0, Turn("system", body.system))
    return await _answered(request, body, turns, lambda text: {"response": text})


async def _answered(
    request: HttpRequest, body: Asked, turns: Sequence[Turn], shape: Shape
) -> HttpResponse | StreamingHttpResponse:
    options = body.options or {}
    settings = {"temperature": options.get("temperature"), "length": _length(options)}
    talk = asked.talk(body.model, turns, settings, stop=_stop(options))
    answer = await asked.ask(person(request), talk)
    lines = _lines(body.model, answer, shape, whole=not body.stream)
    if body.stream:
        written = (json.dumps(line, ensure_ascii=False) + "\n" async for line in lines)
        kind = "application/x-ndjson"
        return StreamingHttpResponse(written, content_type=kind)
    async with held_to(right_of(request)), aclosing(lines):
        return await _whole(lines, shape)


def _stop(options: dict[str, Any]) -> list[str]:
    wanted = options.get("stop")
    texts = wanted if isinstance(wanted, list) else [wanted]
    return [each for each in texts if isinstance(each, str)]


def _length(options: dict[str, Any]) -> int | None:
    tokens = options.get("num_predict")
    return asked.length(tokens) if isinstance(tokens, int) and tokens > 0 else None


async def _lines(
    model: str, answer: asked.Answer, shape: Shape, *, whole: bool
) -> AsyncGenerator[dict[str, Any]]:
    async with aclosing(answer.events(whole=whole)) as events:
        async for event in events:
            facts = {"model": model, "created_at": timezone.now().isoformat()}
            match event:
                case {"type": "token", "text": text}:
                    yield {**facts, **shape(text), "done": False}
                case {"type": "restart"} if whole:
                    yield {"restart": True}
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
    text = ""
    async for line in lines:
        if "error" in line:
            return JsonResponse({"error": line["error"]}, status=line["status"])
        if "restart" in line:
            text = ""
            continue
        if line["done"]:
            return JsonResponse({**line, **shape(text)})
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
