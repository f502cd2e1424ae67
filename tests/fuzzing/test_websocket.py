"""The websocket hears anything, and goes on serving; thousands who leave at once leave nothing."""

import json
import time
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from localchat.web.consumers import MESSAGES
from tests.fuzzing import websocket_client

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(3600)]

MANY, BATCH = 2000, 50
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda each: some.lists(each, max_size=4) | some.dictionaries(some.text(), each, max_size=4),
    max_leaves=8,
)
TOPICS = some.from_regex(r"(answer|document|pull|index|x)?:?-?[0-9]{0,20}", fullmatch=True)
FIELDS = {
    "ref": some.uuids().map(str) | JSON,
    "question": some.just("And?") | JSON,
    "topic": TOPICS | JSON,
    "after": some.from_regex(r"[0-9]{0,20}-?[0-9]{0,20}", fullmatch=True) | JSON,
    "as": some.sampled_from(["text", "blocks"]) | JSON,
}
OTHERS = ("conversation", "model", "documents", "collection", "use_documents", "history")
MESSAGE = some.fixed_dictionaries(
    {"type": some.sampled_from(sorted(MESSAGES)) | JSON},
    optional=FIELDS | dict.fromkeys(OTHERS, JSON),
)
SAID = (MESSAGE | JSON).map(lambda each: json.dumps(each).encode()) | some.binary(max_size=200)
LAST = {"type": "follow", "topic": "answer:987654321", "as": "text"}


def check_serves(line):
    """It tells of a topic that is not there."""
    line.sendall(websocket_client.frame(json.dumps(LAST).encode()))
    while True:
        kind, payload = websocket_client.received(line)
        assert kind != websocket_client.CLOSE, payload
        told = json.loads(payload) if kind == websocket_client.TEXT else {}
        if told.get("topic") == LAST["topic"]:
            assert told["error"] == "not_found"
            return


def test_whatever_is_said_the_socket_goes_on(live, seconds):
    @settings(
        max_examples=50,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # to make a failing example smaller has no end of time
        suppress_health_check=list(HealthCheck),
    )
    @given(said=some.lists(SAID, max_size=8), as_binary=some.booleans())
    def hears(said, as_binary):
        with websocket_client.opened(live.port) as line:
            assert websocket_client.status(line) == 101
            for each in said:
                is_text = not as_binary and _is_utf8(each)
                line.sendall(websocket_client.frame(each, 1 if is_text else 2))
            check_serves(line)

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        hears()
    assert "Traceback" not in live.log()


def _is_utf8(said):
    try:
        said.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_two_thousand_sockets_that_are_aborted_leave_nothing(crowded, engine_server):
    engine_server.script(answer="It rains.")
    with ExitStack() as stack:
        for _ in range(MANY // BATCH):  # a handshake has five seconds
            lines = [websocket_client.opened(crowded.port) for _ in range(BATCH)]
            for line in lines:
                stack.callback(websocket_client.abort, line)
            assert {websocket_client.status(line) for line in lines} == {101}
    told = crowded.http.post("/api/chat", json={"message": "And?", "use_rag": False})
    assert told.status_code == 200
    assert '"done": true' in told.text
    with websocket_client.opened(crowded.port) as line:
        assert websocket_client.status(line) == 101
        check_serves(line)
    assert "Traceback" not in crowded.log()


def test_handshakes_that_are_left_in_the_middle_leave_nothing(crowded):
    for _ in range(MANY // 4):
        websocket_client.abort(websocket_client.opened(crowded.port))
    assert crowded.http.get("/readyz").status_code == 200
    assert "Traceback" not in crowded.log()
