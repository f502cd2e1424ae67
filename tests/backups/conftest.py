"""A library of alice's that goes on changing, and the program on a data folder of its own."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import httpx
import psycopg
import pytest

from tests import stores
from tests.live import Live, commands, database_url

ANSWER = "Three months to the end of a quarter [1]."
QUESTION = "What is the notice period?"
NOTICE = b"The notice period is three months to the end of a quarter."


@pytest.fixture
def library(live, owner, engine_server):
    """Some documents, and a conversation with an answer that names its source."""
    engine_server.script(answer=ANSWER)
    upload(live, "notice.txt", NOTICE)
    for number in range(5):
        upload(live, f"letter-{number}.txt", f"Letter {number} is about boat {number}.".encode())
    live.http.post("/api/chat", json={"message": QUESTION})
    return live


def upload(live, name, data):
    told = live.http.post("/api/documents/upload", files={"files": (name, data)}).text
    assert '"success": true' in told, told


@contextmanager
def busy(live: Live) -> Iterator[None]:
    """Documents come and go all the time."""
    stop = threading.Event()

    def work() -> None:
        with httpx.Client(base_url=live.url, trust_env=False, timeout=30) as client:
            for number in count():
                if stop.is_set():
                    return
                data = f"Passing note {number} of a busy day.".encode()
                client.post("/api/documents/upload", files={"files": (f"note-{number}.txt", data)})
                found = client.get("/api/documents?q=note-").json()
                for document in found[2:]:
                    client.delete(f"/api/documents/{document['id']}")

    worker = threading.Thread(target=work)
    worker.start()
    yield
    stop.set()
    worker.join()


@pytest.fixture
def manage(library):
    with commands(DJANGO_SETTINGS_MODULE="localchat.settings") as start:
        yield start


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database without a table, on the tests' server."""
    name = f"restored_{time.monotonic_ns()}"
    with psycopg.connect(database_url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template1")
    yield f"postgres://localchat@/{name}?host={stores.RUN}"
    with psycopg.connect(database_url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def said(process, seconds=60):
    text, _ = process.communicate(timeout=seconds)
    assert process.returncode == 0, text
    return text


def killed_when(process, holds) -> None:
    """Kill it as soon as that is so; it must not have come to its end before."""
    deadline = time.monotonic() + 60
    while not holds():
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.kill()
    process.wait()


def rows(url: str) -> dict[str, int]:
    """How many rows each table has that grows with what people do."""
    documents = ["documents_document", "documents_content", "documents_chunk"]
    tables = [*documents, "chat_message", "kept_settings_setting"]
    with psycopg.connect(url) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in tables
        }


def lacking(url: str, data: Path) -> list[str]:
    """Originals that rows name and that are not in the folder, or are others."""
    with psycopg.connect(url) as connection:
        named = connection.execute("SELECT stored, size FROM documents_content").fetchall()
    places = {data / "originals" / s.hex[:2] / s.hex: size for s, size in named}
    return [str(p) for p, size in places.items() if not p.exists() or p.stat().st_size != size]
