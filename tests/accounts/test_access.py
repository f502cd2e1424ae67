"""Who comes through the whole program: the gate, Django and the socket together."""

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from localchat.accounts import access
from localchat.accounts.gate import OWNER
from tests.asgi import knock, request
from tests.factories import make_conversation

pytestmark = pytest.mark.django_db(transaction=True)


@database_sync_to_async
def session_of(user) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    return {"cookie": "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())}


async def test_whoever_runs_it_is_the_owner(gated, ends):
    answer = await request(gated, "/api/conversations", ends)
    assert (answer.status, answer.json()) == (200, [])
    assert [user.username async for user in User.objects.all()] == ["owner"]
    owner = await User.objects.aget()
    assert owner.is_superuser
    assert not owner.has_usable_password()


async def test_the_owners_socket_is_open(gated, ends):
    assert (await knock(gated, ends))["type"] == "websocket.accept"


async def test_a_session_makes_nobody_else_of_the_owner(gated, ends, alice):
    await database_sync_to_async(make_conversation)(alice)
    answer = await request(gated, "/api/conversations", ends, headers=await session_of(alice))
    assert answer.json() == []


async def test_the_scope_cannot_be_told_by_a_header(gated, ends, public):
    headers = {"host": "chat.example.org", OWNER: "1", "x-localchat-owner": "1"}
    assert (await request(gated, "/api/documents", ends, headers=headers)).status == 401


class TestWithAPublicAddress:
    @pytest.fixture(autouse=True)
    def _public(self, public, ends):
        self.host = {"host": "chat.example.org"}

    async def test_a_local_connection_is_nothing_special(self, gated, ends):
        assert (await request(gated, "/api/documents", ends, headers=self.host)).status == 401
        page = await request(gated, "/", ends, headers=self.host)
        assert (page.status, page.headers["location"]) == (302, "/login/?next=/")
        assert (await knock(gated, ends, headers=self.host))["type"] == "websocket.close"

    async def test_who_is_logged_in_comes_in(self, gated, ends, alice):
        headers = {**self.host, **await session_of(alice), "origin": "https://chat.example.org"}
        assert (await request(gated, "/api/documents", ends, headers=headers)).status == 200
        assert (await knock(gated, ends, headers=headers))["type"] == "websocket.accept"

    @pytest.mark.parametrize("host", ["127.0.0.1", "evil.test", "chat.example.org.evil.test", ""])
    async def test_another_name_is_told_the_right_one(self, gated, ends, host):
        answer = await request(gated, "/", ends, headers={"host": host, "accept": "text/html"})
        assert answer.status == 400
        assert "expects chat.example.org" in answer.text
        assert "LOCALCHAT_PUBLIC_URL" in answer.text
        assert (await knock(gated, ends, headers={"host": host}))["code"] == 4403

    async def test_the_usual_port_may_be_said(self, gated, ends):
        headers = {"host": "chat.example.org:443"}
        assert (await request(gated, "/api/documents", ends, headers=headers)).status == 401

    @pytest.mark.parametrize(
        "foreign",
        [
            {"origin": "https://evil.test"},
            {"origin": "http://chat.example.org"},
            {"origin": "https://chat.example.org:8443"},
            {"origin": "https://sub.chat.example.org"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ],
    )
    async def test_another_site_changes_nothing_with_alices_session(
        self, gated, ends, alice, foreign
    ):
        conversation = await database_sync_to_async(make_conversation)(alice)
        headers = {**self.host, **await session_of(alice), **foreign}
        road = f"/api/conversations/{conversation.pk}"
        answer = await request(gated, road, ends, method="DELETE", headers=headers)
        assert answer.status == 403
        assert await alice.conversations.acount() == 1
        assert (await knock(gated, ends, headers=headers))["type"] == "websocket.close"

    async def test_a_session_that_ended_opens_no_socket(self, gated, ends, alice):
        headers = {**self.host, **await session_of(alice)}
        await Session.objects.all().adelete()
        assert (await knock(gated, ends, headers=headers))["type"] == "websocket.close"

    async def test_health_needs_neither_login_nor_name(self, gated, ends):
        answer = await request(gated, "/healthz", ends, headers={"host": "10.0.0.7:8000"})
        assert answer.status == 200


class TestOnTheNetworkWithoutAPublicAddress:
    @pytest.fixture(autouse=True)
    def _bound(self, settings):
        settings.OWNER_MODE, settings.HOST = False, "0.0.0.0"
        settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"]

    async def test_a_login_is_needed(self, gated, ends):
        assert (await request(gated, "/api/documents", ends)).status == 401

    async def test_a_name_from_the_network_needs_the_setting(self, gated, ends):
        answer = await request(gated, "/", ends, headers={"host": "192.168.1.5:8000"})
        assert answer.status == 400
        assert "192.168.1.5:8000" in answer.json()["message"]
        assert "LOCALCHAT_PUBLIC_URL" in answer.json()["message"]


class TestAnOpenSocket:
    """What a consumer asks before each message."""

    @database_sync_to_async
    def opened(self, user):
        client = Client()
        client.force_login(user)
        return {"session": client.session}

    async def heard(self, user):
        """Of a socket that has been in use already."""
        scope = await self.opened(user)
        assert await access.socket_user(scope) == user
        return scope

    async def test_knows_its_person(self, alice):
        assert await access.socket_user(await self.heard(alice)) == alice

    async def test_knows_nobody_without_a_session(self, db):
        assert await access.socket_user({}) is None

    async def test_ends_with_the_session(self, alice):
        scope = await self.heard(alice)
        await Session.objects.all().adelete()
        assert await access.socket_user(scope) is None

    async def test_ends_with_the_account(self, alice):
        scope = await self.heard(alice)
        await User.objects.filter(pk=alice.pk).aupdate(is_active=False)
        assert await access.socket_user(scope) is None

    async def test_ends_with_the_password(self, alice):
        scope = await self.heard(alice)
        alice.set_password("another")
        await alice.asave()
        assert await access.socket_user(scope) is None

    async def test_of_the_owner_ends_with_the_owners_account(self, owner):
        assert await access.socket_user({OWNER: True}) == owner
        await User.objects.filter(pk=owner.pk).aupdate(is_active=False)
        assert await access.socket_user({OWNER: True}) is None
