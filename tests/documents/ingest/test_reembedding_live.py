"""384, 768, 1024 numbers: the worker is killed in the middle, and questions are asked all the time."""

import threading
import time
from datetime import timedelta

import httpx
from django.utils import timezone

from documents.desk import reembedding, sweeping
from documents.models import Chunk, Reembedding
from localchat.accounts.owner import owner_user
from models_mgmt import choosing
from tests.engine_server import Installed
from tests.engine_server.embedding import vector
from tests.factories import make_document, make_index

PAGES = [f"Pier {n} was dredged in {1900 + n} by crew {n % 7}." for n in range(150)]
QUESTION = "When was pier 7 dredged?"
MIDDLE, LARGE = "middle-embed:latest", "large-embed:latest"
SIZES = {"tiny-embed:latest": 384, MIDDLE: 768, LARGE: 1024}
WAIT_SECONDS = 40


class Asker(threading.Thread):
    """Asks until it is told to end, and keeps every answer."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.answers, self.over = url, [], threading.Event()

    def run(self) -> None:
        with httpx.Client(base_url=self.url, trust_env=False, timeout=30) as http:
            while not self.over.wait(0.1):
                asked = {"query": QUESTION, "top_k": 8}
                self.answers.append(http.post("/api/documents/test", json=asked))


def cosine(text: str, size: int) -> float:
    return sum(a * b for a, b in zip(vector(QUESTION, size), vector(text, size), strict=True))


def made_by(answer: httpx.Response) -> list[int]:
    """Of which sizes the vectors can be that all of an answer's passages were found by."""
    rows = [(row["stages"]["vectors"], row["text"]) for row in answer.json()["results"]]
    return [
        size
        for size in SIZES.values()
        if rows and all(abs(found - cosine(text, size)) < 0.001 for found, text in rows)
    ]


def until(condition) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_no_answer_fails_or_mixes_two_models_while_the_model_changes(live, engine_server):
    for name in (MIDDLE, LARGE):
        engine_server.stock.install(Installed(name, ("embedding",), dimension=SIZES[name]))
    choosing.forget()
    tiny = engine_server.stock.find("tiny-embed")
    make_index(engine="ollama", name=tiny.name, digest=tiny.sha)
    owner = owner_user()
    make_document(owner, "piers.txt", PAGES, vectors=[vector(page, 384) for page in PAGES])
    engine_server.embedding(delay=0.02)
    asker = Asker(live.url)
    asker.start()
    try:
        until(lambda: len(asker.answers) > 2)
        job = reembedding.request(owner, MIDDLE, switch=True)
        until(lambda: Chunk.objects.exclude(other_embedding=None).exists())
        live.worker.kill()
        live.worker.wait()
        assert Chunk.objects.filter(other_embedding=None).exists()
        live.start_worker()
        Reembedding.objects.update(heartbeat=timezone.now() - timedelta(minutes=1))
        sweeping.sweep()
        until(lambda: Reembedding.objects.get(pk=job.pk).status == "done")
        job = reembedding.request(owner, LARGE, switch=True)
        until(lambda: Reembedding.objects.get(pk=job.pk).status == "done")
        answered = len(asker.answers)
        until(lambda: len(asker.answers) > answered + 2)
    finally:
        asker.over.set()
        asker.join()
    assert {answer.status_code for answer in asker.answers} == {200}
    assert all(answer.json()["results"][0]["text"] == PAGES[7] for answer in asker.answers)
    models = [made_by(answer) for answer in asker.answers]
    assert all(len(each) == 1 for each in models)
    assert [size for [size] in models] == sorted(size for [size] in models)
    assert {size for [size] in models} == set(SIZES.values())
