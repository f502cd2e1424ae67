"""The keeper's page: what is at work, who has how much, which backups there are."""

import pytest
from django.urls import reverse

from localchat.backups import schedule
from tests.factories import make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(admin_client, settings, data_folder, no_engine):
    settings.BACKUP_FOLDER = data_folder / "backups"
    settings.BACKUP_FOLDER.mkdir()
    return lambda: admin_client.get(reverse("server")).content.decode()


def test_it_shows_counts_and_people_and_no_text(page, alice):
    make_document(alice, "secret-plan.txt", ["The secret plan."])
    failed = make_document(alice, "broken.txt", ["Broken."])
    failed.status = failed.Status.FAILED
    failed.save()
    said = page()
    assert "alice" in said
    assert "?status__exact=failed" in said
    assert "secret" not in said


def test_it_names_the_backups_and_what_went_wrong(page, settings):
    (settings.BACKUP_FOLDER / "localchat-2026-01-02T030405Z.backup").write_bytes(b"x" * 2048)
    schedule._note("The disk is full.")
    said = page()
    assert "localchat-2026-01-02T030405Z.backup" in said
    assert "The disk is full." in said


def test_it_is_shown_to_staff_alone_and_linked_for_them(client, admin_client, alice_client):
    assert alice_client.get(reverse("server")).status_code == 404
    assert client.get(reverse("server")).status_code == 302
    assert reverse("server") in admin_client.get("/api-keys/").content.decode()
    assert reverse("server") not in alice_client.get("/api-keys/").content.decode()


def test_staff_that_may_not_do_everything_begins_no_backup(client, alice):
    alice.is_staff = True
    alice.save()
    client.force_login(alice)
    assert client.post(reverse("server")).status_code == 403
