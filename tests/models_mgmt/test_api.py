"""Models over HTTP, as the original's clients know it."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from localchat.lib.hub import hub
from models_mgmt import choosing, requesting
from models_mgmt.models import Pull
from tests.models_mgmt.pulls import in_background, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _forgetful():
    choosing.forget()


@pytest.fixture
def many_people(settings):
    settings.OWNER_MODE = False


@pytest.fixture
async def staff_async(alice, alice_async):
    def promote():
        alice.is_staff = True
        alice.save()
        alice.user_permissions.add(Permission.objects.get(codename="add_pull"))

    await sync_to_async(promote)()
    return alice_async


def post(client, road, **body):
    return client.post(f"/api/models{road}", body, content_type="application/json")


def remove(client, name):
    body = {"model": name}
    return client.delete("/api/models/delete", body, content_type="application/json")


async def pull_frames(client, name, work=in_background):
    """The frames of one pull; `work` does it once the row is there."""
    answer = await client.post("/api/models/pull", {"model": name}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "text/event-stream"
    pull = await Pull.objects.alatest("pk")
    assert answer["X-Topic"] == pull.topic
    thread = await asyncio.to_thread(work, pull)
    text = b"".join([chunk async for chunk in answer]).decode()
    await asyncio.to_thread(thread.join, 10)
    await hub().close()
    lines = [line for line in text.split("\n") if line.startswith("data: ")]
    return [json.loads(line.removeprefix("data: ")) for line in lines]


@pytest.mark.parametrize("road", ["", "/"])
def test_the_list_has_the_originals_fields_and_more(alice_client, ollama, road):
    body = alice_client.get(f"/api/models{road}").json()
    assert (body["success"], body["problems"]) == (True, [])
    chat = next(model for model in body["models"] if model["name"] == "tiny-chat:latest")
    assert {"name", "size", "modified_at", "digest"} <= set(chat)
    assert chat["capabilities"] == ["completion", "tools"]
    assert chat["engine"] == "ollama"


def test_without_an_engine_the_list_is_empty_and_says_why(alice_client, engine_down):
    answer = alice_client.get("/api/models/")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["success"], body["models"]) == (False, [])
    assert "http://127.0.0.1:9" in body["problems"][0]


def test_everybody_has_an_active_model_of_their_own(many_people, alice_client, bob_client, ollama):
    answer = post(alice_client, "/active", model="tiny-think")
    assert answer.json() == {"success": True, "model": "tiny-think:latest"}
    assert alice_client.get("/api/models/active").json() == {"model": "tiny-think:latest"}
    assert bob_client.get("/api/models/active").json() == {"model": "tiny-chat:latest"}


def test_no_model_at_all_is_null(alice_client, engine_down):
    assert alice_client.get("/api/models/active").json() == {"model": None}


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("nothing", 404, "model_missing"),
        ("tiny-embed", 400, "bad_request"),
        ("", 400, "bad_request"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_in_a_sentence(alice_client, ollama, name, status, code):
    answer = post(alice_client, "/active", model=name)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["message"].endswith(".")


async def test_a_pull_streams_the_engines_own_objects(staff_async, ollama):
    frames = await pull_frames(staff_async, "llama3.2:1b")
    assert frames[0] == {"status": "pulling manifest"}
    assert frames[-1] == {"status": "success"}
    assert frames.count({"status": "success"}) == 1
    layer = next(frame for frame in frames if frame.get("completed"))
    assert set(layer) == {"status", "digest", "completed", "total"}


async def test_a_pull_without_an_engine_is_one_error_frame(staff_async, engine_down):
    (frame,) = await pull_frames(staff_async, "llama3.2:1b")
    assert frame["error"] == "engine_unreachable"
    assert "http://127.0.0.1:9" in frame["message"]


async def test_a_stopped_pull_ends_its_stream_with_an_error_frame(staff_async, ollama):
    ollama.pulling(stall_at=0.3)

    def stopped(pull):
        thread = in_background(pull)
        until(lambda: ollama.partial)
        requesting.stop(pull)
        connection.close()
        return thread

    frames = await pull_frames(staff_async, "llama3.2:1b", stopped)
    assert frames[-1]["error"] == "stopped"


async def test_hanging_up_stops_nothing(staff_async, ollama):
    body = {"model": "llama3.2:1b"}
    answer = await staff_async.post("/api/models/pull", body, content_type="application/json")
    frames = aiter(answer)
    await anext(frames)
    await frames.aclose()
    pull = await Pull.objects.aget()
    await asyncio.to_thread(in_background(pull).join, 10)
    await pull.arefresh_from_db()
    assert pull.status == "ready"
    await hub().close()


@pytest.mark.parametrize("name", ["", "a b", "gpt-oss:120b-cloud"])
async def test_a_bad_name_is_a_plain_400(staff_async, name):
    answer = await staff_async.post(
        "/api/models/pull", {"model": name}, content_type="application/json"
    )
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "message"}


def test_only_staff_may_pull_remove_and_unload(many_people, bob_client, ollama):
    for answer in (
        post(bob_client, "/pull", model="llama3.2:1b"),
        post(bob_client, "/unload", model="tiny-chat"),
        remove(bob_client, "tiny-chat"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")
    assert "tiny-chat:latest" in ollama.stock.models
    assert not Pull.objects.exists()


def test_a_model_is_removed(owner_client, ollama):
    assert remove(owner_client, "tiny-chat").json()["success"] is True
    assert "tiny-chat:latest" not in ollama.stock.models
    assert remove(owner_client, "tiny-chat").status_code == 404


def test_a_model_is_tried_by_a_word(owner_client, ollama):
    ollama.script(answer="Hello, I am working!")
    answer = post(owner_client, "/test", model="tiny-chat").json()
    assert answer["result"] == "Hello, I am working!"
    assert 0 < answer["seconds"] < 5


def test_an_embedding_model_is_tried_by_embedding(owner_client, ollama):
    assert "384 numbers" in post(owner_client, "/test", model="tiny-embed").json()["result"]


def test_a_model_that_fails_is_told_in_the_one_shape(owner_client, ollama):
    ollama.script(status=500)
    answer = post(owner_client, "/test", model="tiny-chat")
    assert answer.status_code == 502
    assert set(answer.json()) == {"error", "message"}


def test_what_is_loaded_is_told_and_unloaded(owner_client, ollama):
    post(owner_client, "/test", model="tiny-chat")
    (loaded,) = owner_client.get("/api/models/loaded").json()["models"]
    assert loaded["name"] == "tiny-chat:latest"
    assert post(owner_client, "/unload", model="tiny-chat").json()["success"] is True
    assert owner_client.get("/api/models/loaded").json() == {"models": []}


def test_the_built_in_model_is_not_removed_or_unloaded(owner_client, builtin_weights):
    name = "all-minilm-l6-v2"
    for answer in (remove(owner_client, name), post(owner_client, "/unload", model=name)):
        assert answer.status_code == 409
        assert answer.json()["message"].startswith(name)


def test_nobody_gets_nothing():
    for road in ("", "/active", "/loaded"):
        assert Client().get(f"/api/models{road}").status_code == 401
