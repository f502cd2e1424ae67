"""Reading is done once, by one, and what breaks off is taken up."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
import redis
from django.db import connections
from django.utils import timezone

from documents.desk import sweeping, uploading
from documents.ingest import embedding_model, ingesting
from documents.models import CachedVector, Chunk, Document, Index
from localchat.celery import app
from tests.documents.desk.test_uploading import TEXT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queued(alice, engine_server):
    """A document that waits on the belt, with no worker to take it."""
    return uploading.accept_named(BytesIO(TEXT), name="tides.md", by=alice, collection="").document


def work(document):
    if claimed := Document.objects.claim(document.pk):
        ingesting.ingest(claimed)
    document.refresh_from_db()
    return document


def desert(document, **facts):
    long_ago = timezone.now() - timedelta(minutes=1)
    Document.objects.filter(pk=document.pk).update(status="embedding", heartbeat=long_ago, **facts)


def test_only_one_can_claim(queued):
    assert Document.objects.claim(queued.pk) is not None
    assert Document.objects.claim(queued.pk) is None


def test_a_second_run_of_the_task_changes_nothing(queued):
    work(queued)
    chunks = list(Chunk.objects.values_list("pk", flat=True))
    assert work(queued).status == "ready"
    assert list(Chunk.objects.values_list("pk", flat=True)) == chunks


def test_where_the_model_of_the_index_is_missing_it_waits_until_it_is_back(
    queued, alice, engine_server, monkeypatch
):
    assert work(queued).status == "ready"
    second = uploading.accept_named(
        BytesIO(b"# Harbour\n\nIt was dredged."), name="b.md", by=alice, collection=""
    ).document
    missing = engine_server.stock.models.pop("tiny-embed:latest")
    monkeypatch.setattr(embedding_model.PACE, "seen", 0.0)
    for _ in range(ingesting.TRIES + 2):
        work(second)
        assert (second.status, second.error) == ("queued", "")
        assert second.waiting.startswith("Waiting for the engine. The model “tiny-embed:latest” is")
    assert len(engine_server.asked("/api/embed")) == 1  # it was not even read
    engine_server.stock.install(missing)
    assert work(second).status == "ready"
    assert second.waiting == ""


@pytest.mark.parametrize(
    "said", ["llama runner process has terminated", 'Post "http://127.0.0.1:4/embedding": EOF']
)
def test_an_engine_that_dies_while_it_embeds_is_asked_again(queued, engine_server, said):
    engine_server.embedding(status=500, error=said)
    work(queued)
    assert (queued.status, queued.error) == ("queued", "")
    assert queued.waiting.startswith("Waiting for the engine.")
    engine_server.embedding()
    assert work(queued).status == "ready"


def test_a_file_that_no_engine_survives_fails_in_the_end(queued, engine_server):
    engine_server.embedding(status=500)
    for _ in range(ingesting.TRIES):
        assert queued.status == "queued"
        work(queued)
    assert (queued.status, queued.error) == ("failed", "engine_failed")
    assert "has terminated" in queued.problem


def test_a_deserted_document_is_claimed_again(queued):
    desert(queued, attempt=1)
    assert work(queued).status == "ready"
    assert queued.attempt == 2


def test_the_first_documents_at_once_choose_one_index_between_them(engine_server):
    chosen = []

    def choose():
        chosen.append(embedding_model.index_in_use().pk)
        connections.close_all()

    first = [threading.Thread(target=choose) for _ in range(4)]
    for thread in first:
        thread.start()
    for thread in first:
        thread.join()
    assert chosen == [Index.objects.get().pk] * 4


def test_a_former_attempt_writes_nothing(queued):
    former = Document.objects.claim(queued.pk)
    desert(queued)
    work(queued)
    chunks = set(Chunk.objects.values_list("pk", flat=True))
    ingesting.ingest(former)
    queued.refresh_from_db()
    assert queued.status == "ready"
    assert set(Chunk.objects.values_list("pk", flat=True)) == chunks


def test_vectors_of_a_broken_attempt_are_not_made_again(queued, engine_server, monkeypatch):
    monkeypatch.setattr(ingesting, "DEAR_SECONDS", 0.0)  # as if they had taken long
    claimed = Document.objects.claim(queued.pk)
    content = claimed.incoming.content
    engine_server.requests.clear()
    work_once = ingesting._Ingest(claimed, _Quiet(), _Quiet())
    index = Index.objects.current() or ingesting.embedding_model.index_in_use()
    prepared = work_once.prepare(work_once.read(), index)
    work_once.embed(prepared, index)
    assert CachedVector.objects.filter(content=content).exists()
    engine_server.requests.clear()
    desert(queued)
    assert work(queued).status == "ready"
    assert engine_server.asked("/api/embed") == []
    assert not CachedVector.objects.exists()


class _Quiet:
    """Nobody looks, nobody stops."""

    lost = stopping = False

    def check(self):
        pass

    def publish(self, type, **facts):
        pass


def test_a_file_that_breaks_every_attempt_is_given_up_with_a_reason(queued):
    desert(queued, attempt=3, tries=3)
    assert work(queued).status == "failed"
    assert queued.error == "broke_off"


def test_a_stop_ends_it_with_a_sentence(queued, engine_server):
    engine_server.embedding(delay=2.5)
    Document.objects.filter(pk=queued.pk).update(stopping=True)
    claimed = Document.objects.claim(queued.pk)
    ingesting.ingest(claimed)
    queued.refresh_from_db()
    assert (queued.status, queued.error) == ("failed", "stopped")


def test_the_sweeper_puts_back_what_was_lost_with_the_broker(queued, settings):
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
    sweeping.sweep()
    assert sweeping.celery_queues.length("documents") == 1
    sweeping.sweep()
    assert sweeping.celery_queues.length("documents") == 1


def test_tasks_carry_ids_in_json_alone():
    assert app.conf.accept_content == ["json"]
