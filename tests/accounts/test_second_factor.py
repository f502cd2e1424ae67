"""A second factor: set up on the account page, asked for at each log-in, not in the way of keys."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from localchat.accounts import api_keys, throttle
from localchat.accounts.audit.models import Act, Entry
from localchat.accounts.gate import OWNER
from localchat.accounts.second_factor import factor, views, waiting
from tests.accounts.test_login import PASSWORD, is_in, log_in

WRONG = "abcdefghjkmn"  # is no recovery code either


def code_of(user):
    """What the app shows, as if no code had been used or mistyped before."""
    TOTPDevice.objects.filter(user=user).update(last_t=-1, drift=0, throttling_failure_count=0)
    return f"{totp(TOTPDevice.objects.get(user=user).bin_key):06}"


@pytest.fixture
def recovery(alice):
    """Alice has a second factor, and these codes."""
    factor.begin(alice)
    return factor.confirm(alice, code_of(alice))


def enter(client, code):
    return client.post("/login/code/", {"code": code})


def test_it_is_set_up_on_the_account_page(alice_client, alice):
    assert "Set it up" in alice_client.get("/account/").content.decode()
    page = alice_client.post("/account/second-factor/").content.decode()
    assert "<svg" in page
    assert factor.secret(TOTPDevice.objects.get()) in page
    wrong = alice_client.post("/account/second-factor/", {"code": WRONG})
    assert (wrong.status_code, factor.is_on(alice)) == (400, False)
    done = alice_client.post("/account/second-factor/", {"code": code_of(alice)})
    codes = re.search(r'id="recovery-codes">([^<]*)<', done.content.decode())[1].split()
    assert len(set(codes)) == factor.CODES
    assert not set(codes) & set(StaticToken.objects.values_list("token", flat=True))
    assert "10 recovery codes are left" in alice_client.get("/account/").content.decode()
    assert alice_client.post("/account/second-factor/").status_code == 409
    assert Entry.objects.filter(act=Act.FACTOR_ADDED, number=alice.pk).count() == 1


def test_until_the_first_code_the_password_is_enough(client, alice):
    factor.begin(alice)
    log_in(client)
    assert is_in(client)


def test_after_the_password_the_code_is_asked_for(client, alice, recovery):
    assert log_in(client, QUERY_STRING="next=/documents/")["Location"] == "/login/code/"
    assert not is_in(client)
    assert "recovery codes" in client.get("/login/code/").content.decode()
    assert enter(client, WRONG).status_code == 400
    assert not is_in(client)
    code = code_of(alice)
    assert enter(client, f" {code[:3]}-{code[3:]} ")["Location"] == "/documents/"
    assert is_in(client)
    acts = [each.act for each in Entry.objects.order_by("pk")][-2:]
    assert acts == [Act.LOG_IN_FAILED, Act.LOGGED_IN]


def test_a_code_opens_once(client, alice, recovery):
    code = code_of(alice)
    log_in(client)
    enter(client, code)
    other = Client()
    log_in(other)
    assert enter(other, code).status_code == 400
    assert not is_in(other)


def test_a_recovery_code_stands_in_once(client, alice, recovery):
    log_in(client)
    enter(client, recovery[0].upper())
    assert is_in(client)
    assert factor.left(alice) == factor.CODES - 1
    other = Client()
    log_in(other)
    assert enter(other, recovery[0]).status_code == 400


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_recovery", [False, True])
def test_of_many_who_give_one_code_at_once_one_is_let_in(recovery, alice, is_recovery):
    code = recovery[0] if is_recovery else code_of(alice)

    def right(_):
        try:
            factor.check(alice, code)
        except factor.WrongCode:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(right, range(8))) == 1


def test_without_the_password_there_is_no_code_to_enter(client, alice, recovery):
    assert enter(client, code_of(alice))["Location"] == "/login/"
    log_in(client, password="wrong")
    assert enter(client, code_of(alice))["Location"] == "/login/"
    assert not is_in(client)


@pytest.mark.parametrize("change", ["password", "is_active", "time"])
def test_what_changes_meanwhile_begins_anew(client, alice, recovery, change, monkeypatch):
    log_in(client)
    if change == "password":
        alice.set_password("q8-Zebra-lamp")
    elif change == "is_active":
        alice.is_active = False
    else:
        monkeypatch.setattr(waiting, "SECONDS", -1)
    alice.save()
    assert enter(client, code_of(alice))["Location"] == "/login/"
    assert not is_in(client)


def test_wrong_codes_cost_a_wait_as_wrong_passwords_do(client, alice, recovery):
    log_in(client)
    for _ in range(throttle.TRIES):
        enter(client, WRONG)
    assert "Please wait" in enter(client, code_of(alice)).content.decode()
    assert not is_in(client)


def test_the_api_asks_for_the_code_too(client, alice, recovery):
    def sent(**more):
        body = json.dumps({"username": "alice", "password": PASSWORD, **more})
        answer = client.post("/api/auth/login", body, content_type="application/json")
        return answer.status_code, answer.json().get("error")

    assert sent() == (401, "code_needed")
    assert sent(code=WRONG) == (401, "wrong_code")
    assert sent(code=code_of(alice), password="wrong") == (401, "wrong_password")
    assert sent(code=code_of(alice)) == (200, None)
    assert alice.api_keys.count() == 1


def test_keys_open_what_they_did(client, alice, recovery):
    token = api_keys.make(alice, "notes", ["read"]).token
    assert client.get("/api/documents", headers={"authorization": f"Bearer {token}"}).json() == []


def test_it_is_removed_by_a_code_and_not_without(alice_client, alice, recovery):
    assert alice_client.post("/account/second-factor/remove/", {"code": WRONG}).status_code == 401
    assert factor.is_on(alice)
    StaticDevice.objects.update(throttling_failure_count=0)  # as after a second
    alice_client.post("/account/second-factor/remove/", {"code": recovery[1]})
    assert not factor.is_on(alice)
    client = Client()
    log_in(client)
    assert is_in(client)


def test_whoever_runs_the_server_removes_it_by_command(client, alice, recovery):
    said = StringIO()
    call_command("second_factor", "--user", "alice", stdout=said)
    call_command("second_factor", "--user", "alice", "--remove", stdout=said)
    assert said.getvalue().splitlines() == [
        "alice has a second factor.",
        "alice logs in by the password alone.",
    ]
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("second_factor", "--user", "alice", "--remove")


@pytest.mark.parametrize("code", ["", "\0", "9" * 5000, "\uff19" * 6, "é" * 40])
def test_a_code_that_is_none_is_wrong(alice, recovery, code):
    with pytest.raises(factor.WrongCode):
        factor.check(alice, code)


def test_an_owner_who_works_alone_has_none(owner):
    for view in (views.set_up, views.remove):
        request = RequestFactory().post("/")
        request.user, request.scope = owner, {OWNER: True}
        assert view(request).status_code == 404
