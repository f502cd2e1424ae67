"""No question, and no talk before it, holds a process for more than some CPU seconds."""

import asyncio
import time

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking, question_parsing
from chat.models import Message
from chat.question import standalone
from localchat.lib.errors import BadRequest
from tests.factories import make_document

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 3.0  # of CPU; a pattern that is not linear takes minutes
LENGTH = question_parsing.LONGEST_QUESTION
SEEDS = ["a, ", "a ", '"a" ', " ", "a", "1,", "A B ", "and ", "(", "a-", "$1", "x=1 ", "é.", "中"]


def long(seed: str, end: str = "x") -> str:
    return (seed * LENGTH)[: LENGTH - 7] + end


@pytest.mark.usefixtures("closed_hub", "fresh_choice")
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_long_question_is_answered_soon(alice, engine_server, seed):
    await database_sync_to_async(make_document)(alice)
    began = time.process_time()
    answer = await asking.ask(alice, f"alpha {long(seed)}", asking.Wish())
    await asyncio.wait_for(answering.finished(), 60)
    assert time.process_time() - began < SECONDS
    row = await database_sync_to_async(Message.objects.get)(pk=answer.pk)
    assert (row.status, row.problem) == ("done", "")


@pytest.mark.parametrize("seed", [*SEEDS, "a, b and ", "- a\n", "1. a\n", "**a", "[1] ", "A. "])
@pytest.mark.parametrize(
    "question", ["what about the second one?", "And in 2021?", "Yes, please", "Who is he?"]
)
def test_a_long_answer_before_is_looked_at_soon(seed, question):
    talk = [
        {"role": "user", "content": "What is Alpha Ltd of 2020?"},
        {"role": "assistant", "content": long(seed) * 3},
    ]
    began = time.process_time()
    standalone.by_rules(question, talk)
    assert time.process_time() - began < SECONDS


def test_a_turn_of_the_talk_has_a_bound():
    turn = {"role": "user", "content": "a" * (question_parsing.LONGEST_TURN + 1)}
    with pytest.raises(BadRequest, match="too long"):
        question_parsing.parse({"question": "And?", "history": [turn]})
