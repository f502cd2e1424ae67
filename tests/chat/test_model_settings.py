"""What a person keeps for one model, and where it holds."""

import asyncio

import pytest
from channels.db import database_sync_to_async
from django.urls import reverse

from chat import answering, asking, question_parsing
from chat.manner import ModelSettings
from chat.models import Message
from chat.question import model_settings

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]
NAME = "tiny-chat:latest"
keep = database_sync_to_async(model_settings.keep)


async def ask(user, **said):
    said = {"question": "Well?", "use_documents": False, "model": "tiny-chat", **said}
    await asking.ask(user, *question_parsing.parse(said))
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(lambda: Message.objects.answers().latest("pk"))()


async def test_they_hold_where_a_conversation_says_nothing(alice, bob, engine_server):
    said = {"instructions": "Talk like a sailor.", "temperature": "0", "window": 4096, "length": 50}
    await keep(alice, NAME, said)
    first = await ask(alice)
    body = engine_server.asked("/api/chat")[-1]
    assert body["messages"][0]["content"].endswith("Talk like a sailor.")
    options = body["options"]
    assert (options["temperature"], options["num_ctx"], options["num_predict"]) == (0, 4096, 50)
    await ask(alice, conversation=first.conversation_id, temperature=1.2)
    options = engine_server.asked("/api/chat")[-1]["options"]
    assert (options["temperature"], options["num_ctx"]) == (1.2, 4096)
    await ask(bob)
    body = engine_server.asked("/api/chat")[-1]
    assert "sailor" not in str(body)
    assert body["options"]["num_ctx"] != 4096


async def test_a_name_without_its_tag_is_the_installed_model(alice, engine_server):
    await keep(alice, "tiny-chat", {"length": 60})
    await ask(alice)
    assert engine_server.asked("/api/chat")[-1]["options"]["num_predict"] == 60


async def test_a_talk_goes_on_from_what_the_engine_has_read_with_them(alice, engine_server):
    await keep(alice, NAME, {"instructions": "Talk like a sailor."})
    first = await ask(alice)
    before = engine_server.asked("/api/chat")[-1]["messages"]
    await ask(alice, question="And the harbour?", conversation=first.conversation_id)
    assert engine_server.asked("/api/chat")[-1]["messages"][: len(before)] == before


def test_what_is_emptied_is_ours_again(owner, client):
    client.force_login(owner)
    address = reverse("model_settings")
    client.post(address, {"model": NAME, "temperature": "0.7", "length": "300"})
    assert client.get("/api/model-settings").json() == [
        {"model": NAME, "instructions": "", "temperature": 0.7, "window": None, "length": 300}
    ]
    assert 'value="0.7"' in client.get(f"{address}?model={NAME}").content.decode()
    client.post(address, {"model": NAME, "temperature": "", "length": ""})
    assert not ModelSettings.objects.exists()


def test_a_number_out_of_range_is_refused_in_words(owner, client):
    client.force_login(owner)
    said = {"model": NAME, "temperature": 3}
    refused = client.put("/api/model-settings", said, content_type="application/json")
    assert refused.status_code == 400
    assert "from 0 to 2" in refused.json()["message"]
