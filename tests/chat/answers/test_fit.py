"""The prompt fits into the window by the model's own count, and what was left out is said."""

import asyncio
import itertools
import re

import pytest
from channels.db import database_sync_to_async
from django.urls import reverse

from chat import answering, asking, prompt
from chat.answers import fitted_prompt
from chat.models import Message
from chat.question.asked import WINDOW
from localchat.lib import following
from models_mgmt import choosing
from tests.engine_server import Installed
from tests.factories import make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]
PAGE = "The harbour of town {0} was dredged in 19{0}, to a depth of {0}.5 metres. " * 14


def fours(text: str) -> int:
    return len(re.findall(r"\s?\S{1,4}", text))


@pytest.fixture
async def harbours(alice, engine_server):
    """Eight passages of which a small window holds some, and a model that counts its own way."""
    engine_server.tokens = fours
    engine_server.stock.install(Installed("tiny-chat:latest", window=3072, digest="f" * 64))
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    pages = [PAGE.format(number) for number in range(10, 18)]
    await database_sync_to_async(make_document)(alice, pages=pages)
    return alice


async def answered(user, question="When was the harbour of town 13 dredged?", wish=None):
    answer = await asking.ask(user, question, wish=wish or asking.Wish(patient=True))
    events = [event async for event in following.follow(user, answer.topic) if event]
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk), events


async def test_prompt_and_reserve_fill_the_window_by_the_models_own_count(
    harbours, alice_async, engine_server
):
    for number in range(10, 16):
        row, _ = await answered(harbours, f"When was the harbour of town {number} dredged?")
        assert row.status == "done", row.problem
    for body in engine_server.asked("/api/chat"):
        assert body["options"]["num_ctx"] == 3072
        assert (body["truncate"], body["shift"]) == (False, False)
    said = engine_server.asked("/api/chat")[-1]["messages"]
    counted = sum(fours(turn["content"]) + 4 for turn in said)
    assert counted + prompt.RESERVE <= 3072 * 1.02
    told = (await alice_async.get(f"/api/messages/{row.pk}/sent")).json()
    assert told["call"]["tokens"] == pytest.approx(counted, rel=0.02)
    assert told["usage"]["prompt_tokens"] == counted


async def test_what_was_left_out_is_stored_and_shown(harbours, alice_async):
    row, events = await answered(harbours)
    left_out = row.left_out
    assert 1 <= left_out < 8
    told = (await alice_async.get(f"/api/messages/{row.pk}/sent")).json()
    assert [each["sent"] for each in told["passages"]].count(False) == left_out
    steps = [event["text"] for event in events if event["type"] == "step"]
    assert f"{left_out} passages were left out for want of room" in steps
    page = (await alice_async.get(reverse("message", args=[row.pk]))).content.decode()
    assert f"{left_out} passages did not fit" in page
    assert page.count('class="sources__link"') == 8 - left_out


async def test_a_prompt_that_the_engine_refuses_is_sent_again_with_less(harbours, engine_server):
    engine_server.tokens = lambda text: len(text) * 3 // 4
    row, _ = await answered(harbours)
    first, *_, last = engine_server.asked("/api/chat")
    assert (row.status, row.text) == ("done", "This is an answer. ")
    assert len(last["messages"][-1]["content"]) < len(first["messages"][-1]["content"])
    assert row.left_out > 0


@pytest.mark.parametrize("learned", [0, 6])
async def test_an_answer_from_a_cut_prompt_is_marked(harbours, alice_async, engine_server, learned):
    for _ in range(learned):
        row, _ = await answered(harbours)
        assert not row.cut
    engine_server.script(answer="Some time.", seen=0.8 if learned else 0.4)
    row, events = await answered(harbours)
    assert row.cut
    assert events[-1]["cut"] is True
    page = (await alice_async.get(reverse("message", args=[row.pk]))).content.decode()
    assert "made from a cut prompt" in page
    engine_server.script(answer="In 1913.")
    row, _ = await answered(harbours)
    assert not row.cut


@pytest.mark.parametrize("tokenizes", ["turns", "text"])
async def test_a_server_with_a_tokenizer_is_asked_by_it(
    harbours, engine_server, settings, tokenizes
):
    settings.OLLAMA_HOST, settings.OPENAI_BASE_URL = "", engine_server.url
    engine_server.tokenizes = tokenizes
    engine_server.tokens = lambda text: len(text) // 2
    choosing.forget()
    row, _ = await answered(harbours, wish=asking.Wish(model="tiny-chat:latest", patient=True))
    assert row.status == "done", row.problem
    (body,) = engine_server.asked("/v1/chat/completions")
    counted = sum(len(turn["content"]) // 2 for turn in body["messages"])
    assert counted + prompt.RESERVE <= WINDOW
    assert len(engine_server.asked("/tokenize")) <= fitted_prompt.COUNTS


@pytest.mark.parametrize("tells", ["the list", "the refusal", "nothing"])
async def test_a_server_with_a_small_window_is_sent_less_each_time(
    harbours, engine_server, settings, tells
):
    settings.OLLAMA_HOST, settings.OPENAI_BASE_URL = "", engine_server.url
    engine_server.stock.install(
        Installed("tiny-chat:latest", n_ctx=1536, tells_n_ctx=tells == "the list")
    )
    engine_server.script(answer="In 1913.", tells_sizes=tells != "nothing")
    choosing.forget()
    row, _ = await answered(harbours, wish=asking.Wish(model="tiny-chat:latest", patient=True))
    assert (row.status, row.text) == ("done", "In 1913. [1]"), row.problem
    bodies = engine_server.asked("/v1/chat/completions")
    sizes = [sum(fours(turn["content"]) for turn in body["messages"]) for body in bodies]
    assert all(less < 0.8 * more for more, less in itertools.pairwise(sizes))
    assert sizes[-1] <= 1536
    assert len(sizes) == {"the list": 1, "the refusal": 2}.get(tells, len(sizes))
