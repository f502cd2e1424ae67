"""What answers have so far is in their rows within two seconds, by one statement for all."""

import asyncio
import contextlib

import pytest
from channels.db import database_sync_to_async
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from chat.models import Message
from chat.record import saving
from tests.chat.test_answering import ask, finished
from tests.factories import make_answer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("closed_hub", "fresh_choice"),
]

WORDS = " ".join(f"word{n}" for n in range(300)) + " "


@database_sync_to_async
def texts(*answers) -> list[str]:
    rows = dict(Message.objects.filter(pk__in=[a.pk for a in answers]).values_list("pk", "text"))
    return [rows[answer.pk] for answer in answers]


async def test_what_is_written_can_be_read_in_the_row_soon(alice, engine_server):
    engine_server.script(answer=WORDS, rate=100)
    answers = [await ask(alice, f"What is {n}?") for n in range(3)]
    await asyncio.sleep(2.5)
    before = await texts(*answers)
    assert all(before)
    await asyncio.sleep(2.2)
    assert all(
        len(now) > len(then) for now, then in zip(await texts(*answers), before, strict=True)
    )
    for answer in answers:
        assert (await finished(answer)).text.split() == WORDS.split()


def test_only_what_this_attempt_is_still_writing_is_saved(alice):
    live, other, ended = (make_answer(alice, "Short.") for _ in range(3))
    Message.objects.filter(pk__in=[live.pk, other.pk]).update(status="writing")
    rows = [
        (live.pk, live.attempt, "Half", "Hm", "1-2"),
        (other.pk, other.attempt + 1, "Of another", "", "2-1"),
        (ended.pk, ended.attempt, "Too late", "", "1-1"),
    ]
    with CaptureQueriesContext(connection) as queries:
        assert saving._saved(rows) == {live.pk}
    assert len(queries) == 1
    found = [Message.objects.get(pk=each.pk).text for each in (live, other, ended)]
    assert found == ["Half", "Short.", "Short."]


def test_a_row_that_is_locked_keeps_the_others_not_waiting_and_is_not_lost(alice):
    """By somebody who deletes a whole account, which can take long."""
    live, locked = (make_answer(alice, "Short.") for _ in range(2))
    Message.objects.filter(pk__in=[live.pk, locked.pk]).update(status="writing")
    rows = [(each.pk, each.attempt, "Half", "", "1-2") for each in (locked, live)]
    parameters = connection.get_connection_params()
    other = connection.get_new_connection(parameters)
    with contextlib.closing(other) as elsewhere, elsewhere.transaction():
        elsewhere.execute("SELECT FROM chat_message WHERE id = %s FOR UPDATE", [locked.pk])
        with transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '2s'")
            assert saving._saved(rows) == {live.pk, locked.pk}
        texts = [Message.objects.get(pk=each.pk).text for each in (locked, live)]
        assert texts == ["Short.", "Half"]
    assert saving._saved(rows) == {live.pk, locked.pk}
    assert Message.objects.get(pk=locked.pk).text == "Half"


async def test_what_no_row_can_hold_is_left_out_of_what_a_model_writes(alice, engine_server):
    engine_server.script(answer="A tide\0 rises twice.")
    row = await finished(await ask(alice))
    assert (row.status, row.text) == ("done", "A tide rises twice.")
