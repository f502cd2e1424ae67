"""Any one process is killed while ten files are read: each ends ready, or failed with a reason."""

import random
import threading
import time

import httpx
import pytest

from tests import stores
from tests.embedded.conftest import Up, long_folder

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]

SECONDS = 60  # after the kill, with everything running again
FILES = 10
PROCESSES = {
    "web": "daphne",
    "worker": "-Q documents",
    "reader": "documents.readers.process.sandbox",
    "engine": "models_mgmt.builtin.server",
    "redis": "redis-server",
    "postgres": "postgres -D",
}


@pytest.fixture(scope="module")
def program():
    """The whole program on a data folder of its own, with the built-in embedding model."""
    if not list(stores.KEPT_WEIGHTS.glob("*/model.bin")):
        pytest.skip("the built-in weights have not been fetched: manage.py models --fetch-builtin")
    for folder in long_folder():
        up = Up(
            folder,
            LOCALCHAT_WEIGHTS=str(stores.KEPT_WEIGHTS),
            OLLAMA_HOST="http://127.0.0.1:9",
            DJANGO_SETTINGS_MODULE="localchat.settings",
        )
        yield up.start().ready()
        up.stop()


def files(seed):
    """Ten texts of about 20 KB that share no sentence."""
    chance = random.Random(seed)
    words = [f"{chance.choice('bdfgklmnprst')}{chance.choice('aeiou')}{n}" for n in range(400)]
    for number in range(FILES):
        sentences = [" ".join(chance.choices(words, k=12)) + "." for _ in range(300)]
        yield f"{seed}-{number}.txt", " ".join(sentences)[:20_000].encode()


def upload(url, name, data):
    """Send and wait for the end of the stream, or for its break."""
    try:
        httpx.post(
            f"{url}api/documents/upload",
            files={"files": (name, data)},
            trust_env=False,
            timeout=120,
        )
    except httpx.HTTPError:
        return


def documents(url, seed):
    try:
        found = httpx.get(f"{url}api/documents?q={seed}-", trust_env=False, timeout=10).json()
    except (httpx.HTTPError, ValueError):
        return None
    return found if isinstance(found, list) else None


def settled(url, seed):
    found = documents(url, seed)
    return found is not None and all(d["status"] in {"ready", "failed"} for d in found)


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def begin(program, seed):
    url = program.facts["url"]
    senders = [
        threading.Thread(target=upload, args=(url, name, data)) for name, data in files(seed)
    ]
    for sender in senders:
        sender.start()
    assert wait_until(lambda: len(documents(url, seed) or []) == FILES, 30)
    assert wait_until(lambda: any(d["chunks"] for d in documents(url, seed) or []), 60)
    assert not settled(url, seed), "all was read before anything could be killed"
    return url


def judge(url, seed):
    assert wait_until(lambda: settled(url, seed), SECONDS), documents(url, seed)
    found = documents(url, seed)
    assert sorted(d["name"] for d in found) == sorted(name for name, _ in files(seed))
    for document in found:
        assert document["status"] == "ready" or document["problem"].endswith(".")
        if document["status"] == "ready":
            chunks = httpx.get(f"{url}api/documents/{document['id']}/chunks", trust_env=False)
            text = "".join(chunk["text"] for chunk in chunks.json()["chunks"])
            assert len(text) == 20_000
    print([d["status"] for d in found].count("ready"), "of", len(found), "ready")  # noqa: T201


@pytest.mark.parametrize("victim", PROCESSES)
def test_a_killed_process_costs_no_document(program, victim):
    url = begin(program, victim)
    program.part(PROCESSES[victim]).kill()
    judge(url, victim)


def test_a_killed_supervisor_costs_no_document(program):
    begin(program, "supervisor")
    program.process.kill()
    program.process.wait()
    time.sleep(3)
    program.said.seek(0)
    program.said.truncate()
    program.start().ready()
    judge(program.facts["url"], "supervisor")
