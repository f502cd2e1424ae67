"""What is sent to a model for the settings of a conversation, and which model that is."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking, question_parsing
from chat.models import Conversation, Message
from chat.record import provenance
from models_mgmt import choosing
from tests.factories import make_conversation, make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]
SAILOR = "Talk like a sailor."
answers = database_sync_to_async(lambda: Message.objects.answers().latest("pk"))
talks = database_sync_to_async(lambda: Conversation.objects.latest("pk"))


async def ask(user, **said):
    """The answer's row, once it is written."""
    said = {"question": "Well?", "use_documents": False, **said}
    await asking.ask(user, *question_parsing.parse(said))
    await asyncio.wait_for(answering.finished(), 20)
    return await answers()


async def test_instructions_come_after_ours_and_the_rest_goes_to_the_engine(alice, engine_server):
    said = {"instructions": SAILOR, "temperature": 1.5, "window": 4096, "length": 77}
    answer = await ask(alice, model="tiny-chat", **said)
    body = engine_server.asked("/api/chat")[-1]
    system = body["messages"][0]["content"]
    assert system.startswith("You are a helpful assistant")
    assert system.endswith(SAILOR)
    options = body["options"]
    assert (options["temperature"], options["num_ctx"], options["num_predict"]) == (1.5, 4096, 77)
    sent = await database_sync_to_async(provenance.as_json)(answer)
    assert SAILOR in sent["call"]["turns"][0]["text"]


async def test_a_talk_goes_on_from_what_the_engine_has_read(alice, engine_server):
    first = await ask(alice, instructions=SAILOR)
    before = engine_server.asked("/api/chat")[-1]["messages"]
    await ask(alice, question="And the harbour?", conversation=first.conversation_id)
    assert engine_server.asked("/api/chat")[-1]["messages"][: len(before)] == before


async def test_again_is_written_as_the_conversation_is_set_now(alice, engine_server):
    first = await ask(alice, temperature=0.3)
    await ask(alice, question="So?", conversation=first.conversation_id, temperature=1.1)
    await ask(alice, question="", regenerates=first.pk)
    assert engine_server.asked("/api/chat")[-1]["options"]["temperature"] == 1.1


async def test_the_model_that_answered_first_stays(alice, engine_server):
    choose = database_sync_to_async(choosing.choose)
    await choose(alice, "tiny-chat")
    first = await ask(alice)
    assert (await talks()).model == "tiny-chat:latest"
    await choose(alice, "tiny-think")
    then = await ask(alice, conversation=first.conversation_id)
    assert (first.model, then.model) == ("tiny-chat:latest", "tiny-chat:latest")
    last = await ask(alice, conversation=first.conversation_id, model="tiny-think:latest")
    assert last.model == "tiny-think:latest"
    assert (await talks()).model == "tiny-think:latest"


async def test_one_that_is_gone_is_named_and_no_other_answers(alice, engine_server):
    make = database_sync_to_async(make_conversation)
    talk = await make(alice, model="gone:7b")
    answer = await ask(alice, conversation=talk.pk)
    assert (answer.status, answer.model) == ("failed", "")
    assert answer.problem == "The model gone:7b is not installed."
    assert engine_server.asked("/api/chat") == []


@pytest.mark.parametrize("question", ["When does the ferry run?", "Summarise ferry.pdf"])
async def test_instructions_are_heeded_where_documents_are_read(alice, engine_server, question):
    engine_server.script(answer="At nine [1].")
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    await database_sync_to_async(make_document)(alice, "ferry.pdf", ["The ferry runs at nine."])
    await ask(alice, question=question, use_documents=True, instructions=SAILOR, window=4096)
    body = engine_server.asked("/api/chat")[-1]
    assert body["messages"][0]["content"].startswith("You answer questions about a person")
    assert body["messages"][0]["content"].endswith(SAILOR)
    assert body["options"]["num_ctx"] == 4096


async def test_an_answer_from_notes_heeds_them_too(alice, engine_server):
    engine_server.script(answer="It is oiled [1].")
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    pages = [f"Lamp {n} is oiled. " + "The lamp burns. " * 300 for n in range(8)]
    await database_sync_to_async(make_document)(alice, "lamps.pdf", pages)
    said = {"use_documents": True, "instructions": SAILOR, "window": 2048, "length": 99}
    await ask(alice, question="Summarise lamps.pdf", **said)
    bodies = engine_server.asked("/api/chat")
    assert len(bodies) > 1
    assert bodies[-1]["messages"][0]["content"].endswith(SAILOR)
    assert bodies[-1]["options"]["num_predict"] == 99
    assert {body["options"]["num_ctx"] for body in bodies} == {2048}
