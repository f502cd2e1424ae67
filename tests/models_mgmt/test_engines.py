"""What every engine keeps to: Ollama, a /v1 server, and the built-in one with real models."""

import asyncio
import json
import math
import time
from collections.abc import Callable
from contextlib import aclosing
from types import ModuleType
from typing import NamedTuple

import pytest

from localchat.lib.errors import EngineError, ModelMissing, PromptTooLong
from models_mgmt import builtin as builtin_model
from models_mgmt.engines import (
    Call,
    Delta,
    Model,
    Turn,
    builtin,
    llamacpp,
    ollama,
    openai,
    reranking,
)
from models_mgmt.llamacpp import process
from tests.engine_server import Installed

QUESTION = [Turn("user", "Name three colours.")]
LONG = [Turn("user", "Count from one to a thousand in words.")]


class Kind(NamedTuple):
    engine: ModuleType
    model: str
    embeds: ModuleType
    embedding_model: str
    is_stopped: Callable[[], bool]  # whether it works for nobody any more


@pytest.fixture(params=["ollama", "openai", "built-in"])
def kind(request) -> Kind:
    if request.param == "built-in":
        request.getfixturevalue("builtin_weights")
        model = request.getfixturevalue("chat_model")
        return Kind(llamacpp, model, builtin, builtin_model.MODEL, _is_free)
    server = request.getfixturevalue("server")
    server.script(answer="one two three four five six ", rate=100)
    server.stock.install(Installed("tiny-chat:latest", n_ctx=8192))
    server.tokenizes = "turns"
    engine = {"ollama": ollama, "openai": openai}[request.param]
    return Kind(
        engine, "tiny-chat:latest", engine, "tiny-embed:latest", lambda: bool(server.closed)
    )


def _is_free() -> bool:
    return not process.is_busy(process.loaded())


def call(kind: Kind, turns=QUESTION, **wishes) -> Call:
    model: Model = kind.engine.show(kind.model)
    options = {"temperature": 0.0}
    return Call(model, turns, **{"num_ctx": 8192, "max_tokens": 24, "options": options, **wishes})


async def pieces(kind: Kind, turns=QUESTION, **wishes) -> list[Delta]:
    async with aclosing(kind.engine.chat(call(kind, turns, **wishes))) as answer:
        return [piece async for piece in answer]


def text(found: list[Delta]) -> str:
    return "".join(piece.text for piece in found)


def test_what_it_has_is_listed_with_what_it_can(kind):
    [found] = [model for model in kind.engine.list_models() if model.name == kind.model]
    assert found.capabilities >= {"completion"}
    assert found.window == 8192
    assert found.digest
    assert not found.is_base
    assert kind.engine.show(kind.model) == found
    assert kind.engine.configured()
    assert kind.engine.probe()


async def test_an_answer_comes_in_pieces_and_the_last_one_alone_is_done(kind):
    found = await pieces(kind)
    assert text(found).strip()
    assert len([piece for piece in found if piece.text]) > 3
    assert [piece.done for piece in found] == [False] * (len(found) - 1) + [True]
    usage = found[-1].usage
    assert usage["prompt_tokens"] > 2
    assert usage["answer_tokens"] > 3


async def test_an_answer_that_reaches_its_limit_says_length(kind):
    last = (await pieces(kind, LONG, max_tokens=4))[-1]
    assert (last.reason, last.usage["answer_tokens"]) == ("length", 4)


async def test_without_chance_the_same_question_has_the_same_answer(kind):
    assert text(await pieces(kind)) == text(await pieces(kind))


async def test_it_stops_when_the_answer_is_closed(kind, request):
    if kind.engine is not llamacpp:
        request.getfixturevalue("server").script(answer="word " * 2000, rate=50)
    async with aclosing(kind.engine.chat(call(kind, LONG, max_tokens=4000))) as answer:
        async for piece in answer:
            if piece.text:
                break
    limit = time.monotonic() + 1
    while not await asyncio.to_thread(kind.is_stopped):
        assert time.monotonic() < limit
        await asyncio.sleep(0.02)


async def test_it_stops_when_who_waits_for_it_is_cancelled(kind, request):
    if kind.engine is not llamacpp:
        request.getfixturevalue("server").script(answer="word " * 2000, rate=50)
    await pieces(kind, max_tokens=1)  # loaded
    task = asyncio.create_task(pieces(kind, LONG, max_tokens=4000))
    await asyncio.sleep(0.5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    limit = time.monotonic() + 1
    while not await asyncio.to_thread(kind.is_stopped):
        assert time.monotonic() < limit
        await asyncio.sleep(0.02)


async def test_a_model_that_is_not_there_is_named(kind):
    wanted = call(kind)
    missing = wanted._replace(model=wanted.model._replace(name="nobody"))
    with pytest.raises(ModelMissing, match="nobody"):
        async with aclosing(kind.engine.chat(missing)) as answer:
            await anext(answer)
    with pytest.raises(ModelMissing, match="nobody"):
        kind.embeds.embed("nobody", ["a text"])
    with pytest.raises(ModelMissing, match="nobody"):
        kind.engine.show("nobody")


async def test_a_prompt_that_does_not_fit_is_told_and_never_cut(kind):
    with pytest.raises(PromptTooLong) as refused:
        await pieces(kind, [Turn("user", "word " * 9000)])
    if kind.engine is not ollama:
        assert refused.value.sent > refused.value.window == 8192


async def test_what_can_be_thought_is_no_part_of_the_answer(kind, request):
    """The small model never thinks: it is told all the same, and answers."""
    if kind.engine is not llamacpp:
        server = request.getfixturevalue("server")
        server.stock.install(Installed(kind.model, ("completion", "thinking"), n_ctx=8192))
        server.script(answer="Red. ", thinking="Which ones? ")
        found = await pieces(kind, think=True)
        assert "".join(piece.thinking for piece in found).strip() == "Which ones?"
        assert text(found).strip() == "Red."
        return
    assert not call(kind).model.can_think
    for think in (True, False):
        assert text(await pieces(kind, think=think, max_tokens=4)).strip()


WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city now",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


async def test_a_tool_is_called_by_who_asks_and_its_result_read(kind, request):
    """The small model has no words for tools, and tells so."""
    if kind.engine is llamacpp:
        assert not call(kind).model.may_call
        return
    server = request.getfixturevalue("server")
    server.stock.install(Installed(kind.model, ("completion", "tools"), n_ctx=8192))
    assert call(kind).model.may_call
    server.script(answer="I look. ", calls=(("weather", {"city": "Tromsø"}), ("weather", {})))
    found = await pieces(kind, tools=[WEATHER])
    calls = [each for piece in found for each in piece.calls]
    assert [(each.name, json.loads(each.arguments)) for each in calls] == [
        ("weather", {"city": "Tromsø"}),
        ("weather", {}),
    ]
    assert len({each.id for each in calls}) == 2
    assert text(found).strip() == "I look."
    assert [piece.done for piece in found].index(True) == len(found) - 1
    results = [Turn("tool", f"Rain {n}", answers=each) for n, each in enumerate(calls)]
    server.script(answer="It rains.")
    talk = [*QUESTION, Turn("assistant", "", calls=tuple(calls)), *results]
    assert text(await pieces(kind, talk, tools=[WEATHER])).strip() == "It rains."
    sent = server.requests[-1].body
    assert sent["tools"] == [WEATHER]
    assert [each["role"] for each in sent["messages"]] == ["user", "assistant", "tool", "tool"]
    said = [each["function"]["arguments"] for each in sent["messages"][1]["tool_calls"]]
    assert said[0] in ({"city": "Tromsø"}, calls[0].arguments)
    assert sent["messages"][3]["content"] == "Rain 1"
    assert not any(piece.calls for piece in await pieces(kind, tools=[WEATHER]))


async def test_it_is_held_to_a_schema(kind, request):
    if kind.engine is not llamacpp:
        request.getfixturevalue("server").script(answer='{"colour": "red"} ')
    colours = {"type": "string", "enum": ["red", "green"]}
    schema = {"type": "object", "properties": {"colour": colours}, "required": ["colour"]}
    found = await pieces(kind, schema=schema, max_tokens=40)
    assert json.loads(text(found))["colour"] in {"red", "green"}


async def test_a_prompt_is_counted_as_the_answer_counts_it_where_that_can_be_had(kind):
    usage = (await pieces(kind, max_tokens=1))[-1].usage
    pictured = [turn._replace(images=(b"a picture",)) for turn in QUESTION]
    for turns in (QUESTION, pictured):
        counted = kind.engine.count(kind.model, turns)
        assert counted == (None if kind.engine is ollama else usage["prompt_tokens"])


async def test_it_tells_whether_a_model_is_loaded_where_it_knows(kind):
    await pieces(kind, max_tokens=1)
    assert kind.engine.is_loaded(call(kind)) in ({None} if kind.engine is openai else {True})


def test_what_is_sent_has_no_key(kind):
    asked = kind.engine.chat_request(call(kind))
    assert asked.url.startswith("http://127.0.0.1")
    assert asked.body["messages"] == [{"role": "user", "content": QUESTION[0].content}]
    assert "key" not in json.dumps(asked.body).lower()


def test_vectors_have_unit_length_and_the_order_of_the_texts(kind):
    texts = ["alpha beta", "gamma delta", "epsilon"]
    found = kind.embeds.embed(kind.embedding_model, texts)
    assert all(math.hypot(*one) == pytest.approx(1) for one in found)
    for place, each in enumerate(texts):
        [alone] = kind.embeds.embed(kind.embedding_model, [each])
        assert sum(a * b for a, b in zip(alone, found[place], strict=True)) > 0.99
    assert kind.embeds.embed(kind.embedding_model, []) == []


def test_a_chat_model_of_the_built_in_engine_makes_no_vectors(chat_model):
    with pytest.raises(EngineError, match="makes no vectors"):
        llamacpp.embed(chat_model, ["a text"])


def test_texts_are_put_in_order_by_a_server_that_can(server, settings):
    settings.RERANK_MODEL = "tiny-rerank"
    server.stock.install(Installed("tiny-rerank:latest", ("rerank",)))
    scores = reranking.relevance("red apples", ["of the sea", "apples that are red"])
    assert scores[1] > scores[0]
