"""OpenID Connect against a real provider on loopback: known accounts come in, others do not."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from localchat.accounts.audit.models import Act, Entry
from localchat.accounts.identities.models import Identity
from localchat.accounts.openid import accounts
from localchat.accounts.second_factor import factor
from tests.accounts.oidc_provider import CLIENT, SECRET
from tests.accounts.test_login import is_in
from tests.accounts.test_second_factor import code_of
from tests.live import ROOT, end, free_port


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """Its address."""
    port, folder = free_port(), tmp_path_factory.mktemp("provider")
    command = [sys.executable, "-m", "tests.accounts.oidc_provider", str(folder), str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, env={"OAUTHLIB_INSECURE_TRANSPORT": "1"}
        )
    issuer = f"http://127.0.0.1:{port}/o"
    for _ in range(300):
        try:
            httpx.get(f"{issuer}/.well-known/openid-configuration").raise_for_status()
            break
        except httpx.HTTPError:
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
    yield issuer
    end(process)


@pytest.fixture(autouse=True)
def _set(settings, provider, db):
    settings.OIDC_ISSUER, settings.OIDC_NAME = provider, "The archive"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET


def there(client, name, onward=""):
    """Where the provider sends who is called so there: the address back, with its code."""
    sent = client.get(f"{_begins(client)}?next={onward}" if onward else _begins(client))
    back = httpx.get(sent["Location"], headers={"X-User": name})
    assert back.status_code == 302, back.text
    return back.headers["Location"].removeprefix("http://testserver")


def _begins(client):
    """As the link of the account page has it, or that of the log-in page."""
    page = client.get("/account/")
    return page.context["connects"] if page.status_code == 200 else "/login/openid/"


def come(client, name, onward=""):
    return client.get(there(client, name, onward))


def test_an_account_is_connected_and_comes_in_by_it(alice_client, alice, client):
    assert "Connect it" in alice_client.get("/account/").content.decode()
    assert come(alice_client, "alice-there")["Location"] == "/account/"
    assert "log in with The archive too" in alice_client.get("/account/").content.decode()
    assert "Log in with The archive" in client.get("/login/").content.decode()
    assert come(client, "alice-there", "/documents/")["Location"] == "/documents/"
    assert client.get("/account/").context["user"] == alice
    assert [each.act for each in Entry.objects.order_by("pk")][-2:] == [
        Act.IDENTITY_CONNECTED,
        Act.LOGGED_IN,
    ]


def test_whoever_is_not_connected_does_not_come_in(client, alice):
    answer = come(client, "alice")
    assert (answer.status_code, is_in(client)) == (403, False)
    assert "ask for an invitation" in answer.content.decode()
    assert User.objects.count() == 1


def test_where_it_is_set_an_account_is_made(client, alice, settings):
    settings.OIDC_SIGN_UP = True
    come(client, "alice")
    made = User.objects.exclude(pk=alice.pk).get()
    assert (made.username, made.is_staff, made.has_usable_password()) == ("alice2", False, False)
    again = Client()
    come(again, "alice")
    assert is_in(again)
    assert User.objects.count() == 2
    assert again.post("/account/openid/remove/").status_code == 409  # it has no other way in


def test_the_second_factor_is_asked_for_all_the_same(alice_client, alice, client):
    come(alice_client, "alice-there")
    factor.begin(alice)
    factor.confirm(alice, code_of(alice))
    assert come(client, "alice-there")["Location"] == "/login/code/"
    assert not is_in(client)
    client.post("/login/code/", {"code": code_of(alice)})
    assert is_in(client)


def test_one_there_is_one_here(alice_client, bob_client, alice):
    come(alice_client, "alice-there")
    assert come(bob_client, "alice-there").status_code == 409
    assert come(alice_client, "bob-there").status_code == 409
    assert Identity.objects.get().user == alice
    alice_client.post("/account/openid/remove/")
    assert not Identity.objects.exists()


@pytest.mark.parametrize("query", ["", "?connect=", "?connect=of-nobody"])
def test_a_link_of_another_site_connects_nothing(alice_client, query):
    """Whoever is logged in at the provider as somebody else would let them in here."""
    assert alice_client.get(f"/login/openid/{query}")["Location"] == "/account/"


def test_nor_does_what_began_as_a_log_in(client, alice):
    back = there(client, "mallory-there")
    client.force_login(alice)
    assert client.get(back).status_code == 401
    assert not Identity.objects.exists()


def test_nor_the_link_of_another_account(alice_client, bob_client):
    assert bob_client.get(_begins(alice_client))["Location"] == "/account/"


@pytest.mark.django_db(transaction=True)
def test_of_many_new_people_who_are_called_the_same_each_gets_an_account(settings):
    settings.OIDC_SIGN_UP = True

    def came(n):
        try:
            return accounts.find({"sub": f"number-{n // 2}", "preferred_username": "dora"}).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(came, range(8)))
    assert found[::2] == found[1::2]
    assert len(set(found)) == User.objects.count() == 4


def test_a_locked_account_does_not_come_in(alice_client, alice, client):
    come(alice_client, "alice-there")
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert come(client, "alice-there").status_code == 403
    assert not is_in(client)


def test_what_was_not_begun_here_ends_nowhere(alice_client, client):
    come(alice_client, "alice-there")
    address = there(Client(), "alice-there")
    assert client.get(address).status_code == 401
    assert client.get("/login/openid/done/?error=access_denied").status_code == 401
    back = there(client, "alice-there")
    assert client.get(back).status_code == 302
    assert Client().get(back).status_code == 401  # a code opens once, in one browser


def test_another_issuer_confirms_nobody(alice_client, client, settings):
    come(alice_client, "alice-there")
    back = there(client, "alice-there")
    settings.OIDC_ISSUER += "/"  # the same place, by another name
    assert client.get(back).status_code == 401


@pytest.mark.parametrize("onward", ["https://evil.test/", "//evil.test", "javascript:alert(1)"])
def test_it_leads_to_no_other_site(alice_client, client, onward):
    come(alice_client, "alice-there")
    assert come(client, "alice-there", onward)["Location"] == "/"


def test_a_provider_that_is_away_is_said_to_be(client, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    answer = client.get("/login/openid/")
    assert answer.status_code == 503
    assert "does not answer" in answer.content.decode()


def test_without_a_provider_there_is_no_button(client, settings):
    settings.OIDC_ISSUER = ""
    assert "Log in with" not in client.get("/login/").content.decode()
    assert urlsplit(client.get("/login/openid/")["Location"]).path == "/login/"
