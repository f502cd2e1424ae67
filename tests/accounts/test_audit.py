"""The audit log: who did what to which row, without a text, for those who may read it."""

import csv
import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils import timezone

from localchat.accounts import api_keys
from localchat.accounts.audit import noting, views
from localchat.accounts.audit.caller import Caller, current
from localchat.accounts.audit.models import Act, Entry
from localchat.accounts.gate import OWNER
from localchat.accounts.invitations import inviting
from localchat.accounts.invitations.keepers import make_keeper
from tests.accounts.test_invitations import take
from tests.accounts.test_login import log_in
from tests.factories import make_answer, make_document

SECRET = "Margarethe7331"


@pytest.fixture
def log_client(db):
    """Of a keeper, who may read the log."""
    keeper = User.objects.create_user("keeper", password="keeper-has-a-password")
    make_keeper(keeper)
    client = Client()
    client.force_login(keeper)
    Entry.objects.all().delete()
    return client


def noted(**facts):
    """Acts, the oldest first, each with who did it and which row it was."""
    found = Entry.objects.filter(**facts).order_by("pk")
    return [(each.act, each.user_name, each.kind, each.number) for each in found]


def test_log_ins_and_failures_are_noted_with_their_address(client, alice):
    log_in(client, password=SECRET, REMOTE_ADDR="192.168.1.9")
    log_in(client, username=SECRET)
    log_in(client)
    client.post("/logout/")
    assert noted() == [
        (Act.LOG_IN_FAILED, "", "user", alice.pk),
        (Act.LOG_IN_FAILED, "", "user", None),
        (Act.LOGGED_IN, "alice", "", None),
        (Act.LOGGED_OUT, "alice", "", None),
    ]
    assert Entry.objects.last().address == "192.168.1.9"
    assert SECRET not in str(list(Entry.objects.values()))


def test_a_log_in_of_a_program_is_noted(client, alice):
    sent = {"username": "alice", "password": "alice-has-a-password"}
    client.post("/api/auth/login", json.dumps(sent), content_type="application/json")
    assert [each[:3] for each in noted()] == [(Act.LOGGED_IN, "alice", "apikey")]


def test_keys_and_invitations_are_noted(alice_client, alice, settings):
    make_keeper(alice)
    Entry.objects.all().delete()
    alice_client.post("/api-keys/", {"name": SECRET, "scopes": ["read"], "lasts": "30"})
    key = alice.api_keys.get().pk
    alice_client.post(f"/api-keys/{key}/revoke/")
    alice_client.post("/invitations/", {"note": SECRET, "days": "7"})
    invitation = alice.invitations.get().pk
    alice_client.post(f"/invitations/{invitation}/revoke/")
    assert noted() == [
        (Act.KEY_MADE, "alice", "apikey", key),
        (Act.KEY_REVOKED, "alice", "apikey", key),
        (Act.INVITED, "alice", "invitation", invitation),
        (Act.INVITATION_REVOKED, "alice", "invitation", invitation),
    ]
    assert SECRET not in str(list(Entry.objects.values()))


def test_an_invitation_that_is_taken_makes_an_account(db):
    made = inviting.invite(None)
    take(made.token)
    carol = User.objects.get().pk
    assert noted() == [
        (Act.ACCOUNT_MADE, "", "user", carol),
        (Act.INVITATION_TAKEN, "carol", "invitation", made.invitation.pk),
        (Act.LOGGED_IN, "carol", "", None),
    ]


@pytest.mark.django_db(transaction=True)
def test_documents_and_collections_are_noted_without_their_names(alice_client, alice):
    Entry.objects.all().delete()
    files = [SimpleUploadedFile(f"{SECRET}.txt", b"Dear all.")]
    alice_client.post("/documents/", {"files": files, "collection": SECRET})
    document = alice.documents.get().pk
    alice_client.post("/documents/", {"files": files, "collection": SECRET})
    alice_client.post(f"/documents/{document}/delete/")
    alice_client.post("/documents/collections/", {"name": f"{SECRET} too"})
    collection = alice.collections.get(name__endswith="too").pk
    alice_client.post(f"/documents/collections/{collection}/rename/", {"name": "Other"})
    alice_client.post(f"/documents/collections/{collection}/delete/")
    assert noted() == [
        (Act.DOCUMENT_ADDED, "alice", "document", document),
        (Act.DOCUMENT_DELETED, "alice", "document", document),
        (Act.COLLECTION_MADE, "alice", "collection", collection),
        (Act.COLLECTION_RENAMED, "alice", "collection", collection),
        (Act.COLLECTION_DELETED, "alice", "collection", collection),
    ]
    assert SECRET not in str(list(Entry.objects.values()))


def test_an_upload_over_the_api_is_noted_with_its_address(alice, client):
    token = api_keys.make(alice, "scanner", ["ingest"]).token
    sent = {"file": SimpleUploadedFile("letter.txt", b"Dear all.")}
    headers = {"authorization": f"Bearer {token}"}
    client.post("/v1/files", sent, headers=headers, REMOTE_ADDR="10.0.0.7")
    found = Entry.objects.get(act=Act.DOCUMENT_ADDED)
    assert (found.user_id, found.address) == (alice.pk, "10.0.0.7")


def test_conversations_are_noted_when_they_leave_or_go(alice_client, alice):
    Entry.objects.all().delete()
    conversation = make_answer(alice, document=make_document(alice)).conversation_id
    alice_client.get(f"/c/{conversation}/export/json/")
    alice_client.post(f"/c/{conversation}/delete/")
    alice_client.delete(f"/api/conversations/{conversation}")
    assert [each[0] for each in noted()][:2] == [
        Act.CONVERSATION_EXPORTED,
        Act.CONVERSATION_DELETED,
    ]


@pytest.mark.django_db(transaction=True)
async def test_an_export_of_everything_is_noted(alice_async):
    every = await alice_async.get("/conversations/export.json")
    assert b"".join([block async for block in every.streaming_content])
    assert await Entry.objects.filter(act=Act.CONVERSATIONS_EXPORTED).acount() == 1


def test_what_is_done_in_the_admin_is_noted(alice, bob):
    root = User.objects.create_superuser("root", password="root-has-a-password")
    client = Client()
    client.force_login(root)
    Entry.objects.all().delete()
    client.post(f"/admin/auth/user/{bob.pk}/delete/", {"post": "yes"})
    assert noted() == [
        (Act.ADMIN_DELETED, "root", "user", bob.pk),
        (Act.ACCOUNT_DELETED, "root", "user", bob.pk),
    ]


def test_where_one_person_works_alone_nothing_is_noted(owner, settings):
    noting.note(Act.LOGGED_IN)
    settings.OWNER_MODE = False
    before = current.set(Caller(owner.pk, "127.0.0.1", is_owner=True))
    noting.note(Act.LOGGED_IN)
    current.reset(before)
    assert not Entry.objects.exists()
    noting.note(Act.LOGGED_IN)
    assert Entry.objects.exists()


def test_it_is_kept_for_the_days_that_are_set(db, settings):
    settings.AUDIT_DAYS, settings.OWNER_MODE = 3, False
    noting.note(Act.LOGGED_IN)
    noting.note(Act.LOGGED_OUT)
    Entry.objects.filter(act=Act.LOGGED_IN).update(at=timezone.now() - timedelta(days=3, hours=1))
    assert noting.sweep() == 1
    assert Entry.objects.get().act == Act.LOGGED_OUT


def test_it_is_read_and_filtered(log_client, alice_client, client, alice):
    log_in(client)
    client.post("/logout/")
    page = log_client.get("/audit/").content.decode()
    assert "<b>alice</b> logged out" in page
    some = log_client.get("/audit/?act=logged_in&who=alice&since=2020-01-01").content.decode()
    assert "<b>alice</b> logged in" in some
    assert "<b>alice</b> logged out" not in some
    none = log_client.get("/audit/?until=2020-01-01&since=2020-13-99&before=x\0&act=no&who=\0")
    assert "Nothing was noted." in none.content.decode()


def test_who_did_it_is_said_where_nobody_was_logged_in(log_client, client, settings):
    """The first account is made by no account."""
    settings.OWNER_MODE = False
    User.objects.create_user("first")
    log_in(client, username="first")
    page = log_client.get("/audit/").content.decode()
    assert "<b>The program itself, or a command on its machine,</b> made an account" in page
    assert "<b>Somebody who was not logged in</b> failed to log in" in page


def test_many_entries_come_a_page_at_a_time(log_client, settings):
    settings.OWNER_MODE = False
    noting.note(Act.DOCUMENT_DELETED, "document", *range(1, 251))
    first = log_client.get("/audit/").content.decode()
    assert first.count("(document ") == 100
    more = first.split('class="button" href="/audit/?')[1].split('"')[0]
    assert "(document 150)" in log_client.get(f"/audit/?{more}").content.decode()


def test_it_is_exported_as_csv_and_json(log_client, settings):
    settings.OWNER_MODE = False
    formula = User.objects.create_user("+1@b")
    Entry.objects.all().delete()
    noting.note(Act.DOCUMENT_ADDED, "document", 7, by=formula)
    text = log_client.get("/audit/log.csv?act=document_added").content.decode()
    (row,) = csv.DictReader(text.splitlines())
    assert (row["user_name"], row["act"], row["row"]) == ("'+1@b", "document_added", "7")
    told = log_client.get("/audit/log.json").json()
    assert [each["act"] for each in told] == ["log_exported", "log_exported", "document_added"]
    assert told[-1]["user_id"] == formula.pk
    assert log_client.get("/audit/log.xml").status_code == 404


@pytest.mark.parametrize("road", ["/audit/", "/audit/log.csv", "/audit/log.json"])
def test_for_others_there_is_no_log(road, alice_client, alice):
    assert alice_client.get(road).status_code == 404
    alice.is_staff = True
    alice.save()
    assert alice_client.get(road).status_code == 404


def test_an_owner_who_works_alone_has_no_log(owner):
    request = RequestFactory().get("/")
    request.user, request.scope = owner, {OWNER: True}
    assert views.page(request).status_code == 404
    assert views.export(request, "csv").status_code == 404
