"""A message as Anthropic's clients get it: blocks, at once or piece by piece."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from localchat.lib.errors import LocalChatError
from localchat.lib.events import Event
from localchat.web.protocols import asked, citing, failures
from models_mgmt.engines import ToolCall

Frame = dict[str, Any]
REASONS = {
    "length": "max_tokens",
    "interrupted": "max_tokens",
    "stop_sequence": "stop_sequence",
    "calls": "tool_use",
}
PING: Frame = {"type": "ping"}


class Blocks:
    """What has come, as a list; each addition gives the events that tell of it."""

    def __init__(self) -> None:
        self.content: list[Frame] = []
        self.is_open = False

    @property
    def text(self) -> str:
        return "".join(each["text"] for each in self.content if each["type"] == "text")

    def add(self, kind: str, text: str) -> Iterator[Frame]:
        """`kind`: text or thinking; what follows its like goes on in the same block."""
        if not self.is_open or self.content[-1]["type"] != kind:
            signed = {"signature": ""} if kind == "thinking" else {}
            yield from self.begin({"type": kind, kind: "", **signed})
        self.content[-1][kind] += text
        yield self._delta({"type": f"{kind}_delta", kind: text})

    def cite(self, citations: Sequence[Frame]) -> Iterator[Frame]:
        """What the text rests on, in its order."""
        if citations and self.is_open and self.content[-1]["type"] == "text":
            self.content[-1]["citations"] = list(citations)
            for each in citations:
                yield self._delta({"type": "citations_delta", "citation": each})

    def call(self, call: ToolCall) -> Iterator[Frame]:
        """Whole, as one piece."""
        yield from self.begin({"type": "tool_use", "id": call.id, "name": call.name, "input": {}})
        self.content[-1]["input"] = json.loads(call.arguments)
        yield self._delta({"type": "input_json_delta", "partial_json": call.arguments})
        yield from self.end()

    def begin(self, block: Frame) -> Iterator[Frame]:
        yield from self.end()
        self.content.append(block)
        self.is_open = True
        yield {**self._place("content_block_start"), "content_block": dict(block)}

    def end(self) -> Iterator[Frame]:
        if self.is_open:
            self.is_open = False
            yield self._place("content_block_stop")

    def _delta(self, delta: Frame) -> Frame:
        return {**self._place("content_block_delta"), "delta": delta}

    def _place(self, kind: str) -> Frame:
        return {"type": kind, "index": len(self.content) - 1}


class Written:
    """An answer as Anthropic's clients get it."""

    def __init__(self, request: HttpRequest, answer: asked.Begun, model: str) -> None:
        self.request, self.answer = request, answer
        self.blocks = Blocks()
        self.message = {
            "id": f"msg_{answer.name}",
            "type": "message",
            "role": "assistant",
            "model": model,
        }

    async def whole(self) -> HttpResponse:
        async with aclosing(self.answer.events(whole=True)) as events:
            async for event in events:
                match event:
                    case {"type": "restart"}:
                        self.blocks = Blocks()
                    case {"type": "failed", "error": code, "message": message}:
                        status = failures.status(code)
                        body = failures.as_anthropic(status, message)
                        return JsonResponse(body, status=status)
                    case {"type": "done"} if event:
                        list(self.told(event))
                        end, facts = _end(event), _facts(event)
                        content = {"content": self.blocks.content}
                        return JsonResponse({**self.message, **content, **end, **facts})
                    case _:
                        list(self.told(event))
        return failures.anthropic_response(LocalChatError())

    async def frames(self) -> AsyncIterator[str]:
        """As text/event-stream. The engine counts at its end: the last `usage` is the true one."""
        none = {"input_tokens": 0, "output_tokens": 0}
        begun: Frame = {"content": [], "stop_reason": None, "stop_sequence": None, "usage": none}
        yield _frame({"type": "message_start", "message": {**self.message, **begun}})
        yield _frame(PING)
        async with aclosing(self.answer.events()) as events:
            async for event in events:
                for frame in self.told(event):
                    yield _frame(frame)

    def told(self, event: Event | None) -> Iterator[Frame]:
        match event:
            case None:
                yield PING
            case {"type": "token", "text": text}:
                yield from self.blocks.add("text", text)
            case {"type": "thinking", "text": text}:
                yield from self.blocks.add("thinking", text)
            case {"type": "calls", "calls": calls}:
                for call in calls:
                    yield from self.blocks.call(call)
            case {"type": "failed", "error": code, "message": message}:
                yield failures.as_anthropic(failures.status(code), message)
            case {"type": "done"}:
                yield from self.blocks.cite(self.citations(event))
                yield from self.blocks.end()
                yield {"type": "message_delta", "delta": _end(event), **_facts(event)}
                yield {"type": "message_stop"}

    def citations(self, event: Event) -> list[Frame]:
        """Of each [n] the passage, as that of a search result: number n of `sources`."""
        places = {source["number"]: at for at, source in enumerate(event["sources"])}
        return [
            {
                "type": "search_result_location",
                "cited_text": source["support"] or source["text"],
                "search_result_index": places[source["number"]],
                "source": citing.address(self.request, source),
                "title": citing.title(source),
                "start_block_index": 0,
                "end_block_index": 1,
            }
            for _, source in citing.cited(self.blocks.text, event["sources"])
        ]


def _end(event: Event) -> Frame:
    return {
        "stop_reason": REASONS.get(event["reason"], "end_turn"),
        "stop_sequence": event.get("stop_sequence"),
    }


def _facts(event: Event) -> Frame:
    """Tokens as far as the engine has counted them; the sources are a field of ours."""
    counts = event["usage"]
    usage = {
        "input_tokens": int(counts.get("prompt_tokens", 0)),
        "output_tokens": int(counts.get("answer_tokens", 0)),
    }
    return {"usage": usage, "sources": event["sources"]}


def _frame(body: Frame) -> str:
    return f"event: {body['type']}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"
