"""OpenAI's protocol at /v1: chat, models, embeddings, files. Errors have its shape too."""

import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
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
from localchat.web.protocols import asked, citing, embedded, failures, openai_turns
from localchat.web.protocols.openai_files import router as files
from localchat.web.protocols.openai_turns import ChatIn
from models_mgmt.engines import ToolCall
from models_mgmt.engines.tool_calls import as_openai

api = NinjaAPI(
    title="LocalChat in OpenAI's protocol",
    version="1",
    urls_namespace="v1",
    docs_url=None,
    openapi_url="openapi.json",
    auth=signed_in,
)
handle_errors(api)
REASONS = {"length": "length", "interrupted": "length", "calls": "tool_calls"}


class EmbedIn(Schema):
    model: str = ""
    input: str | Annotated[list[str], Field(max_length=embedded.MOST_TEXTS)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None


@api.exception_handler(LocalChatError)
def failed(request: HttpRequest, error: LocalChatError) -> HttpResponse:
    if embedded.is_for_anthropic(request):
        return failures.anthropic_response(error)
    body = _failure(error.code, error.message)
    return JsonResponse(body, status=error.status, headers=error.headers())


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return failed(request, BadRequest(validation.sentence(error)))


def _failure(code: str, message: str) -> dict[str, Any]:
    kind = "invalid_request_error" if failures.status(code) < 500 else "server_error"
    return {"error": {"message": in_words(message), "type": kind, "code": code, "param": None}}


@api.post("/chat/completions", tags=["Chat"])
async def chat(request: HttpRequest, body: ChatIn) -> HttpResponse | StreamingHttpResponse:
    """Ask a model, with documents where its name says so. Kept nowhere unless `store` is true.

    Sources stand as `sources` in the answer, and as annotations of its message. Tools are called by
    who asks, of a model alone. Closing the connection ends the answer.
    """
    talk = openai_turns.talk(body)
    answer = await asked.ask(person(request), talk)
    written = Written(request, answer, body)
    if not body.stream:
        async with held_to(right_of(request)):
            return await written.whole()
    return StreamingHttpResponse(
        written.chunks(),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


class Written:
    """An answer as OpenAI's clients get it."""

    def __init__(self, request: HttpRequest, answer: asked.Begun, body: ChatIn) -> None:
        self.request, self.answer, self.body = request, answer, body
        self.facts = {
            "id": f"chatcmpl-{answer.name}",
            "created": int(time.time()),
            "model": body.model,
        }
        self.text = ""
        self.calls: list[dict[str, object]] = []

    async def whole(self) -> HttpResponse:
        async with aclosing(self.answer.events(whole=True)) as events:
            async for event in events:
                match event:
                    case {"type": "token", "text": text}:
                        self.text += text
                    case {"type": "restart"}:
                        self.text = ""
                    case {"type": "calls", "calls": calls}:
                        self.calls += map(as_openai, calls)
                    case {"type": "failed", "error": code, "message": message}:
                        status = failures.status(code)
                        return JsonResponse(_failure(code, message), status=status)
                    case {"type": "done"} if event:
                        return JsonResponse(self.completion(event))
        return failed(self.request, LocalChatError())

    def completion(self, event: Event) -> dict[str, Any]:
        message = {
            "role": "assistant",
            "content": self.text or (None if self.calls else ""),
            "refusal": None,
            "annotations": self.annotations(event),
            **({"tool_calls": self.calls} if self.calls else {}),
        }
        reason = REASONS.get(event["reason"], "stop")
        choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
        return {
            **self.facts,
            "object": "chat.completion",
            "choices": [choice],
            "usage": usage(event),
            "sources": event["sources"],
        }

    async def chunks(self) -> AsyncIterator[str]:
        yield self.chunk({"role": "assistant", "content": ""})
        async with aclosing(self.answer.events()) as events:
            async for event in events:
                match event:
                    case None:
                        yield ": keep-alive\n\n"
                    case {"type": "token", "text": text}:
                        self.text += text
                        yield self.chunk({"content": text})
                    case {"type": "calls", "calls": calls}:
                        yield self.chunk({"tool_calls": self.numbered(calls)})
                    case {"type": "failed", "error": code, "message": message}:
                        yield _frame(_failure(code, message))
                    case {"type": "done"}:
                        for chunk in self.end(event):
                            yield chunk
        yield "data: [DONE]\n\n"

    def end(self, event: Event) -> list[str]:
        reason = REASONS.get(event["reason"], "stop")
        delta = {"annotations": self.annotations(event)}
        chunks = [self.chunk(delta, reason, sources=event["sources"])]
        if self.body.stream_options and self.body.stream_options.include_usage:
            chunk = {**self.facts, "object": "chat.completion.chunk", "choices": []}
            chunks.append(_frame({**chunk, "usage": usage(event)}))
        return chunks

    def chunk(self, delta: dict[str, Any], reason: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        kind = {"object": "chat.completion.chunk", "choices": [choice]}
        return _frame({**self.facts, **kind, **more})

    def numbered(self, calls: Sequence[ToolCall]) -> list[dict[str, object]]:
        """As a stream tells of them, each whole."""
        first = len(self.calls)
        self.calls += map(as_openai, calls)
        return [{"index": at, **self.calls[at]} for at in range(first, len(self.calls))]

    def annotations(self, event: Event) -> list[dict[str, Any]]:
        """Where the text cites a source: its [n], with the address of the document's page."""
        return [
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": found.start(),
                    "end_index": found.end(),
                    "title": citing.title(source),
                    "url": citing.address(self.request, source),
                },
            }
            for found, source in citing.cited(self.text, event["sources"])
        ]


def usage(event: Event) -> dict[str, int]:
    """Tokens, as far as the engine has counted them."""
    counts = event["usage"]
    prompt, answer = (int(counts.get(name, 0)) for name in ("prompt_tokens", "answer_tokens"))
    return {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
    }


def _frame(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


@api.get("/models", tags=["Models"])
def models(request: HttpRequest) -> dict[str, Any]:
    """Chat models alone, with all documents, and with each collection; embedding models."""
    rows = embedded.models(person(request))
    if embedded.is_for_anthropic(request):
        return embedded.as_anthropic_page(rows)
    return {"object": "list", "data": rows}


@api.get("/models/{path:model}", tags=["Models"])
def model(request: HttpRequest, model: str) -> dict[str, Any]:
    row = embedded.model(person(request), model)
    return embedded.as_anthropic(row) if embedded.is_for_anthropic(request) else row


@api.post("/embeddings", tags=["Models"])
async def embeddings(request: HttpRequest, body: EmbedIn) -> dict[str, Any]:
    """Vectors of unit length, in the order of the texts."""
    person(request)
    texts = [body.input] if isinstance(body.input, str) else body.input
    found = await threaded(embedded.embed)(body.model, texts)
    pack = embedded.as_base64 if body.encoding_format == "base64" else list
    return {
        "object": "list",
        "model": found.model,
        "data": [
            {"object": "embedding", "index": index, "embedding": pack(vector)}
            for index, vector in enumerate(found.vectors)
        ],
        "usage": {"prompt_tokens": found.tokens, "total_tokens": found.tokens},
    }


api.add_router("files", files)
