"""API keys: made and revoked on a page, shown once, and what they open ends with them."""

import json
import re
import shlex
import subprocess
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from channels.db import database_sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import AsyncClient, RequestFactory
from django.utils import timezone

from chat import answering
from localchat.accounts import api_keys
from localchat.accounts.gate import OWNER, Gate
from localchat.accounts.middleware import visitor
from localchat.accounts.models import ApiKey
from localchat.accounts.peers import CannotTell
from localchat.lib.errors import BadRequest
from localchat.lib.hub import hub
from tests.accounts.test_gate import house
from tests.asgi import request
from tests.factories import make_document
from tests.live import ROOT
from tests.test_matrix import closed

SECONDS = 2.0


def bearer(token):
    return {"authorization": f"Bearer {token}"}


def made_on_the_page(client, **form):
    page = client.post("/api-keys/", {"name": "notes", "scopes": ["read"], "lasts": "30", **form})
    found = re.search(r'id="api-key">(lc_[\w-]{43})<', page.content.decode())
    return page, found and found[1]


def test_a_key_is_made_on_a_page_and_shown_once(alice_client, client):
    page, token = made_on_the_page(alice_client)
    assert page["Cache-Control"].startswith("max-age=0")
    assert client.get("/api/documents", headers=bearer(token)).json() == []
    again = alice_client.get("/api-keys/").content.decode()
    assert "notes" in again
    assert token not in again
    assert token not in str(list(ApiKey.objects.values()))


def test_the_page_is_linked_where_the_accounts_other_pages_are(alice_client):
    assert 'href="/api-keys/"' in alice_client.get("/").content.decode()


def test_a_key_is_revoked_on_the_page_at_once(alice_client, client):
    _, token = made_on_the_page(alice_client)
    key = ApiKey.objects.get()
    alice_client.post(f"/api-keys/{key.pk}/revoke/")
    answer = client.get("/api/documents", headers=bearer(token))
    assert (answer.status_code, answer.json()["error"]) == (401, "bad_key")
    assert "revoked" in alice_client.get("/api-keys/").content.decode()


def test_a_key_for_some_collections_is_made_on_the_page(alice, alice_client, client):
    wanted = make_document(alice, "wanted.pdf", collection="Contracts")
    make_document(alice, "other.pdf", ["Something else."])
    _, token = made_on_the_page(alice_client, collections=[wanted.collection_id])
    found = client.get("/api/documents", headers=bearer(token)).json()
    assert [each["name"] for each in found] == ["wanted.pdf"]
    wanted.delete()
    wanted.collection.delete()
    assert client.get("/api/documents", headers=bearer(token)).json() == []
    assert "a deleted collection" in alice_client.get("/api-keys/").content.decode()


def test_nobody_makes_a_key_for_anothers_collection(alice, bob_client):
    hers = make_document(alice)
    page, token = made_on_the_page(bob_client, collections=[hers.collection_id])
    assert (page.status_code, token) == (404, None)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    "form", [{"scopes": []}, {"scopes": ["root"]}, {"name": " "}, {"lasts": "9"}]
)
def test_a_form_that_makes_no_sense_makes_no_key(alice_client, form):
    page, token = made_on_the_page(alice_client, **form)
    assert (page.status_code, token) == (400, None)


@pytest.mark.parametrize("path", ["/api/openapi.json", "/v1/openapi.json"])
def test_the_descriptions_say_how_a_key_is_sent(alice_client, path):
    told = alice_client.get(path).json()
    assert told["components"]["securitySchemes"]["Bearer"] == {"type": "http", "scheme": "bearer"}
    open_to_all = {"/api/auth/login"}
    for road, methods in told["paths"].items():
        for each in methods.values():
            assert ("security" in each) == (road not in open_to_all), road


def test_its_last_use_is_written_once_a_minute(alice, client):
    made = api_keys.make(alice, "notes", ["read"])
    client.get("/api/documents", headers=bearer(made.token))
    first = ApiKey.objects.get().last_used
    assert timezone.now() - first < timedelta(seconds=10)
    client.get("/api/documents", headers=bearer(made.token))
    assert ApiKey.objects.get().last_used == first
    ApiKey.objects.update(last_used=first - timedelta(seconds=61))
    client.get("/api/documents", headers=bearer(made.token))
    assert ApiKey.objects.get().last_used >= first


@pytest.mark.django_db(transaction=True)
def test_a_key_for_a_collection_adds_to_no_other(alice, client):
    made = make_document(alice, collection="Contracts")
    key = api_keys.make(alice, "scanner", ["ingest"], collections=[made.collection_id])
    with pytest.raises(BadRequest):
        api_keys.make(alice, "scanner", [])
    sent = {"files": SimpleUploadedFile("letter.txt", b"Dear all."), "collection": "Elsewhere"}
    closed(client.post("/api/documents/upload", sent, headers=bearer(key.token)))
    assert [each.name for each in alice.collections.all()] == ["Contracts"]
    assert alice.documents.count() == 1


async def asked(token, body):
    client, kind = AsyncClient(), "application/json"
    return await client.post("/api/chat", body, content_type=kind, headers=bearer(token))


@pytest.mark.django_db(transaction=True)
class TestStreams:
    @pytest.fixture(autouse=True)
    async def _finished(self, alice):
        yield
        await database_sync_to_async(alice.conversations.all().delete)()
        await answering.finished()
        await hub().close()

    async def ended_after(self, token, engine_server, leave, *, rate):
        """Seconds from `leave` to the end of an answer's stream."""
        engine_server.script(answer="word " * 400, rate=rate)
        body = json.dumps({"message": "Go on.", "use_rag": False})
        answer = await asked(token, body)
        assert answer.status_code == 200
        left = None
        async for _ in answer.streaming_content:
            if left is None:
                await database_sync_to_async(leave)()
                left = time.monotonic()
        return time.monotonic() - left

    @pytest.mark.parametrize("rate", [20, 0.1])
    async def test_a_stream_ends_soon_after_its_key_was_revoked(self, alice, engine_server, rate):
        made = await database_sync_to_async(api_keys.make)(alice, "notes", ["ask"])
        seconds = await self.ended_after(
            made.token, engine_server, lambda: api_keys.revoke(alice, made.key.pk), rate=rate
        )
        assert seconds < SECONDS

    async def test_a_stream_ends_with_the_time_of_its_key(self, alice, engine_server):
        soon = timezone.now() + timedelta(seconds=1)
        made = await database_sync_to_async(api_keys.make)(alice, "notes", ["ask"], expires=soon)
        seconds = await self.ended_after(made.token, engine_server, lambda: None, rate=0.1)
        assert seconds < 1 + SECONDS

    async def test_revoking_one_key_leaves_what_another_has_open(self, alice, engine_server):
        make = database_sync_to_async(api_keys.make)
        made, other = await make(alice, "notes", ["ask"]), await make(alice, "old", ["ask"])
        engine_server.script(answer="word " * 20, rate=20)
        answer = await asked(made.token, json.dumps({"message": "Go on.", "use_rag": False}))
        await database_sync_to_async(api_keys.revoke)(alice, other.key.pk)
        told = [piece async for piece in answer.streaming_content]
        assert b'"done": true' in told[-1]


def test_the_owners_own_connection_may_send_any_key(owner, settings):
    """As clients do that insist on one; a key of ours counts, with its scopes."""

    def status(path, token):
        request = RequestFactory().get(path, headers=bearer(token))
        request.scope = {OWNER: True}
        return visitor(lambda _: HttpResponse("in"))(request).status_code

    made = api_keys.make(owner, "notes", ["ask"])
    assert status("/api/documents", "sk-none") == 200
    assert status("/api/documents", made.token) == 403
    assert status("/api/models", made.token) == 200
    assert status("/api/models", "lc_" + "x" * 43) == 401


async def test_where_a_connection_tells_nothing_a_key_may_try(ends, data_folder):
    async def whose(peer, ours):
        raise CannotTell

    gate, headers = Gate(house, whose), {"authorization": "Bearer lc_some"}
    assert (await request(gate, "/api/models", ends, headers=headers)).status == 200
    assert (await request(gate, "/", ends, headers=headers)).status == 401


def test_the_readmes_curl_lines_work_with_a_key(live_login, engine_server, alice):
    """Word for word but for the address and the header. What the others begin needs a worker."""
    engine_server.script(answer="Hello.")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.startswith("    curl ")]
    assert [urlsplit(shlex.split(line)[3]).path for line in lines] == [
        "/api/documents/upload",
        "/api/chat",
        "/api/models/pull",
    ]
    asked = shlex.split(lines[1].replace("http://localhost:8000", live_login.url))
    header = ["-H", f"Authorization: Bearer {api_keys.make(alice, 'curl', ['ask']).token}"]
    told = subprocess.run([*asked, *header], capture_output=True, check=True).stdout
    assert b'"done": true' in told
    assert b"login_required" in subprocess.run(asked, capture_output=True, check=True).stdout
