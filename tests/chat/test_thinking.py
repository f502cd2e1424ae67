"""What a model thinks is kept apart from what it answers."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.models import Message
from localchat.lib import following
from models_mgmt.engines import think_tags

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
