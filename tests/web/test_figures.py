"""A key for an hour by name and password, and figures for those who keep the server."""

import pytest
from django.utils import timezone

from localchat.accounts import api_keys
from localchat.accounts.models import ApiKey
from tests.factories import make_document


def bearer(token):
    return {"authorization": f"Bearer {token}"}


def log_in(client, **facts):
    return client.post("/api/auth/login", facts, content_type="application/json")


def test_name_and_password_give_a_key_for_an_hour(alice, client):
    told = log_in(client, username="alice", password="alice-has-a-password").json()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 3600)
    who = client.get("/api/auth/verify", headers=bearer(told["access_token"])).json()
    assert (who["username"], who["valid"]) == ("alice", True)
    left = ApiKey.objects.get().expires - timezone.now()
    assert 3500 < left.total_seconds() <= 3600
    assert client.get("/api/auth/verify").status_code == 401


def test_wrong_passwords_are_counted_as_on_the_page(alice, client):
    wrong = [log_in(client, username="alice", password="no").status_code for _ in range(6)]
    assert wrong == [401] * 5 + [429]
    assert log_in(client, username="alice").status_code == 400


def test_health_says_what_is_down(alice_client, engine_server, settings):
    assert alice_client.get("/api/health").json()["status"] == "healthy"
    settings.OLLAMA_HOST = "http://127.0.0.1:9"
    told = alice_client.get("/api/health").json()
    assert (told["status"], told["checks"]["ollama"]["status"]) == ("degraded", "down")
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    answer = alice_client.get("/api/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "unhealthy")


@pytest.mark.parametrize("path", ["/metrics", "/api/metrics"])
def test_figures_are_for_keepers_and_their_keys(path, alice, owner, owner_client, client):
    make_document(alice)
    assert b"localchat_documents{status=" in owner_client.get(path).content.replace(b"\\", b"")
    key = api_keys.make(owner, "prometheus", ["admin"]).token
    assert client.get(path, headers=bearer(key)).status_code == 200
    hers = api_keys.make(alice, "prometheus", ["admin"]).token
    assert client.get(path, headers=bearer(hers)).status_code == 403
