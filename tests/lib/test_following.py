"""Following a topic: nothing is missed, doubled or out of order, whatever breaks meanwhile."""

import asyncio
import threading

import pytest
import redis
from channels.db import database_sync_to_async
from django.conf import settings

from chat.models import Message
from localchat.lib import events, following
from localchat.lib.errors import BadRequest, NotFound
from localchat.lib.events import Follower
from localchat.lib.hub import hub
from tests.factories import make_answer, make_document

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = ["one ", "two ", "three ", "four ", "five "]


@pytest.fixture(autouse=True)
async def closed_hub():
    yield
    await hub().close()


async def writing_answer(user):
    return await database_sync_to_async(make_answer)(user, status="writing", text="", attempt=1)


async def save(answer, **facts):
    await database_sync_to_async(Message.objects.filter(pk=answer.pk).update)(**facts)


def told(heard):
    """The text that a follower has after these events."""
    text = ""
    for event in heard:
        if event["type"] == "restart":
            text = ""
        if event["type"] == "token":
            text += event["text"]
    return text


async def hear(user, topic, after="0-0"):
    return [event async for event in following.follow(user, topic, after) if event]


async def say(writer, words=WORDS, pause=0.01):
    for word in words:
        writer.publish("token", text=word)
        await asyncio.sleep(pause)


async def test_a_follower_that_comes_late_hears_everything_in_order(alice):
    answer = await writing_answer(alice)
    with hub().writing(answer.topic, 1) as writer:
        await say(writer, WORDS[:2])
        late = asyncio.create_task(hear(alice, answer.topic))
        await say(writer, WORDS[2:])
        writer.publish("done", reason="stop")
    heard = await asyncio.wait_for(late, 5)
    assert told(heard) == "".join(WORDS)
    assert [event["id"] for event in heard] == [f"1-{n}" for n in range(1, 7)]


async def test_head_and_tail_are_the_whole_at_every_cursor(alice):
    answer = await writing_answer(alice)
    with hub().writing(answer.topic, 1) as writer:
        await say(writer)
        await save(answer, text="".join(WORDS), status="done", reason="stop", cursor="1-6")
        writer.publish("done", reason="stop")
        await hub().flushed()
    whole = await hear(alice, answer.topic)
    for n, event in enumerate(whole[:-1], start=1):
        tail = await hear(alice, answer.topic, event["id"])
        assert told(whole[:n]) + told(tail) == "".join(WORDS)


async def test_what_a_worker_publishes_is_heard_in_the_web_process(alice):
    document = await database_sync_to_async(make_document)(alice, status="embedding")
    listening = asyncio.create_task(hear(alice, document.topic))
    await asyncio.sleep(0.2)
    log = events.Log(document.topic, 1)

    def work():
        for done in range(5):
            log.publish("progress", stage="embedding", done=done, total=5)
        log.publish("done", status="ready", chunks=5)

    threading.Thread(target=work).start()
    heard = await asyncio.wait_for(listening, 5)
    assert [event.get("done") for event in heard] == [0, 1, 2, 3, 4, None]


async def test_an_older_attempt_can_no_longer_write(alice):
    answer = await writing_answer(alice)
    events.Log(answer.topic, 2).publish("restart")
    with hub().writing(answer.topic, 1) as old:
        old.publish("token", text="too late")
        await hub().flushed()
        assert old.lost
        assert old.stopped.is_set()


async def test_a_finished_answer_is_told_from_its_row_when_the_log_is_gone(alice):
    answer = await database_sync_to_async(make_answer)(alice, text="All of it.")
    heard = await hear(alice, answer.topic)
    assert told(heard) == "All of it."
    assert heard[-1]["type"] == "done"


async def test_a_reader_who_had_half_of_a_lost_log_is_told_to_begin_again(alice):
    answer = await database_sync_to_async(make_answer)(alice, text="All of it.")
    heard = await hear(alice, answer.topic, "1-2")
    assert heard[0]["type"] == "restart"
    assert told(heard) == "All of it."


async def test_a_gap_in_the_log_is_filled_from_the_row(alice):
    answer = await writing_answer(alice)
    with hub().writing(answer.topic, 1) as writer:
        await say(writer, WORDS[:3])
        await hub().flushed()
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            client.flushdb()
        late = asyncio.create_task(hear(alice, answer.topic))
        await asyncio.sleep(0.1)
        await say(writer, WORDS[3:4])
        await save(answer, text="".join(WORDS[:4]), cursor=writer.cursor)
        await say(writer, WORDS[4:])
        writer.publish("done", reason="stop")
    assert told(await asyncio.wait_for(late, 5)) == "".join(WORDS)


async def test_a_take_over_makes_followers_begin_again(alice):
    answer = await writing_answer(alice)
    with hub().writing(answer.topic, 1) as writer:
        listening = asyncio.create_task(hear(alice, answer.topic))
        await say(writer, ["lost "])
        await hub().flushed()
    second = events.Log(answer.topic, 2)
    await asyncio.to_thread(second.publish, "restart")
    await asyncio.to_thread(second.publish, "token", text="kept")
    await asyncio.to_thread(second.publish, "done", reason="stop")
    assert told(await asyncio.wait_for(listening, 5)) == "kept"


async def test_a_slow_follower_loses_nothing(alice, monkeypatch):
    monkeypatch.setattr("localchat.lib.events.BACKLOG", 3)
    answer = await writing_answer(alice)
    with hub().writing(answer.topic, 1) as writer:
        follow = following.follow(alice, answer.topic)
        first = asyncio.create_task(anext(follow))
        await asyncio.sleep(0.1)
        words = [f"{n} " for n in range(50)]
        await say(writer, words, pause=0)
        writer.publish("done", reason="stop")
        heard = [await first] + [event async for event in follow]
    assert told(heard) == "".join(words)


def test_a_doubt_is_told_once_and_outlasts_a_backlog():
    follower = Follower()
    follower.doubt()
    follower.catch_up()
    follower.doubt()
    assert follower.queue.empty(), "whoever has read the log looks into it"
    assert [follower.take_doubt(), follower.take_doubt()] == [True, False]
    follower.doubt()
    assert follower.queue.get_nowait() is None


async def test_a_stop_is_heard_by_the_writer_in_whichever_process(alice):
    answer = await writing_answer(alice)
    with hub().writing(answer.topic, 1) as writer:
        await asyncio.sleep(0.2)
        await database_sync_to_async(following.stop)(alice, answer.topic)
        await asyncio.wait_for(writer.stopped.wait(), 1)


async def test_a_stranger_can_neither_follow_nor_stop(alice, bob):
    answer = await writing_answer(alice)
    with pytest.raises(NotFound):
        await hear(bob, answer.topic)
    with pytest.raises(NotFound):
        await database_sync_to_async(following.stop)(bob, answer.topic)


@pytest.mark.parametrize(
    "topic", ["", "answer", "answer:", "answer:x", "user:1", "answer:-1", "answer:1:2", "answer:²"]
)
async def test_what_is_no_topic_is_not_found(alice, topic):
    with pytest.raises(NotFound):
        await hear(alice, topic)


@pytest.mark.parametrize("after", ["x", "1", "1-x", "-", "1-2-3", "9" * 40 + "-1"])
def test_what_is_no_cursor_is_refused(after):
    with pytest.raises(BadRequest):
        following.checked(after)
