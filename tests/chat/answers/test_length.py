"""How long an answer may become: what its prompt leaves of the window, up to what is set."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.prompt import RESERVE
from chat.question_parsing import Place
from models_mgmt import counting
from models_mgmt.engines import Turn
from tests.factories import make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]
LAMPS = [
    f"Lamp {n} of the lighthouse burns {n} hours. " + "It is oiled daily. " * 90 for n in range(9)
]


async def length(user, server, question="Why?", **wish):
    """Tokens of the answer's longest, of its prompt by our count, and of the window."""
    answer = await asking.ask(user, question, asking.Wish(**wish))
    await asyncio.wait_for(answering.finished(), 20)
    body = server.asked("/api/chat")[-1]
    turns = [Turn(each["role"], each["content"]) for each in body["messages"]]
    options = body["options"]
    return answer, options["num_predict"], counting.usual().turns(turns), options["num_ctx"]


async def test_a_short_question_has_room_for_a_long_answer(alice, engine_server):
    _, longest, _, _ = await length(alice, engine_server, use_documents=False)
    assert longest == 4096


async def test_as_long_as_is_set(alice, engine_server, settings):
    settings.ANSWER_TOKENS = 200
    _, longest, _, _ = await length(alice, engine_server, use_documents=False)
    assert longest == 200


async def test_many_passages_leave_less_and_never_too_little(alice, engine_server):
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    await database_sync_to_async(make_document)(alice, "lamps.pdf", LAMPS)
    _, longest, prompt, window = await length(
        alice, engine_server, "How long do the lamps of the lighthouse burn?", patient=True
    )
    assert RESERVE <= longest < 4096
    assert prompt + longest <= window


async def test_again_is_asked_for_in_other_words(alice, engine_server):
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    await database_sync_to_async(make_document)(alice, "ferry.pdf", ["The ferry runs at nine."])
    engine_server.script(answer="At nine [1].")
    answer, *_ = await length(alice, engine_server, "When does the ferry run?")
    assert engine_server.asked("/api/chat")[-1]["options"]["temperature"] == 0
    place = Place(regenerates=answer.pk)
    for said, temperature in ((frozenset(), 0.5), (frozenset({"model"}), 0)):
        wish = asking.Wish(model="tiny-think:latest")
        await asking.ask(alice, "", wish, place=place, said=said)
        await asyncio.wait_for(answering.finished(), 20)
        assert engine_server.asked("/api/chat")[-1]["options"]["temperature"] == temperature
