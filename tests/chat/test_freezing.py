"""A question that stops the process that looks at it does not stop one after the other."""

import asyncio
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from chat import answering
from chat.models import Message
from tests.factories import make_answer, make_document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("closed_hub", "fresh_choice"),
]
COUNTED = "**1** document"
QUESTION = "How many documents do I have?"  # which no model is asked, but a rule


@database_sync_to_async
def deserted(user, **facts):
    answer = make_answer(user, status="writing", **{"text": "", **facts})
    Message.objects.filter(pk=answer.previous_id).update(text=QUESTION)
    Message.objects.filter(pk=answer.pk).update(heartbeat=timezone.now() - timedelta(minutes=1))
    return answer


async def taken_over(answer):
    for taken in await database_sync_to_async(answering.deserted)():
        answering.start(taken)
    await asyncio.wait_for(answering.finished(), 30)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk)


async def test_the_second_one_leaves_it_to_the_search(alice, engine_server):
    await database_sync_to_async(make_document)(alice)
    row = await taken_over(await deserted(alice, attempt=1))
    assert (row.status, row.attempt) == ("done", 2)
    assert COUNTED not in row.text, "a rule was tried again"


async def test_the_third_one_says_that_it_is_not_tried_again(alice, engine_server):
    row = await taken_over(await deserted(alice, attempt=2))
    assert (row.status, row.error) == ("failed", "gave_up")
    assert "not tried again" in row.problem
    assert engine_server.asked("/api/chat") == []


async def test_who_got_somewhere_died_of_something_else(alice, engine_server):
    await database_sync_to_async(make_document)(alice)
    row = await taken_over(await deserted(alice, attempt=2, cursor="2-3"))
    assert (row.status, row.attempt) == ("done", 3)
    assert COUNTED in row.text


async def test_who_waited_for_documents_did_not_freeze(alice, engine_server):
    request = {"use_documents": True, "wait_for": [1]}
    await database_sync_to_async(make_document)(alice)
    row = await taken_over(await deserted(alice, attempt=2, request=request))
    assert (row.status, row.attempt) == ("done", 3)
