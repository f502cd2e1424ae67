"""Vectors by another model are made beside those in use, and come into use in one moment."""

import threading
import time
from io import BytesIO

import pytest

from documents import tasks
from documents.desk import reembedding, uploading
from documents.finding import candidates
from documents.finding.search import search
from documents.ingest import ingesting
from documents.models import Chunk, Content, Document, Index, Reembedding
from localchat.lib.errors import BadRequest, NotAllowed
from models_mgmt import choosing
from tests.engine_server import Installed
from tests.engine_server.embedding import vector
from tests.factories import make_document, make_index

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = [f"Pier {n} was dredged in {1900 + n}." for n in range(40)]
MIDDLE, LARGE = "middle-embed:latest", "large-embed:latest"


@pytest.fixture
def index(alice, engine_server, monkeypatch):
    """Forty passages with vectors of 384 numbers; models of 768 and 1024 are installed beside."""
    engine_server.stock.install(Installed(MIDDLE, ("embedding",), dimension=768))
    engine_server.stock.install(Installed(LARGE, ("embedding",), dimension=1024))
    choosing.forget()
    tiny = engine_server.stock.find("tiny-embed")
    made = make_index(engine="ollama", name=tiny.name, digest=tiny.sha)
    make_document(alice, "piers.txt", PAGES, vectors=[vector(page, 384) for page in PAGES])
    monkeypatch.setattr("documents.tasks.reembed.delay", lambda pk: None)  # no worker yet
    return made


def upload(owner) -> Document:
    """A document that waits on the belt."""
    file = BytesIO(b"The lock was opened in 1966.")
    return uploading.accept_named(file, name="late.txt", by=owner, collection="").document


def work(job):
    tasks.reembed(job.pk)
    job.refresh_from_db()
    return job


def embedded(engine_server) -> list[int]:
    """How many texts each request had."""
    return [len(each["input"]) for each in engine_server.asked("/api/embed")]


def asked_of(engine_server) -> str:
    return engine_server.asked("/api/embed")[-1]["model"]


def sizes(column: str) -> set[int]:
    return {
        len(each) for each in Chunk.objects.exclude(**{column: None}).values_list(column, flat=True)
    }


def test_questions_are_answered_by_the_old_ones_until_the_switch(index, alice, engine_server):
    job = work(reembedding.request(alice, MIDDLE))
    assert (job.status, job.done, job.total) == ("ready", 40, 40)
    assert (sizes("embedding"), sizes("other_embedding")) == ({384}, {768})
    before = search(alice, "When was pier 7 dredged?")
    assert asked_of(engine_server) == "tiny-embed:latest"
    job = work(reembedding.request(alice, MIDDLE, switch=True))
    assert job.status == "done"
    after = search(alice, "When was pier 7 dredged?")
    assert asked_of(engine_server) == MIDDLE
    assert before.passages[0].text == after.passages[0].text == PAGES[7]
    assert before.notes == after.notes == []
    assert Index.objects.current().name == MIDDLE
    assert not Content.objects.exclude(indexed=Index.objects.current()).exists()


def test_what_is_complete_can_be_tried_before_it_is_in_use(index, alice, engine_server):
    job = work(reembedding.request(alice, MIDDLE))
    found = search(alice, "When was pier 7 dredged?", of=job.index)
    assert asked_of(engine_server) == MIDDLE
    assert found.passages[0].stages["vectors"] == pytest.approx(
        sum(
            a * b
            for a, b in zip(
                vector("When was pier 7 dredged?", 768), vector(PAGES[7], 768), strict=True
            )
        ),
        abs=0.001,
    )


def test_the_way_back_needs_no_new_vectors(index, alice, engine_server):
    work(reembedding.request(alice, MIDDLE, switch=True))
    made = len(embedded(engine_server))
    work(reembedding.request(alice, "tiny-embed:latest", switch=True))
    assert Index.objects.current() == index
    assert len(embedded(engine_server)) == made
    assert search(alice, "pier 7").passages[0].stages["vectors"] is not None


def test_it_goes_on_where_it_broke_off(index, alice, engine_server):
    job = reembedding.request(alice, MIDDLE)
    engine_server.embedding(status=500, error="llama runner process has terminated")
    work(job)
    assert (job.status, job.problem != "") == ("queued", True)
    engine_server.embedding()
    half = Chunk.objects.order_by("pk")[:30]
    Chunk.objects.filter(pk__in=[each.pk for each in half]).update(
        other_embedding=vector("made before", 768)
    )
    Reembedding.objects.update(cleared=True)  # as it was before the first vector
    before = len(embedded(engine_server))
    assert work(job).status == "ready"
    assert embedded(engine_server)[before:] == [10]


def test_a_third_model_takes_the_place_of_what_is_not_in_use(index, alice, monkeypatch):
    work(reembedding.request(alice, MIDDLE, switch=True))
    monkeypatch.setattr(candidates, "EXACT", 1)  # with the graph that many passages need
    for at_a_time in (LARGE, "tiny-embed:latest", MIDDLE, LARGE):
        if Index.objects.current().name != at_a_time:
            assert work(reembedding.request(alice, at_a_time, switch=True)).status == "done"
        assert Index.objects.current().name == at_a_time
        found = search(alice, "When was pier 7 dredged?")
        assert (found.passages[0].text, found.notes) == (PAGES[7], [])
    assert {frozenset(sizes(each)) for each in Index.Column.values} == {
        frozenset({768}),
        frozenset({1024}),
    }
    assert Index.objects.count() == 2


def test_it_ends_when_it_is_stopped_and_goes_on_when_asked_again(index, alice, engine_server):
    job = reembedding.request(alice, MIDDLE)
    engine_server.embedding(delay=0.05)
    thread = threading.Thread(target=tasks.reembed, args=(job.pk,))
    thread.start()
    while not engine_server.asked("/api/embed"):
        time.sleep(0.01)
    reembedding.stop(job)
    thread.join()
    job.refresh_from_db()
    assert job.status == "stopped"
    assert Index.objects.current() == index
    engine_server.embedding()
    assert work(reembedding.request(alice, MIDDLE)).status == "ready"


def test_what_is_read_meanwhile_has_both(index, alice, engine_server):
    work(reembedding.request(alice, MIDDLE))
    late = "The lock was opened in 1966."
    make_document(alice, "late.txt", [late], vectors=[vector(late, 384)])
    assert work(reembedding.request(alice, MIDDLE, switch=True)).status == "done"
    assert not Chunk.objects.filter(other_embedding=None).exists()


def test_what_is_read_after_the_switch_has_the_new_ones(index, alice, engine_server):
    work(reembedding.request(alice, MIDDLE, switch=True))
    late = upload(alice)
    ingesting.ingest(Document.objects.claim(late.pk))
    [chunk] = Document.objects.get(pk=late.pk).current.content.chunks.all()
    assert chunk.embedding is None
    assert len(chunk.other_embedding) == 768


def test_another_model_under_the_same_name_is_noticed(index, alice, engine_server):
    moved = Installed("tiny-embed:latest", ("embedding",), window=512, digest="f" * 64)
    engine_server.stock.install(moved)
    choosing.forget()
    found = search(alice, "When was pier 7 dredged?")
    [note] = found.notes
    assert "tiny-embed:latest has changed" in note
    assert "reembed tiny-embed:latest" in note
    assert found.passages[0].stages["vectors"] is None
    late = upload(alice)
    ingesting.ingest(Document.objects.claim(late.pk))
    late.refresh_from_db()
    assert late.status == "queued"
    assert "reembed tiny-embed:latest" in late.waiting
    assert work(reembedding.request(alice, "tiny-embed:latest", switch=True)).status == "done"
    assert search(alice, "pier 7").passages[0].stages["vectors"] is not None
    ingesting.ingest(Document.objects.claim(late.pk))
    late.refresh_from_db()
    assert late.status == "ready"


def test_only_who_may_manage_models_may_ask_for_it(index, alice, settings):
    settings.OWNER_MODE = False
    with pytest.raises(NotAllowed):
        reembedding.request(alice, MIDDLE)
    settings.OWNER_MODE = True
    with pytest.raises(BadRequest, match="does not make vectors"):
        reembedding.request(alice, "tiny-chat:latest")
    with pytest.raises(BadRequest, match="already"):
        reembedding.request(alice, "tiny-embed:latest")
