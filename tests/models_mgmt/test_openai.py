"""Any server that speaks /v1."""

import asyncio
import base64
import json
import math
import time
from contextlib import aclosing

import pytest

from localchat.lib.errors import (
    EngineCut,
    EngineError,
    EngineStalled,
    ModelMissing,
    PromptTooLong,
)
from models_mgmt.engines import Delta, Turn, openai, wire
from tests.factories import make_call

QUESTION = [Turn("user", "What is it?")]


async def pieces(model="tiny-chat:latest", **wishes) -> list[Delta]:
    async with aclosing(openai.chat(make_call(model, QUESTION, **wishes))) as answer:
        return [piece async for piece in answer]


async def test_the_pieces_are_the_answer_with_its_counts(server):
    server.script(answer="one two three ", thinking="hm ")
    got = await pieces()
    assert "".join(piece.text for piece in got) == "one two three "
    assert "".join(piece.thinking for piece in got) == "hm "
    assert got[-1].done
    assert got[-1].reason == "stop"
    assert got[-1].usage == {"prompt_tokens": 3, "answer_tokens": 4}


def test_what_llama_cpp_tells_of_its_time_is_taken():
    event = {
        "usage": {
            "prompt_tokens": 900,
            "completion_tokens": 20,
            "prompt_tokens_details": {"cached_tokens": 700},
        },
        "timings": {"prompt_n": 200, "prompt_ms": 4000.0, "predicted_ms": 2500.5},
    }
    assert openai._usage(event) == {
        "prompt_tokens": 900,
        "answer_tokens": 20,
        "kept_tokens": 700,
        "prompt_seconds": 4.0,
        "answer_seconds": 2.5,
    }


async def test_an_answer_that_reaches_its_limit_says_length(server):
    server.script(answer="one two three ")
    assert (await pieces(max_tokens=2))[-1].reason == "length"


async def test_an_error_a_cut_and_a_stall_are_told_apart(server, settings):
    settings.IDLE_SECONDS = 0.3
    for script, error in (
        ({"error_after": 1, "error": "out of memory"}, EngineError),
        ({"cut_after": 1}, EngineCut),
        ({"stall_after": 1}, EngineStalled),
    ):
        server.script(answer="one two three ", **script)
        with pytest.raises(error):
            await pieces()


async def test_a_server_that_sends_headers_early_has_the_same_patience(server, settings):
    settings.IDLE_SECONDS = 0.2
    server.script(answer="one two three ", early_headers=True, first_byte_delay=0.7)
    assert (await pieces())[-1].reason == "stop"


async def test_closing_the_answer_closes_the_connection(server):
    server.script(answer="word " * 500, rate=50)
    async with aclosing(openai.chat(make_call("tiny-chat:latest", QUESTION))) as answer:
        await anext(answer)
    left = time.monotonic()
    [closed] = await asyncio.to_thread(server.wait_closed)
    assert closed.at - left < 1
    assert closed.sent < 250  # of 500: the engine was stopped, it did not finish


async def test_a_missing_model_is_named(server):
    with pytest.raises(ModelMissing, match="nobody"):
        await pieces("nobody")
    with pytest.raises(ModelMissing, match="nobody"):
        openai.embed("nobody", ["a"])


def test_vectors_come_in_the_order_of_the_texts_whatever_the_order_of_the_answer(server):
    from tests.engine_server.embedding import vector

    found = openai.embed("tiny-embed:latest", ["alpha", "beta", "gamma"])
    for one, text in zip(found, ["alpha", "beta", "gamma"], strict=True):
        assert one == pytest.approx(vector(text, 384))


def test_a_text_that_is_too_long_is_embedded_in_parts(server):
    [one] = openai.embed("tiny-embed:latest", ["word " * 2000])
    assert math.hypot(*one) == pytest.approx(1)


def test_a_text_that_is_longer_than_a_batch_is_told_as_too_long():
    """So llama.cpp answers, with status 500, for one text of many."""
    said = "input (513 tokens) is too large to process. increase the physical batch size"
    body = json.dumps({"error": {"code": 500, "message": said}}).encode()
    assert isinstance(wire.refusal(500, body, "", ""), PromptTooLong)


def test_models_are_listed_with_a_guess_of_what_they_can(server):
    kinds = {model.name: model.capabilities for model in openai.list_models()}
    assert kinds["tiny-embed:latest"] == {"embedding"}
    assert kinds["tiny-chat:latest"] == {"completion"}
    digests = {model.digest for model in openai.list_models()}
    assert len(digests) == len(kinds)


def test_an_address_without_a_path_means_v1(server, settings):
    settings.OPENAI_BASE_URL = server.url
    assert openai.probe() == "v1"


def test_without_an_address_it_is_not_configured(settings):
    settings.OPENAI_BASE_URL = ""
    assert not openai.configured()


def test_the_stand_in_answers_the_official_client(server):
    from openai import OpenAI

    server.script(answer="one two three ")
    with OpenAI(base_url=f"{server.url}/v1", api_key="k", max_retries=0) as client:
        stream = client.chat.completions.create(
            model="tiny-chat", messages=[{"role": "user", "content": "x"}], stream=True
        )
        texts = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]
        assert "".join(texts) == "one two three "
        assert {model.id for model in client.models.list()} >= {"tiny-chat:latest"}
        made = client.embeddings.create(model="tiny-embed", input=["a"], encoding_format="float")
        assert len(made.data[0].embedding) == 384


@pytest.mark.parametrize(
    ("said", "sent", "window"),
    [
        (
            "request (2186 tokens) exceeds the available context size (2048 tokens), try increasing",
            2186,
            2048,
        ),
        (
            (
                "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens"
                " (3976 in the messages, 1024 in the completion)."
            ),
            3976,
            4096,
        ),
        ("the prompt is longer than the context length currently available", 0, 0),
    ],
)
def test_a_refusal_tells_what_was_sent_and_the_window(said, sent, window):
    refused = wire.refusal(400, json.dumps({"error": {"message": said}}).encode(), "", "")
    assert isinstance(refused, PromptTooLong)
    assert (refused.sent, refused.window) == (sent, window)


async def test_a_server_of_v1_gets_it_as_a_data_uri(server):
    server.script(answer="A boat.")
    turn = Turn("user", "What is it?", (b"\xff\xd8\xff and so on",))
    call = make_call("tiny-chat:latest", [turn])
    assert [piece async for piece in openai.chat(call)][-1].done
    text, image = server.asked("/v1/chat/completions")[-1]["messages"][0]["content"]
    assert text == {"type": "text", "text": "What is it?"}
    head, _, data = image["image_url"]["url"].partition(",")
    assert head == "data:image/jpeg;base64"
    assert base64.b64decode(data) == turn.images[0]
