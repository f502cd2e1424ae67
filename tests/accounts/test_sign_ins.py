"""Where one is logged in: listed on the account page, and ended there."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone

from localchat.accounts.gate import OWNER
from localchat.accounts.sign_ins import browsers, noting, views
from localchat.accounts.sign_ins.models import SignIn
from tests.accounts.test_login import PASSWORD, is_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18 Mobile Safari/604"


def elsewhere(user, agent=PHONE, address="192.168.1.9"):
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.force_login(user)
    client.get("/api/models/active")
    return client


def page_of(client):
    return client.get("/account/").content.decode()


def test_each_log_in_is_listed_with_its_browser_its_address_and_when(alice_client, alice):
    elsewhere(alice)
    said = page_of(alice_client)
    assert "Safari, iPhone" in said
    assert "from 192.168.1.9" in said
    assert said.count("last seen") == 2
    assert said.count("this one") == 1


def test_one_that_is_ended_is_out_and_the_others_stay(alice_client, alice):
    phone, office = elsewhere(alice), elsewhere(alice, FIREFOX)
    pk = SignIn.objects.get(browser=PHONE).pk
    assert alice_client.post(f"/account/log-ins/{pk}/end/")["Location"] == "/account/"
    assert [is_in(each) for each in (phone, office, alice_client)] == [False, True, True]
    assert "iPhone" not in page_of(alice_client)
    assert alice_client.post(f"/account/log-ins/{pk}/end/").status_code == 404


def test_all_others_are_ended_at_once(alice_client, alice, bob_client):
    others = [elsewhere(alice), elsewhere(alice, FIREFOX)]
    page_of(bob_client)
    assert "End all others" in page_of(alice_client)
    alice_client.post("/account/log-ins/end-others/")
    assert [is_in(each) for each in (*others, alice_client, bob_client)] == [False] * 2 + [True] * 2


def test_nobody_sees_or_ends_those_of_somebody_else(bob_client, alice):
    phone = elsewhere(alice)
    assert "iPhone" not in page_of(bob_client)
    assert (
        bob_client.post(f"/account/log-ins/{SignIn.objects.get(user=alice).pk}/end/").status_code
        == 404
    )
    bob_client.post("/account/log-ins/end-others/")
    assert is_in(phone)


def test_it_is_noted_once_a_minute(alice, monkeypatch):
    client = elsewhere(alice)
    first = SignIn.objects.get().seen
    client.get("/api/models/active")
    assert SignIn.objects.get().seen == first
    monkeypatch.setattr(noting, "EVERY", 0.0)
    client.get("/api/models/active", REMOTE_ADDR="10.0.0.1")
    found = SignIn.objects.get()
    assert (found.seen >= first, found.address) == (True, "10.0.0.1")


def test_a_log_out_takes_its_line_away(alice):
    client = elsewhere(alice)
    client.post("/logout/")
    assert not SignIn.objects.exists()


def test_the_password_is_changed_from_there_and_the_others_are_out(alice_client, alice):
    phone = elsewhere(alice)
    assert 'action="/password/"' in page_of(alice_client)
    fields = {"old_password": PASSWORD, "new_password1": "q8-Zebra-lamp"}
    answer = alice_client.post("/password/", {**fields, "new_password2": "q8-Zebra-lamp"})
    assert answer["Location"] == "/account/"
    assert "Your password was changed." in page_of(alice_client)
    assert [is_in(each) for each in (phone, alice_client)] == [False, True]


def test_what_is_past_its_time_is_cleared_away(alice_client, alice):
    elsewhere(alice)
    Session.objects.filter(sign_in__browser=PHONE).update(expire_date=timezone.now())
    assert noting.sweep() == 1
    assert not SignIn.objects.filter(browser=PHONE).exists()
    assert is_in(alice_client)


def test_a_session_that_ended_this_moment_is_not_noted(alice_client, alice):
    Session.objects.all().delete()
    assert page_of(alice_client) == ""
    assert not SignIn.objects.exists()


def test_an_owner_who_works_alone_has_no_such_page(owner):
    for view in (views.page, views.end_others):
        request = RequestFactory().generic("GET" if view is views.page else "POST", "/")
        request.user, request.scope = owner, {OWNER: True}
        assert view(request).status_code == 404


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        (PHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_a_browser_has_the_name_that_people_know(agent, name):
    assert browsers.name(agent) == name
