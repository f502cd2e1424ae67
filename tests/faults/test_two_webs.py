"""One of two web processes is killed again and again while fifty answers stream from both."""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.embedded.conftest import Up, long_folder
from tests.engine_server import EngineServer

pytestmark = [pytest.mark.fault, pytest.mark.timeout(1500)]
ROUNDS, STREAMS = 20, 50
ANSWER = " ".join(f"word{n}" for n in range(60))
RATE = 12  # words a second
PATIENCE_SECONDS = 90  # of a follower, for one answer


@pytest.fixture(scope="module")
def program():
    with EngineServer() as engine:
        engine.script(answer=ANSWER, rate=RATE)
        for folder in long_folder():
            facts = {"OLLAMA_HOST": engine.url, "WEB_PROCESSES": "2"}
            up = Up(folder, **facts, DJANGO_SETTINGS_MODULE="localchat.settings")
            yield up.start().ready()
            up.stop()


class Reader:
    """Who asks once and follows to the end, over however many connections that takes."""

    def __init__(self, url):
        self.url, self.topic, self.number, self.conversation = url, "", "", ""
        self.text, self.last, self.ends, self.taken_up = "", "", [], 0

    def ask(self):
        while not self.topic:  # what breaks before it is accepted may be asked again
            try:
                self._listen("POST", "/api/chat", json={"message": "Tell me.", "use_rag": False})
            except httpx.HTTPError:
                time.sleep(0.2)
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not self.ends and time.monotonic() < give_up:
            self.taken_up += 1
            try:
                self._listen("GET", f"/api/streams/{self.topic}", params={"after": self.last})
            except httpx.HTTPError:
                time.sleep(0.2)
        return self

    def _listen(self, method, path, **request):
        client = httpx.Client(base_url=self.url, trust_env=False, timeout=30)
        with client, client.stream(method, path, **request) as answer:
            if answer.status_code != 200:
                time.sleep(0.2)
                return
            if method == "POST":
                self.topic = answer.headers["X-Topic"]
                self.number = answer.headers["X-Message"]
                self.conversation = answer.headers["X-Conversation"]
            for line in answer.iter_lines():
                if line.startswith("id: "):
                    self.last = line[4:]
                elif line.startswith("data: "):
                    self._hear(json.loads(line[6:]))

    def _hear(self, told):
        kind = told.get("type")
        self.text = "" if kind == "restart" else self.text
        self.text += told.get("content", "") if kind is None else ""
        self.text += told["text"] if kind == "token" else ""
        if told.get("done") or kind in {"done", "failed"}:
            self.ends.append(told)


def test_twenty_kills_lose_double_and_halt_nothing(program):
    url, chance = program.facts["url"], random.Random(20)
    lost = doubled = stuck = taken = 0
    began = time.monotonic()
    for _ in range(ROUNDS):
        readers = [Reader(url) for _ in range(STREAMS)]
        with ThreadPoolExecutor(STREAMS) as pool:
            followed = [pool.submit(reader.ask) for reader in readers]
            _until(lambda readers=readers: all(reader.topic for reader in readers), 60)
            time.sleep(chance.uniform(0.2, 3))
            chance.choice(webs(program)).kill()
            for each in followed:
                each.result()
        stored = [_stored(url, reader) for reader in readers]
        stuck += sum(not reader.ends for reader in readers)
        pairs = list(zip(readers, stored, strict=True))
        lost += sum({reader.text, text} != {ANSWER} for reader, (text, _) in pairs)
        doubled += sum(count != 2 or len(reader.ends) > 1 for reader, (_, count) in pairs)
        taken += sum(reader.taken_up > 0 for reader in readers)
        _until(lambda: len(webs(program)) == 2, 30)
    seconds = time.monotonic() - began
    print(  # noqa: T201
        f"{ROUNDS} kills, {ROUNDS * STREAMS} answers in {seconds:.0f} s, {taken} taken up again: "
        f"{lost} lost, {doubled} doubled, {stuck} stuck"
    )
    assert (lost, doubled, stuck) == (0, 0, 0)
    assert taken >= ROUNDS, "hardly an answer was cut"


def webs(program):
    return [each for each in program.children() if "daphne" in " ".join(each.cmdline())]


def _stored(url, reader):
    """The answer as it is kept, and how many messages its conversation has."""
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        message = _json(client, f"/api/messages/{reader.number}")
        conversation = _json(client, f"/api/conversations/{reader.conversation}")
        return message["text"], len(conversation["messages"])


def _json(client, path):
    for _ in range(50):
        try:
            answer = client.get(path)
            if answer.status_code == 200:
                return answer.json()
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError(path)


def _until(holds, seconds):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)
