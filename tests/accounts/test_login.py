"""Where not everybody is the owner: logging in, and what a wrong password costs."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from localchat.accounts import first_account, proxies, throttle
from localchat.accounts.owner import owner_user

PASSWORD = "alice-has-a-password"


def log_in(client, username="alice", password=PASSWORD, **more):
    return client.post("/login/", {"username": username, "password": password}, **more)


def is_in(client):
    return client.get("/api/conversations").status_code == 200


def test_the_right_password_opens_every_road(client, alice):
    assert not is_in(client)
    assert log_in(client).status_code == 302
    assert is_in(client)


def test_after_the_login_one_is_where_one_wanted_to_be(client, alice):
    sent = client.get("/documents/?status=failed")
    assert sent.status_code == 302
    assert sent["Location"] == "/login/?next=/documents/%3Fstatus%3Dfailed"
    assert log_in(client, QUERY_STRING=sent["Location"].partition("?")[2])["Location"] == (
        "/documents/?status=failed"
    )


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.test/",
        "//evil.test/",
        "///evil.test/",
        "/\\evil.test/",
        "\\\\evil.test",
        "javascript:alert(1)",
        "http:evil.test",
        "/%09/evil.test",
        "\t//evil.test",
    ],
)
def test_a_login_leads_to_no_other_site(client, alice, onward):
    answer = client.post(
        "/login/", {"username": "alice", "password": PASSWORD, "next": onward}, follow=False
    )
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))


def test_the_api_says_in_json_that_a_login_is_needed(client, db):
    answer = client.get("/api/documents")
    assert (answer.status_code, answer.json()["error"]) == (401, "login_required")
    assert "no-store" in answer["Cache-Control"]


def test_logging_out_needs_a_post(alice_client):
    assert alice_client.get("/logout/").status_code == 405
    assert alice_client.post("/logout/").status_code == 302
    assert not is_in(alice_client)


def test_every_form_needs_its_token(alice):
    client = Client(enforce_csrf_checks=True)
    assert log_in(client).status_code == 403
    client.force_login(alice)
    for road in ("/logout/", "/password/", "/"):
        assert client.post(road).status_code == 403


def test_a_new_password_ends_the_other_sessions(alice_client, alice):
    elsewhere = Client()
    elsewhere.force_login(alice)
    fields = {"old_password": PASSWORD, "new_password1": "q8-Zebra-lamp"}
    answer = alice_client.post("/password/", {**fields, "new_password2": "q8-Zebra-lamp"})
    assert answer.status_code == 302
    assert is_in(alice_client)
    assert not is_in(elsewhere)


@pytest.mark.parametrize("chosen", ["short", "12345678901", "password123", "alice-12"])
def test_a_poor_password_is_not_taken(alice_client, alice, chosen):
    fields = {"old_password": PASSWORD, "new_password1": chosen, "new_password2": chosen}
    assert alice_client.post("/password/", fields).status_code == 200
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_the_account_page_takes_no_other_field(alice_client, alice):
    fields = {"old_password": PASSWORD, "new_password1": "q8-Zebra-lamp"}
    more = {"is_staff": "1", "is_superuser": "1", "username": "owner", "user": "1"}
    alice_client.post("/password/", {**fields, "new_password2": "q8-Zebra-lamp", **more})
    alice.refresh_from_db()
    assert (alice.username, alice.is_staff, alice.is_superuser) == ("alice", False, False)


def test_there_is_no_open_registration(client, db):
    for road in ("/register/", "/signup/", "/accounts/", "/admin/auth/user/add/"):
        assert client.post(road, {"username": "eve", "password1": "x"}).status_code in {302, 404}
    assert not User.objects.exists()


def test_five_wrong_passwords_cost_a_wait_even_for_the_right_one(client, alice):
    for _ in range(throttle.TRIES):
        assert "wait" not in log_in(client, password="wrong").content.decode()
    assert "Please wait 5 minutes" in log_in(client).content.decode()
    assert not is_in(client)


def test_the_wait_ends(client, alice):
    for _ in range(throttle.TRIES + 1):
        log_in(client, password="wrong")
    with redis.Redis.from_url(django_settings.REDIS_URL) as store:
        waits = [store.ttl(key) for key in store.scan_iter("login:*")]
        assert waits
        assert all(0 < wait <= throttle.WAIT_SECONDS for wait in waits)
        for key in store.scan_iter("login:*"):
            store.delete(key)
    assert log_in(client).status_code == 302


def test_the_name_in_other_letters_is_the_same_account(client, alice):
    for name in ("alice", "ALICE", "Alice", "aLice", "alicE"):
        log_in(client, username=name, password="wrong")
    assert "wait" in log_in(client).content.decode()


def test_somebody_elses_guesses_do_not_keep_alice_out(client, alice):
    mine = Client(REMOTE_ADDR="192.168.1.5")
    assert log_in(mine).status_code == 302
    mine.post("/logout/")
    for host in range(throttle.TRIES_OF_ALL // throttle.TRIES + 1):
        for _ in range(throttle.TRIES):
            log_in(client, password="wrong", REMOTE_ADDR=f"10.0.0.{host}")
    assert "wait" in log_in(Client(REMOTE_ADDR="192.168.1.9")).content.decode()
    assert log_in(mine).status_code == 302


def test_a_browser_that_alice_used_does_not_help_against_bob(client, alice, bob):
    log_in(client)
    client.post("/logout/")
    for _ in range(throttle.TRIES):
        log_in(client, username="bob", password="wrong")
    assert "wait" in log_in(client, "bob", "bob-has-a-password").content.decode()


def test_behind_a_proxy_the_client_is_who_the_proxy_saw(client, alice, public, trusted):
    near = {"REMOTE_ADDR": "172.18.0.2", "HTTP_HOST": "chat.example.org", "secure": True}
    for host in range(throttle.TRIES):
        forwarded = f"1.2.3.{host}, 203.0.113.7"
        log_in(client, password="wrong", HTTP_X_FORWARDED_FOR=forwarded, **near)
    blocked = log_in(client, HTTP_X_FORWARDED_FOR="9.9.9.9, 203.0.113.7", **near)
    assert "wait" in blocked.content.decode()
    assert log_in(client, HTTP_X_FORWARDED_FOR="203.0.113.8", **near).status_code == 302


def test_a_proxy_that_is_not_named_is_not_believed(client, alice, public):
    for host in range(throttle.TRIES):
        forwarded = {"HTTP_X_FORWARDED_FOR": f"203.0.113.{host}", "REMOTE_ADDR": "127.0.0.1"}
        log_in(client, password="wrong", HTTP_HOST="chat.example.org", secure=True, **forwarded)
    blocked = log_in(client, HTTP_HOST="chat.example.org", secure=True, **forwarded)
    assert "wait" in blocked.content.decode()


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", "9.9.9.9", "203.0.113.7"),
        ("10.1.2.3", "9.9.9.9", "10.1.2.3"),
        ("172.18.0.2", "", "172.18.0.2"),
        ("172.18.0.2", "9.9.9.9", "9.9.9.9"),
        ("172.18.0.2", "1.2.3.4, 9.9.9.9", "9.9.9.9"),
        ("172.18.0.2", "1.2.3.4, 9.9.9.9, 172.18.0.3", "9.9.9.9"),
        ("172.18.0.2", "172.18.0.9, 172.18.0.3", "172.18.0.9"),
        ("::ffff:172.18.0.2", "9.9.9.9", "9.9.9.9"),
        ("172.18.0.2", "9.9.9.9, 172.18.0.3:4711", "9.9.9.9"),
        ("172.18.0.2", "nonsense", "nonsense"),
        ("", "9.9.9.9", ""),
    ],
)
def test_a_clients_address_is_what_the_nearest_trusted_proxy_saw(
    rf, trusted, peer, forwarded, client
):
    request = rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert proxies.client_address(request) == client


@pytest.mark.parametrize(
    "clients",
    [
        "9.9.9.9 9.9.9.9:4711 [::ffff:9.9.9.9]:80",
        "2001:db8::1 2001:db8::2 2001:db8:0:0:ffff::%eth0 [2001:db8::3] [2001:db8::4]:4711",
        "nonsense",
    ],
)
def test_a_client_that_changes_its_port_or_the_end_of_its_address_counts_as_one(clients):
    assert len({proxies.counted_as(each) for each in clients.split()}) == 1
    assert proxies.counted_as(clients.split()[0]) != proxies.counted_as("2001:db8:0:1::1")


def test_tries_over_many_accounts_are_limited_too(client, alice, bob):
    for number in range(throttle.TRIES_OF_CLIENT):
        assert "wait" not in log_in(client, f"nobody{number}", "wrong").content.decode()
    assert "wait" in log_in(client).content.decode()
    assert log_in(Client(REMOTE_ADDR="192.168.1.9")).status_code == 302


def test_many_who_know_their_passwords_share_an_address(client, alice):
    for _ in range(throttle.TRIES_OF_CLIENT + 1):
        assert log_in(Client()).status_code == 302


def test_the_admins_own_login_form_is_not_a_way_around(client, alice):
    answer = client.post("/admin/login/", {"username": "alice", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")
    assert not is_in(client)


def test_nobody_logs_in_while_tries_cannot_be_counted(client, alice, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9"
    assert "try again in a moment" in log_in(client).content.decode()


def test_the_first_account_comes_from_the_environment_once(client, db, settings):
    settings.ADMIN_PASSWORD = "from-the-environment"
    client.get("/login/")
    assert log_in(client, "admin", "from-the-environment").status_code == 302
    User.objects.filter(username="admin").update(username="root")
    client.get("/login/")
    assert list(User.objects.values_list("username", flat=True)) == ["root"]


def test_an_owner_who_cannot_log_in_does_not_count_as_an_account(db, settings):
    owner_user()
    settings.ADMIN_PASSWORD = "from-the-environment"
    first_account.ensure_admin()
    assert User.objects.filter(username="admin", is_superuser=True).exists()


def test_without_any_account_the_page_says_how_to_make_one(client, db):
    assert "manage.py createsuperuser" in client.get("/login/").content.decode()


def test_an_account_that_was_switched_off_is_out_at_once(alice_client, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not is_in(alice_client)


def test_an_expired_session_is_out(alice_client):
    session = alice_client.session
    session.set_expiry(timezone.now() - timedelta(seconds=1))
    session.save()
    assert not is_in(alice_client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [owner_user, first_account.ensure_admin])
def test_twenty_first_requests_at_once_make_one_account(make, settings):
    settings.ADMIN_PASSWORD = "from-the-environment"
    start = threading.Barrier(20)

    def ask(_):
        start.wait()
        try:
            make()
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(ask, range(20)))
    assert User.objects.count() == 1
