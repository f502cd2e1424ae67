"""The page on which a collection is shared, and what the page of documents says of it."""

import html
import json
import re

import pytest

from documents.desk import sharing
from documents.models import Grant
from tests.factories import make_document


@pytest.fixture
def plans(alice, bob, data_folder, no_engine, settings):
    settings.OWNER_MODE = False
    return make_document(alice, "plans.pdf", ["Plans."], collection="Plans").collection


def seen_by(client):
    body = client.get("/documents/").content.decode()
    found = re.search(r'data-names="([^"]*)"', body)
    return json.loads(html.unescape(found[1])) if found else {}


def test_a_collection_is_shared_changed_and_taken_back_by_forms(plans, alice_client):
    page = f"/documents/collections/{plans.pk}/sharing/"
    assert "shared with nobody" in alice_client.get(page).content.decode()
    alice_client.post(page, {"person": "bob", "role": "reader"})
    assert "bob" in alice_client.get(page).content.decode()
    alice_client.post(page, {"person": "bob", "role": "keeper"})
    grant = Grant.objects.get()
    assert grant.role == 3
    alice_client.post(f"{page}{grant.pk}/revoke/")
    assert not Grant.objects.exists()


def test_a_name_that_nobody_has_is_said(plans, alice_client):
    page = f"/documents/collections/{plans.pk}/sharing/"
    answer = alice_client.post(page, {"person": "nobody", "role": "reader"})
    assert answer.status_code == 404
    assert "There is no person named nobody." in answer.content.decode()


def test_who_drops_files_is_told_who_sees_them(plans, alice_client, bob_client):
    assert seen_by(alice_client) == {}
    sharing.share(plans, person="bob", role="writer")
    assert seen_by(alice_client) == {"Plans": "Who else sees what is in this collection: bob."}
    assert list(seen_by(bob_client)) == ["alice/Plans"]


def test_a_reader_sees_whose_it_is_and_no_forms_to_change_it(plans, bob_client):
    sharing.share(plans, person="bob", role="reader")
    body = bob_client.get("/documents/").content.decode()
    assert "shared by alice" in body
    for road in ("delete/", "rename/", "sharing/"):
        assert f"/documents/collections/{plans.pk}/{road}" not in body
    document = plans.documents.get()
    for road in ("delete/", "rename/"):
        for page in ("/documents/", f"/documents/{document.pk}/"):
            assert f"/documents/{document.pk}/{road}" not in bob_client.get(page).content.decode()
    assert f"/documents/collections/{plans.pk}/leave/" in body
    bob_client.post(f"/documents/collections/{plans.pk}/leave/")
    assert "shared by alice" not in bob_client.get("/documents/").content.decode()


def test_one_person_alone_sees_nothing_of_it(plans, alice_client, settings):
    settings.OWNER_MODE = True
    body = alice_client.get("/documents/").content.decode()
    assert "sharing/" not in body
    assert "seen-by" not in body
