"""Invitations: a link makes one account, once, in time, unless it was revoked."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from localchat.accounts.gate import OWNER
from localchat.accounts.invitations import inviting, views
from localchat.accounts.invitations.keepers import make_keeper
from localchat.accounts.invitations.models import Invitation
from localchat.lib.errors import LocalChatError, NotAllowed
from tests.accounts.test_login import is_in, log_in

PASSWORD = "q8-Zebra-lamp"
NEW = {"username": "carol", "password1": PASSWORD, "password2": PASSWORD}


def take(token, client=None, **more):
    return (client or Client()).post("/invitation/", {"key": token, **NEW, **more})


@pytest.fixture
def keeper(alice):
    make_keeper(alice)
    return alice


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", password="root-has-a-password")


def test_whoever_opens_the_link_chooses_a_name_and_a_password(client, keeper):
    token = inviting.invite(keeper).token
    page = client.get(f"/invitation/?key={token}")
    assert "Choose the name" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert take(token, client)["Location"] == "/"
    assert is_in(client)
    assert log_in(Client(), "carol", PASSWORD).status_code == 302
    carol = User.objects.get(username="carol")
    assert (carol.is_staff, carol.is_superuser) == (False, False)


def test_a_link_works_once(client, keeper):
    token = inviting.invite(keeper).token
    take(token)
    again = take(token, client, username="dave")
    assert (again.status_code, is_in(client)) == (410, False)
    assert "has been used" in again.content.decode()
    assert not User.objects.filter(username="dave").exists()


def test_to_look_at_a_link_uses_nothing_up(client, keeper):
    token = inviting.invite(keeper).token
    for _ in range(3):
        assert client.get(f"/invitation/?key={token}").status_code == 200
    assert take(token).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_many_who_come_at_once_one_is_let_in(keeper):
    made, start = inviting.invite(keeper), threading.Barrier(8)

    def come(number):
        start.wait()
        try:
            inviting.take(made.token, User(username=f"guest{number}"))
            return 1
        except LocalChatError:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(come, range(8))) == 1
    assert User.objects.filter(username__startswith="guest").count() == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: inviting.revoke(made.invitation.pk),
        lambda made: Invitation.objects.update(expires=timezone.now()),
        lambda made: User.objects.update(is_active=False),
        lambda made: User.objects.all().delete(),
        lambda made: Group.objects.all().delete(),
    ],
    ids=["revoked", "expired", "of a locked account", "of a deleted account", "of no keeper"],
)
def test_a_link_that_is_not_valid_any_more_makes_no_account(client, keeper, spoil):
    made = inviting.invite(keeper)
    spoil(made)
    assert client.get(f"/invitation/?key={made.token}").status_code == 410
    assert take(made.token).status_code == 410
    assert not User.objects.filter(username="carol").exists()


def test_nor_does_one_for_a_keeper_of_whoever_is_no_superuser_any_more(root):
    make_keeper(root)
    made, plain = inviting.invite(root, role="keeper"), inviting.invite(root)
    User.objects.update(is_superuser=False)
    assert take(made.token).status_code == 410
    assert take(plain.token).status_code == 302


@pytest.mark.parametrize("key", ["", "x", "\0", "é" * 2000])
def test_a_link_that_never_was_says_the_same(client, db, key):
    assert client.get("/invitation/", {"key": key}).status_code == 410


def test_the_link_is_nowhere_in_the_database(keeper):
    token = inviting.invite(keeper, note="Carol").token
    assert token not in str(list(Invitation.objects.values()))


@pytest.mark.parametrize(
    "poor",
    [
        {"username": "ALICE"},
        {"username": "owner"},
        {"password2": "other"},
        {"password1": "carol-1", "password2": "carol-1"},
    ],
)
def test_a_poor_choice_is_said_and_the_link_stays(client, keeper, poor):
    token = inviting.invite(keeper).token
    assert take(token, **poor).status_code == 400
    assert User.objects.count() == 1
    assert take(token).status_code == 302


def test_the_form_takes_no_other_field(keeper):
    take(inviting.invite(keeper).token, is_staff="1", is_superuser="1", role="keeper")
    carol = User.objects.get(username="carol")
    assert (carol.is_staff, carol.is_superuser) == (False, False)


def test_whoever_is_logged_in_leaves_the_link_unused(alice_client, keeper):
    token = inviting.invite(keeper).token
    assert "You are logged in as alice" in take(token, alice_client).content.decode()
    assert take(token).status_code == 302


def test_a_keeper_makes_a_link_on_a_page_and_sees_it_once(alice_client, keeper):
    page = alice_client.post("/invitations/", {"note": "Carol", "days": "7"}).content.decode()
    token = re.search(r'id="invitation-link">[^<]*\?key=([\w-]{43})<', page)[1]
    again = alice_client.get("/invitations/").content.decode()
    assert "Carol" in again
    assert token not in again
    take(token)
    assert "taken by carol" in alice_client.get("/invitations/").content.decode()


def test_a_keeper_revokes_a_link_on_the_page(alice_client, keeper):
    made = inviting.invite(keeper)
    alice_client.post(f"/invitations/{made.invitation.pk}/revoke/")
    assert take(made.token).status_code == 410
    assert alice_client.post(f"/invitations/{made.invitation.pk}/revoke/").status_code == 404


def test_for_others_there_is_no_such_page(alice_client, bob_client, keeper):
    made = inviting.invite(keeper)
    assert bob_client.get("/invitations/").status_code == 404
    assert bob_client.post("/invitations/", {"days": "7"}).status_code == 404
    assert bob_client.post(f"/invitations/{made.invitation.pk}/revoke/").status_code == 404
    assert Invitation.objects.filter(revoked=None).count() == 1


def test_a_superuser_invites_a_keeper_and_a_keeper_does_not(keeper, root):
    with pytest.raises(NotAllowed):
        inviting.invite(keeper, role="keeper")
    take(inviting.invite(root, role="keeper").token)
    carol = User.objects.get(username="carol")
    assert (carol.is_staff, carol.is_superuser) == (True, False)
    assert carol.has_perm("invitations.add_invitation")
    assert not carol.has_perm("auth.change_user")


@pytest.mark.parametrize("form", [{"days": "8"}, {"days": "7", "role": "king"}])
def test_a_form_that_makes_no_sense_makes_no_link(alice_client, keeper, form):
    assert alice_client.post("/invitations/", form).status_code == 400
    assert not Invitation.objects.exists()


def test_the_command_prints_a_link(db, public):
    said = StringIO()
    call_command("invite", "--note", "Carol", "--days", "2", stdout=said)
    link, _, token = said.getvalue().strip().partition("?key=")
    assert link == "https://chat.example.org/invitation/"
    assert inviting.find(token).expires - timezone.now() < timedelta(days=2)
    with pytest.raises(CommandError, match="1 to 90 days"):
        call_command("invite", "--days", "91")


def test_an_owner_who_works_alone_invites_nobody(owner):
    with pytest.raises(CommandError, match="alone"):
        call_command("invite")
    for view in (views.page, views.accept):
        request = RequestFactory().get("/")
        request.user, request.scope = owner, {OWNER: True}
        assert view(request).status_code == 404
