"""A stream outlives its reader, and the death of the web process costs a restart, not the answer."""

import json
import time

import httpx
import pytest

from tests.embedded.conftest import Up, long_folder
from tests.engine_server import EngineServer

pytestmark = [pytest.mark.fault, pytest.mark.timeout(180)]
ANSWER = " ".join(f"word{n}" for n in range(160))


@pytest.fixture(scope="module")
def engine():
    with EngineServer() as server:
        yield server


@pytest.fixture(scope="module")
def program(engine):
    for folder in long_folder():
        facts = {"OLLAMA_HOST": engine.url, "ENGINE_SLOTS": "1"}
        up = Up(folder, **facts, DJANGO_SETTINGS_MODULE="localchat.settings")
        yield up.start().ready()
        up.stop()


@pytest.fixture
def connect(program):
    """Clients of the program, closed at the end."""
    made = []

    def connect():
        made.append(Client(program))
        return made[-1]

    yield connect
    for client in made:
        client.close()


class Client:
    """Like curl: it may hang up in the middle."""

    def __init__(self, program):
        self.http = httpx.Client(base_url=program.facts["url"], trust_env=False, timeout=60)

    def close(self):
        self.http.close()

    def begin(self, question):
        """Hang up at once; the message's number."""
        asked = {"message": question, "use_rag": False}
        with self.http.stream("POST", "/api/chat", json=asked) as answer:
            return answer.headers["X-Message"]

    def ask(self, seconds):
        """Ask and read for so long; the message's number, its topic and the frames."""
        frames = []
        asked = {"message": "Tell me.", "use_rag": False}
        with self.http.stream("POST", "/api/chat", json=asked) as answer:
            end = time.monotonic() + seconds
            for frame in _frames(answer.iter_lines()):
                frames.append(frame)
                if time.monotonic() > end:
                    break
        return answer.headers["X-Message"], answer.headers["X-Topic"], frames

    def take_up(self, topic, after):
        with self.http.stream("GET", f"/api/streams/{topic}", params={"after": after}) as answer:
            return list(_frames(answer.iter_lines()))

    def message(self, number):
        return self.http.get(f"/api/messages/{number}").json()


def _frames(lines):
    event_id = ""
    for line in lines:
        if line.startswith("id: "):
            event_id = line[4:]
        if line.startswith("data: "):
            yield event_id, json.loads(line[6:])


def heard(head, tail):
    """What a reader of both has at the end."""
    text = "".join(body.get("content", "") for _, body in head)
    for _, event in tail:
        text = "" if event["type"] == "restart" else text
        text += event["text"] if event["type"] == "token" else ""
    return text


def test_head_and_tail_are_the_stored_answer(program, engine, connect):
    engine.script(answer=ANSWER, rate=20)
    client = connect()
    number, topic, head = client.ask(2)
    time.sleep(1)
    tail = client.take_up(topic, head[-1][0])
    assert heard(head, tail) == client.message(number)["text"] == ANSWER
    assert not any(event["type"] == "restart" for _, event in tail)


def test_so_are_they_when_the_web_process_was_killed_between(program, engine, connect):
    engine.script(answer=ANSWER, rate=20)
    client = connect()
    number, topic, head = client.ask(2)
    program.part("daphne").kill()
    time.sleep(0.5)
    client = connect()
    tail = client.take_up(topic, head[-1][0])
    assert any(event["type"] == "restart" for _, event in tail)
    assert tail[-1][1]["type"] == "done"
    assert heard(head, tail) == client.message(number)["text"] == ANSWER


def test_stop_closes_the_engines_connection_within_a_second(program, engine, connect):
    engine.script(answer=ANSWER, rate=20)
    engine.closed.clear()
    client = connect()
    number, topic, _ = client.ask(1)
    began = time.monotonic()
    assert client.http.post(f"/api/streams/{topic}/stop").json() == {"success": True}
    (closed,) = engine.wait_closed(seconds=2)
    assert closed.at - began < 1
    time.sleep(0.5)
    assert client.message(number)["status"] == "stopped"


def test_who_waits_in_line_keeps_the_place_when_the_web_process_is_killed(program, engine, connect):
    engine.script(answer=ANSWER, rate=160)
    engine.script_once(answer=ANSWER, rate=10)
    engine.requests.clear()
    engine.peak = 0
    client = connect()
    asked = []
    for question in ("One?", "Two?", "Three?"):
        asked.append(client.begin(question))
        time.sleep(0.7)
    assert len(engine.asked("/api/chat")) == 1
    program.part("daphne").kill()
    client = connect()
    end = time.monotonic() + 60
    while any(client.message(number)["status"] == "writing" for number in asked):
        assert time.monotonic() < end
        time.sleep(0.5)
    assert [client.message(number)["text"] for number in asked] == [ANSWER] * 3
    questions = [body["messages"][-1]["content"] for body in engine.asked("/api/chat")]
    assert questions[:4] == ["One?", "One?", "Two?", "Three?"]
    assert engine.peak == 1
