"""A question never waits behind the batches of a book."""

import asyncio
import threading
import time

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connections

from documents.finding import search
from documents.ingest import embedding_model, embedding_pace
from documents.models import Index
from localchat.lib import engine_priority
from models_mgmt import engines
from tests.documents.desk.test_uploading import accept, inline, ready  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("inline", "data_folder"),
]


MODEL = engines.Model("ollama", "tiny-chat:latest", "", 0, frozenset({"completion"}), {})
CALL = engines.Call(MODEL, [engines.Turn("user", "Hello")], 8192, 64)


@pytest.fixture
def index(alice, engine_server, monkeypatch):
    ready(accept(alice))
    monkeypatch.setattr(embedding_model, "PACE", embedding_pace.Pace())
    engine_server.requests.clear()
    return Index.objects.current()


def sizes(engine_server) -> list[int]:
    return [len(body["input"]) for body in engine_server.asked("/api/embed")]


def asked(user, question: str) -> None:
    search.search(user, question)
    connections.close_all()


def texts(count: int) -> list[str]:
    return [f"Sentence {number} of a book." for number in range(count)]


def test_between_two_batches_a_question_is_let_pass(index, engine_server):
    engine_server.embedding(delay=0.005)
    book = threading.Thread(target=embedding_model.embed, args=[index, texts(160)])
    with engine_priority.first():
        book.start()
        time.sleep(0.3)
        assert sizes(engine_server) == []
    book.join()
    assert sum(sizes(engine_server)) == 160


def test_no_more_than_two_batches_are_under_way_however_many_documents_are_read():
    together, most = [], []

    def embed(batch):
        together.append(batch)
        most.append(len(together))
        time.sleep(0.02)
        together.remove(batch)
        return [[1.0]] * len(batch)

    common = embedding_pace.Pace()
    documents = [
        threading.Thread(
            target=common.embedded, args=[embed, [f"{number} {text}" for text in texts(90)]]
        )
        for number in range(4)
    ]
    for document in documents:
        document.start()
    for document in documents:
        document.join()
    assert len(most) >= 8
    assert max(most) == 2


def test_a_search_says_that_somebody_waits(index, alice, engine_server):
    engine_server.embedding(delay=0.4)
    asking = threading.Thread(target=asked, args=[alice, "tide"])
    asking.start()
    engine_server.wait_asked("/api/embed")
    with redis.Redis.from_url(django_settings.REDIS_URL) as client:
        assert client.zcard(engine_priority.WAITING) == 1
        asking.join()
        assert client.zcard(engine_priority.WAITING) == 0


def test_one_that_died_while_it_waited_holds_nobody_up(index, engine_server):
    with redis.Redis.from_url(django_settings.REDIS_URL) as client:
        client.zadd(engine_priority.WAITING, {"dead": time.time() - 1})
        embedding_model.embed(index, texts(3))
        assert sizes(engine_server) == [3]
        assert client.zcard(engine_priority.WAITING) == 0


def test_a_slow_engine_gets_fewer_texts_at_once(index, engine_server):
    engine_server.embedding(delay=0.03)
    found = embedding_model.embed(index, texts(70))
    assert len(found) == 70
    first, *others = sizes(engine_server)
    assert first == 32
    assert all(size <= 17 for size in others)
    engine_server.embedding(delay=0.0)
    embedding_model.embed(index, texts(100))
    assert max(sizes(engine_server)[len(others) + 1 :]) == 64


def test_who_chats_waits_for_one_batch_at_most(index, engine_server, settings, monkeypatch):
    """Of all processes: two have a pace of their own."""
    settings.ENGINE_SLOTS = 1
    engine_server.embedding(delay=0.01)
    engine_server.script(first_byte_delay=0.4)
    books = []
    for number in range(2):
        monkeypatch.setattr(embedding_model, "PACE", embedding_pace.Pace())
        books.append(threading.Thread(target=embedding_model.embed, args=[index, texts(64)]))
        books[number].start()
        time.sleep(0.05)
    time.sleep(0.1)
    begun = len(sizes(engine_server))
    text = asyncio.run(engines.reply(CALL))
    before_the_first_word = len(sizes(engine_server))
    for book in books:
        book.join()
    assert (begun, before_the_first_word, text) == (1, 1, "This is an answer.")
    assert sum(sizes(engine_server)) == 128
