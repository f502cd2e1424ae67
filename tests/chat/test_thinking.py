"""What a model thinks is kept apart from what it answers."""

import asyncio
from io import StringIO

import pytest
from channels.db import database_sync_to_async
from django.core.management import call_command
from django.urls import reverse

from chat import answering, asking
from chat.models import Message
from localchat.lib import following
from models_mgmt import choosing
from models_mgmt.engines import think_tags
from tests.engine_server import Installed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("closed_hub", "fresh_choice", "strangers"),
]
PLAIN = asking.Wish(use_documents=False)


@pytest.fixture
def strangers():
    """No model is known to begin with unopened thoughts."""
    think_tags._unopened.clear()
    yield
    think_tags._unopened.clear()


async def ask(user, question="Is it?", wish=PLAIN):
    answer = await asking.ask(user, question, wish=wish)
    events = [event async for event in following.follow(user, answer.topic) if event]
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk), events


def told(events, kind="token"):
    text = ""
    for event in events:
        text = "" if event["type"] == "restart" else text
        text += event["text"] if event["type"] == kind else ""
    return text


@pytest.mark.parametrize("opening", ["<think>", ""])
async def test_thoughts_in_the_text_are_no_answer(alice, engine_server, opening):
    engine_server.script(answer=f"{opening}\nHm. So.\n</think>\n\nYes, it is. ")
    row, events = await ask(alice)
    assert (row.text, row.thinking.strip()) == ("Yes, it is. ", "Hm. So.")
    assert told(events) == row.text
    assert told(events, "thinking") == row.thinking


async def test_thoughts_are_not_part_of_the_talk(alice, engine_server):
    engine_server.script(answer="<think>Hm. So. </think>Yes. ")
    row, _ = await ask(alice)
    answer = await asking.ask(alice, "And now?", PLAIN, conversation=row.conversation_id)
    await asyncio.wait_for(answering.finished(), 20)
    assert answer.conversation_id == row.conversation_id
    sent = engine_server.asked("/api/chat")[-1]["messages"]
    assert "Yes." in [turn["content"].strip() for turn in sent]
    assert "Hm." not in str(sent)


def think_of(engine_server):
    return engine_server.asked("/api/chat")[-1]["think"]


@pytest.mark.parametrize("model", ["tiny-think:latest", "tiny-chat:latest"])
async def test_only_who_can_is_asked_to_think(alice, engine_server, model):
    engine_server.script(answer="Yes. ", thinking="Hm. So. ")
    can = model == "tiny-think:latest"
    row, _ = await ask(alice, wish=PLAIN._replace(model=model, think=True))
    assert think_of(engine_server) is can
    assert (row.text, row.thinking) == ("Yes. ", "Hm. So. " if can else "")
    row, _ = await ask(alice, wish=PLAIN._replace(model=model))
    assert think_of(engine_server) is False
    assert (row.text, row.thinking) == ("Yes. ", "")


async def test_thoughts_have_room_of_their_own(alice, engine_server):
    sizes = []
    for think in (False, True):
        await ask(alice, wish=PLAIN._replace(model="tiny-think", think=think))
        sizes.append(engine_server.asked("/api/chat")[-1]["options"]["num_predict"])
    assert sizes[1] == sizes[0] + 2048


@pytest.mark.parametrize(("owner", "is_told"), [("llamacpp", True), ("openai", False)])
async def test_a_server_is_told_only_if_it_is_known_to_listen(
    alice, engine_server, settings, owner, is_told
):
    settings.OPENAI_BASE_URL, settings.OLLAMA_HOST = f"{engine_server.url}/v1", ""
    engine_server.stock.install(Installed("served:latest", owner=owner))
    await database_sync_to_async(choosing.forget)()
    for think in (False, True):
        await ask(alice, wish=PLAIN._replace(model="served:latest", think=think))
        body = engine_server.asked("/v1/chat/completions")[-1]
        wanted = {"enable_thinking": think} if is_told else None
        assert body.get("chat_template_kwargs") == wanted


async def test_every_road_carries_the_wish(alice, alice_async, engine_server):
    engine_server.script(answer="Yes. ", thinking="Hm. So. ")
    body = {"message": "Is it?", "use_rag": False, "model": "tiny-think", "think": True}
    for events in (True, False):
        response = await alice_async.post(
            "/api/chat", {**body, "events": events}, content_type="application/json"
        )
        sent = b"".join([part async for part in response.streaming_content]).decode()
        assert ('{"thinking": "Hm. ' in sent) is events
        assert think_of(engine_server) is True
    number = response.headers["X-Message"]
    kept = (await alice_async.get(f"/api/messages/{number}")).json()
    assert (kept["text"], kept["thinking"]) == ("Yes. ", "Hm. So. ")
    await database_sync_to_async(choosing.choose)(alice, "tiny-think")
    await alice_async.post(reverse("chat"), {"question": "Is it?", "think": "on"})
    await asyncio.wait_for(answering.finished(), 20)
    row = await database_sync_to_async(Message.objects.latest)("pk")
    assert row.wish.think
    await alice_async.post(reverse("message_again", args=[row.pk]))
    await asyncio.wait_for(answering.finished(), 20)
    assert (await database_sync_to_async(Message.objects.latest)("pk")).wish.think


def test_the_command_line_may_ask_for_thoughts(alice, engine_server):
    engine_server.script(answer="Yes. ", thinking="Hm. So. ")
    out = StringIO()
    options = {"user": alice.username, "model": "tiny-think", "stdout": out}
    call_command("ask", "Is it?", "--think", **options)
    assert think_of(engine_server) is True
    assert "Hm." not in out.getvalue()


def test_the_page_offers_it_where_the_model_can(alice_client, alice, engine_server):
    for model in ("tiny-think", "tiny-chat"):
        choosing.choose(alice, model)
        line = alice_client.get(reverse("model_line")).content.decode()
        assert ("data-thinks" in line) is (model == "tiny-think")
