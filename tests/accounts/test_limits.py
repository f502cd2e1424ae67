"""What each person may do in an hour, keep and have open, with one clear answer to what is more."""

import json
import time
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chat import asking
from chat.question_parsing import Wish
from localchat.accounts import api_keys
from localchat.accounts.limits import rates, sockets
from localchat.asgi import socket_application
from localchat.lib.errors import LimitReached, NotCounted
from tests.web.test_consumers import Socket, _cookie


@pytest.fixture(autouse=True)
def _several(settings):
    settings.OWNER_MODE = False


def posted(client, road, body):
    return client.post(road, json.dumps(body), content_type="application/json")


def test_without_a_setting_nothing_is_limited(alice, settings):
    for _ in range(50):
        rates.count_questions(alice, 1)
        rates.count_upload(alice)


def test_each_person_has_a_count_of_their_own(alice, bob, settings):
    settings.QUESTIONS_PER_HOUR = 3
    rates.count_questions(alice, 3)
    rates.count_questions(bob, 1)
    with pytest.raises(LimitReached, match=r"takes 3 questions an hour.*again in 60 minutes"):
        rates.count_questions(alice, 1)
    with pytest.raises(LimitReached):
        rates.count_questions(bob, 3)  # with which none is counted
    rates.count_questions(bob, 2)


def test_an_owner_who_works_alone_has_no_limits(owner, settings):
    settings.OWNER_MODE, settings.QUESTIONS_PER_HOUR, settings.SOCKETS_PER_USER = True, 1, 1
    rates.count_questions(owner, 9)
    assert not sockets.limited()


def test_where_nobody_can_count_it_is_said(alice, settings):
    settings.UPLOADS_PER_HOUR, settings.REDIS_URL = 1, "redis://127.0.0.1:9"
    with pytest.raises(NotCounted):
        rates.count_upload(alice)


def test_a_question_that_is_sent_again_counts_once(alice, settings, no_engine):
    settings.QUESTIONS_PER_HOUR, ref = 1, uuid4()
    first, made = asking.store(alice, "When?", Wish(), ref, None)
    again, made_again = asking.store(alice, "When?", Wish(), ref, None)
    assert (first.pk, made, made_again) == (again.pk, True, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("road", "body"),
    [
        ("/api/chat", {"message": "When?"}),
        ("/v1/chat/completions", {"model": "", "messages": [{"role": "user", "content": "When?"}]}),
        ("/ollama/api/chat", {"model": "x", "messages": [{"role": "user", "content": "When?"}]}),
    ],
)
def test_every_road_of_questions_says_when_to_try_again(
    road, body, alice, client, settings, engine_server
):
    settings.QUESTIONS_PER_HOUR = 1
    rates.count_questions(alice, 1)
    token = api_keys.make(alice, "a tool", ["ask"]).token
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    answer = posted(client, road, body)
    assert answer.status_code == 429
    assert "takes 1 questions an hour" in answer.content.decode()
    assert 3500 < int(answer["Retry-After"]) <= 3600
    assert not alice.conversations.exists()


@pytest.mark.django_db(transaction=True)
async def test_the_socket_and_the_mcp_server_say_it_too(alice, settings):
    settings.QUESTIONS_PER_HOUR = 1
    await database_sync_to_async(rates.count_questions)(alice, 1)
    cookie = await database_sync_to_async(_cookie)(alice)
    socket = Socket(socket_application, "/ws/", headers=[(b"cookie", cookie)])
    assert (await socket.connect())[0]
    await socket.say(type="ask", ref=str(uuid4()), question="When?")
    [refused] = await socket.hear("refused")
    assert refused["error"] == "limit_reached"
    await socket.disconnect()
    tools = pytest.importorskip("localchat.web.mcp.tools")
    tools.caller.set(tools.Caller(alice, None))
    with pytest.raises(tools.ToolError, match="1 questions an hour"):
        await tools.ask("When?")


def test_the_page_says_it_too(alice, alice_client, settings):
    settings.QUESTIONS_PER_HOUR = 1
    rates.count_questions(alice, 1)
    answer = alice_client.post("/", {"question": "When?"})
    assert answer.status_code == 429
    assert "takes 1 questions an hour" in answer.content.decode()


def upload(client, *names):
    files = [SimpleUploadedFile(name, f"About {name}".encode()) for name in names]
    return client.post("/api/documents/upload", {"files": files})


@pytest.mark.django_db(transaction=True)
def test_uploads_in_an_hour_are_limited(alice, alice_client, settings):
    settings.UPLOADS_PER_HOUR = 1
    page = alice_client.post(
        "/documents/",
        {"files": [SimpleUploadedFile(f"{n}.txt", b"Dear all %d" % n) for n in range(2)]},
    )
    assert "1.txt: This server takes 1 files an hour" in page.content.decode()
    answer = upload(alice_client, "c.txt")
    assert (answer.status_code, answer.json()["error"]) == (429, "limit_reached")
    assert answer["Retry-After"]
    assert alice.documents.count() == 1


def test_the_admin_tells_it_on_a_page(db, settings):
    settings.STORAGE_BYTES_PER_USER = 5
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="root-has-a-password"))
    sent = {"file": SimpleUploadedFile("a.txt", b"Dear all."), "collection": ""}
    answer = client.post("/admin/documents/document/add/", sent)
    assert answer.status_code == 413
    assert "Delete some first" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_a_person_keeps_is_limited(alice, alice_client, bob_client, settings):
    settings.STORAGE_BYTES_PER_USER = 20
    page = {"files": [SimpleUploadedFile("a.txt", b"x" * 15)]}
    assert alice_client.post("/documents/", page).status_code == 302
    answer = upload(alice_client, "b.txt")
    assert (answer.status_code, answer.json()["error"]) == (413, "storage_full")
    assert "Delete some first" in answer.json()["message"]
    page = {"files": [SimpleUploadedFile("again.txt", b"x" * 15)]}  # the same bytes take no more
    assert alice_client.post("/documents/", page).status_code == 302
    alice_client.post(f"/documents/{alice.documents.first().pk}/delete/")
    alice_client.post(f"/documents/{alice.documents.first().pk}/delete/")
    page = {"files": [SimpleUploadedFile("b.txt", b"y" * 15)]}
    assert alice_client.post("/documents/", page).status_code == 302


@pytest.mark.django_db(transaction=True)
async def test_sockets_at_once_are_limited_and_a_place_is_free_again(alice, settings):
    settings.SOCKETS_PER_USER = 1
    cookie = await database_sync_to_async(_cookie)(alice)

    def socket():
        return WebsocketCommunicator(socket_application, "/ws/", headers=[(b"cookie", cookie)])

    first, second, third = socket(), socket(), socket()
    assert (await first.connect())[0]
    assert (await second.connect())[0]
    said = await second.receive_json_from()
    assert (said["type"], said["error"]) == ("refused", "limit_reached")
    assert "keeps 1 page open" in said["message"]
    assert (await second.receive_output())["code"] == 4429
    await first.disconnect()
    assert (await third.connect())[0]
    assert await third.receive_nothing()
    await third.disconnect()


def test_a_place_of_a_process_that_died_is_free_again(alice, settings):
    settings.SOCKETS_PER_USER = 1
    sockets.take_place(alice, "alive")
    with pytest.raises(LimitReached):
        sockets.take_place(alice, "new")
    with sockets._redis() as store:
        store.zadd(sockets._key(alice), {"alive": time.time() - 1})  # not kept any more
    sockets.take_place(alice, "new")
