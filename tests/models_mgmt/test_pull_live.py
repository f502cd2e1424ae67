"""A pull over HTTP with a real web server and a real worker."""

import json
import time

import pytest

from models_mgmt.models import Pull


@pytest.fixture(autouse=True)
def _usual_pulls(engine_server):
    engine_server.pulling()
    yield
    engine_server.pulling()


def frames(answer):
    for line in answer.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def test_curl_gets_the_originals_frames(live):
    with live.http.stream("POST", "/api/models/pull", json={"model": "curl:1b"}) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-cache"
        got = list(frames(answer))
    assert got[0] == {"status": "pulling manifest"}
    assert got[-1] == {"status": "success"}
    assert "curl:1b" in {model["name"] for model in live.http.get("/api/models").json()["models"]}


def test_a_stop_reaches_the_engine_within_a_second(live, engine_server):
    engine_server.pulling(stall_at=0.3)
    before = len(engine_server.closed)
    with live.http.stream("POST", "/api/models/pull", json={"model": "stop:1b"}) as answer:
        next(frame for frame in frames(answer) if "digest" in frame)
        topic = answer.headers["X-Topic"]
    asked = time.monotonic()
    assert live.http.post(f"/api/streams/{topic}/stop").json()["success"] is True
    assert engine_server.wait_closed(before + 1)[-1].at - asked < 1.0
    *_, end = frames(live.http.get(f"/api/streams/{topic}"))
    assert (end["type"], end["error"]) == ("failed", "stopped")


@pytest.mark.fault
def test_a_pull_outlives_its_worker(live, engine_server):
    engine_server.pulling(seconds=4.0)
    with live.http.stream("POST", "/api/models/pull", json={"model": "worker:1b"}) as answer:
        got = frames(answer)
        next(frame for frame in got if "completed" in frame)
        live.worker.kill()
        live.worker.wait()
        live.start_worker()
        assert list(got)[-1] == {"status": "success"}
    pull = Pull.objects.get(name="worker:1b")
    assert (pull.status, pull.attempt) == ("ready", 2)
