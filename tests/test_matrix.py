"""Every road and every message of the socket, with somebody else's ids: 404, and nothing happens."""

import json
import re
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client

from chat import answering
from chat.models import Source
from documents.models import Chunk
from localchat.lib.hub import hub
from tests.factories import make_answer, make_conversation, make_document, make_pull
from tests.roads import BODIES, OPEN, QUERIES, ROADS, STAFF, all_roads, fill

# Some roads read in threads of their own, which see nothing of a test's transaction.
concurrent = pytest.mark.django_db(transaction=True)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
NOT_SHOWN = {401, 403, 404}
NOT_A_METHOD = 405
WORD = "Margarethe7331"  # stands in every text of alice's, nowhere else
PREFIXES = {"answer": "writing", "document": "reading", "pull": "pull"}


class Alice:
    """One of everything. Each attribute is what a parameter may be filled with."""

    def __init__(self, user: User) -> None:
        name = f"{WORD}.pdf"
        document = make_document(user, name, [f"A page about {WORD}."], collection=f"{WORD} files")
        reading = make_document(user, f"two-{name}", [f"{WORD}!"], status="reading", attempt=1)
        conversation = make_conversation(user, title=f"On {WORD}")
        texts = {"question": f"Who is {WORD}?", "conversation": conversation}
        answer = make_answer(user, f"{WORD} is [1].", document=document, **texts)
        writing = make_answer(user, f"{WORD} was", status="writing", attempt=1, **texts)
        pull = make_pull(user, f"{WORD.lower()}:1b", status="pulling", attempt=1)
        self.word, self.collection_name = WORD, f"{WORD} files"
        self.document, self.reading, self.pull = document.pk, reading.pk, pull.pk
        self.conversation, self.source = conversation.pk, 1
        self.answer, self.writing = answer.pk, writing.pk
        self.topics = [f"{kind}:{getattr(self, name)}" for kind, name in PREFIXES.items()]

    def urls(self, road: str) -> list[str]:
        """The road with her ids; for topics, once for each kind."""
        wanted = ROADS[road]
        if wanted.get("topic") == "topics":
            return [fill(road, {"topic": topic}) for topic in self.topics]
        return [fill(road, {name: getattr(self, row) for name, row in wanted.items()})]

    def filled(self, value: Any) -> Any:
        """With `{name}` replaced by hers; an id alone becomes a number."""
        if isinstance(value, dict):
            return {key: self.filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if not isinstance(value, str):
            return value
        whole = re.fullmatch(r"\{(\w+)\}", value)
        return getattr(self, whole[1]) if whole else value.format(**vars(self))


def rows() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of ours, by table and key."""
    ours = [
        m
        for app in ("chat", "documents", "models_mgmt")
        for m in apps.get_app_config(app).get_models()
    ]
    tables = {model: model.objects.order_by("pk").values() for model in [*ours, User]}
    return {
        model.__name__: {row["id"]: {k: str(v) for k, v in row.items()} for row in found}
        for model, found in tables.items()
    }


def changed(before: dict, after: dict) -> list[str]:
    """Rows that are not as they were, or are gone. What is bob's own is new and does not count."""
    return [
        f"{table} {key}"
        for table, found in before.items()
        for key, row in found.items()
        if after[table].get(key) != row
    ]


@pytest.fixture
def hers(alice, no_engine, data_folder) -> Alice:
    return Alice(alice)


@pytest.fixture
def bobs(bob, hers) -> Client:
    client = Client()
    client.force_login(bob)
    User.objects.filter(pk=bob.pk).update(last_login=None)
    return client


def closed(answer) -> None:
    """Close what it would stream, without ending a request that the client has ended."""
    for close in getattr(answer, "_resource_closers", []):
        close()


def body_of(answer) -> str:
    content = b"" if answer.streaming else answer.content
    return content.decode(errors="replace") + str(dict(answer.headers))


def test_every_road_is_in_the_table():
    """One that fails here needs its line in tests/roads.py: whose ids does it take?"""
    known = set(ROADS) | OPEN
    assert [road for road in all_roads() if road not in known and not road.startswith(STAFF)] == []


def test_the_table_has_no_road_that_is_gone():
    assert set(ROADS) - set(all_roads()) == set()


def test_every_parameter_is_in_the_table():
    for road, wanted in ROADS.items():
        assert set(re.findall(r"<(?:\w+:)?(\w+)>", road)) == set(wanted), road


@concurrent
@pytest.mark.parametrize("road", [road for road, wanted in ROADS.items() if wanted])
def test_with_alices_ids_bob_finds_nothing(road, hers, bobs):
    before, answered = rows(), set()
    for url in hers.urls(road):
        for method in METHODS:
            answer = bobs.generic(method, url, "{}", content_type="application/json")
            answered.add(answer.status_code)
            assert answer.status_code in {*NOT_SHOWN, NOT_A_METHOD}, f"{method} {url}"
            assert WORD.lower() not in body_of(answer).lower(), f"{method} {url}"
    assert changed(before, rows()) == []
    assert answered & NOT_SHOWN, "no method of this road was met"


@concurrent
@pytest.mark.parametrize("road", [road for road, wanted in ROADS.items() if wanted])
def test_the_same_ids_are_something_to_alice(road, hers, alice_client):
    """Or else the test above would show nothing."""
    answers = set()
    for url in hers.urls(road):
        for method in ("GET", "POST"):
            answer = alice_client.generic(method, url, "{}", content_type="application/json")
            answers.add(answer.status_code)
            closed(answer)
    assert answers & {200, 302, 409}, answers


@pytest.mark.parametrize(
    "road", [r for r, wanted in ROADS.items() if not wanted and r != "logout/"]
)
def test_without_ids_bob_sees_and_changes_only_his_own(road, hers, bobs):
    before = rows()
    for method in METHODS:
        answer = bobs.generic(method, fill(road, {}), "{}", content_type="application/json")
        assert WORD.lower() not in body_of(answer).lower(), f"{method} {road}"
        assert answer.status_code < 500 or answer.status_code in {502, 503}, f"{method} {road}"
    assert changed(before, rows()) == []


@pytest.mark.parametrize("url", QUERIES)
def test_with_alices_names_in_the_query_bob_finds_nothing(url, hers, bobs):
    answer = bobs.get(hers.filled(url))
    assert answer.status_code in {200, *NOT_SHOWN}
    said = body_of(answer).replace(hers.filled(url), "")
    assert f"{WORD}.pdf" not in said
    assert f"about {WORD}" not in said
    assert f"On {WORD}" not in said


@concurrent
@pytest.mark.parametrize(("method", "url", "body"), BODIES)
def test_with_alices_ids_in_the_body_bob_finds_nothing(method, url, body, hers, bobs):
    before, sent = rows(), json.dumps(hers.filled(body))
    answer = bobs.generic(method, url, sent, content_type="application/json")
    assert answer.status_code in {200, *NOT_SHOWN}
    said = body_of(answer).replace(f'"{WORD}"', "")  # a search tells what was searched for
    assert WORD.lower() not in said.lower()
    assert changed(before, rows()) == []


def test_nobody_comes_in_without_a_login(hers, client):
    before = rows()
    for road in all_roads():
        values = {name: getattr(hers, row) for name, row in ROADS.get(road, {}).items()}
        for method in METHODS:
            url = fill(road, values)
            answer = client.generic(method, url, "{}", content_type="application/json")
            check_stranger(road, answer, f"{method} {url}")
    assert changed(before, rows()) == []


def check_stranger(road, answer, asked):
    assert WORD.lower() not in body_of(answer).lower(), asked
    if road in OPEN:
        assert answer.status_code in {200, 405, 503}, asked
    elif road.startswith("api/"):
        assert answer.status_code == 401, asked
    else:
        assert answer.status_code == 302, asked
        assert answer["Location"].startswith("/login/"), asked


def test_the_admin_is_not_there_for_bob(hers, bobs):
    before = rows()
    for road in all_roads():
        if road.startswith(STAFF) and road != "admin/login/":
            for method in METHODS:
                url = fill(road, {"object_id": hers.document, "id": hers.document})
                assert bobs.generic(method, url, "").status_code == 404, f"{method} {url}"
    assert changed(before, rows()) == []


def test_alices_rows_are_compared_at_all(hers):
    before = rows()
    assert {"Document", "Chunk", "Message", "Source", "Pull"} <= {t for t, r in before.items() if r}
    Chunk.objects.update(text="")
    Source.objects.all().delete()
    assert {each.split()[0] for each in changed(before, rows())} == {"Chunk", "Source"}


@concurrent
class TestTheSocket:
    """The same over the websocket, for each type of message."""

    SENT = {
        "ask": [{"ref": "{ref}", "question": "And?", "conversation": "{conversation}"}],
        "follow": [{"topic": "{topic}"}, {"topic": "{topic}", "after": "1-1", "as": "blocks"}],
        "unfollow": [{"topic": "{topic}"}],
        "stop": [{"topic": "{topic}"}],
    }

    def test_every_message_is_in_the_table(self):
        from localchat.consumers import MESSAGES

        assert set(self.SENT) == set(MESSAGES)

    def test_every_kind_of_topic_is_in_the_table(self):
        from localchat.lib import following

        assert set(PREFIXES) == set(following._topics)

    @pytest.fixture(autouse=True)
    async def _finished(self):
        yield
        await answering.finished()
        await hub().close()

    @pytest.fixture
    def as_bob(self, bobs):
        from localchat.asgi import socket_application

        cookie = "; ".join(f"{name}={each.value}" for name, each in bobs.cookies.items())
        headers = [(b"cookie", cookie.encode())]
        return lambda: WebsocketCommunicator(socket_application, "/ws/", headers=headers)

    @pytest.mark.parametrize("kind", SENT)
    async def test_with_alices_ids_bob_is_refused(self, kind, hers, as_bob):
        from channels.db import database_sync_to_async

        before = await database_sync_to_async(rows)()
        socket = as_bob()
        assert (await socket.connect())[0]
        for topic in hers.topics:
            hers.topic, hers.ref = topic, "8a6e0804-2bd0-4672-b79d-d97027f9071a"
            for message in self.SENT[kind]:
                await socket.send_json_to({"type": kind, **hers.filled(message)})
                await self.check(socket, kind)
        await socket.disconnect()
        assert changed(before, await database_sync_to_async(rows)()) == []

    @pytest.mark.parametrize(
        "scope", [{"documents": ["{document}"]}, {"collection": "{collection_name}"}, {}]
    )
    async def test_a_question_about_alices_documents_finds_none(self, scope, hers, as_bob):
        socket = as_bob()
        assert (await socket.connect())[0]
        ask = {"type": "ask", "ref": "8a6e0804-2bd0-4672-b79d-d97027f9071a", "question": WORD}
        await socket.send_json_to({**ask, **hers.filled(scope)})
        told = []
        while not told or told[-1]["type"] not in {"done", "failed"}:
            told.append(await socket.receive_json_from(20))
        await socket.disconnect()
        assert [event["sources"] for event in told if event.get("sources")] == []
        assert f"about {WORD}" not in str(told)

    async def check(self, socket, kind):
        if kind == "unfollow":
            assert await socket.receive_nothing(0.3)
            return
        told = await socket.receive_json_from(5)
        assert (told["type"], told["error"]) == ("refused", "not_found")
        assert WORD.lower() not in str(told).lower()
        assert await socket.receive_nothing(0.2)
