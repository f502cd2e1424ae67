"""Tables of a version that was never released are noticed before anything is done on them."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from localchat.embedded.services import OTHER_TABLES, migrations
from localchat.management import tables

pytestmark = pytest.mark.django_db


def test_a_start_sees_every_migration_of_ours():
    """It looks no further where the files are those of the last time."""
    ours = [each for each in apps.get_app_configs() if each.label in tables.APPS]
    found = [path for each in ours for path in Path(each.path).glob("migrations/0*.py")]
    assert len(found) >= len(tables.APPS)
    assert set(found) - set(migrations()) == set()


def test_the_tables_of_this_version_fit():
    assert list(tables.differences()) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("DROP TABLE chat_source CASCADE", "chat_source"),
        ("ALTER TABLE documents_document DROP parent_id CASCADE", "documents_document.parent_id"),
        ("ALTER TABLE chat_message RENAME reason TO why", "chat_message.reason"),
        ("ALTER TABLE chat_message ALTER usage TYPE text", "chat_message.usage"),
        ("ALTER TABLE chat_message ALTER model TYPE varchar(20)", "chat_message.model"),
        ("ALTER TABLE chat_message ALTER finished SET NOT NULL", "chat_message.finished"),
        ("ALTER TABLE chat_message ALTER heartbeat DROP DEFAULT", "chat_message.heartbeat"),
        ("ALTER TABLE chat_message ADD was_needed int NOT NULL", "chat_message.was_needed"),
        ("ALTER TABLE chat_message DROP CONSTRAINT message_ref_once", "message_ref_once"),
        ("DROP INDEX message_unfinished", "message_unfinished"),
    ],
)
def test_what_does_not_fit_is_named(change, found):
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert found in set(tables.differences())


def test_what_is_only_more_does_no_harm():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE chat_message ADD extra int, ADD filled int NOT NULL DEFAULT 1")
        cursor.execute("CREATE TABLE somebody_elses (id int)")
    assert list(tables.differences()) == []


def test_migrate_ends_with_the_sentence_that_says_what_to_do(settings):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE documents_document DROP parent_id CASCADE")
    with pytest.raises(CommandError, match="another version of LocalChat") as refused:
        call_command("migrate", verbosity=0)
    assert refused.value.returncode == OTHER_TABLES
    said = str(refused.value)
    assert "documents_document.parent_id" in said
    assert "set LOCALCHAT_DATA to a new folder" in said
    assert str(settings.ORIGINALS) in said
