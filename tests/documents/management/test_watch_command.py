"""`manage.py watch` as a process of its own: what happens in the folder happens to the documents."""

import signal
import zlib
from contextlib import closing
from functools import partial

import psycopg
import pytest
from django.core.management import CommandError, call_command

from documents.desk import uploading
from documents.models import Document
from tests.live import commands, database_url
from tests.models_mgmt.pulls import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "papers"
    place.mkdir()
    (place / "stays.txt").write_text("This one stays. " * 30)
    (place / "goes.txt").write_text("This one goes. " * 30)
    return place


@pytest.fixture
def watch(folder, engine_server):
    with commands(OLLAMA_HOST=engine_server.url) as start:
        yield partial(start, "watch", str(folder), "--collection", "Papers")


def ready():
    return set(Document.objects.filter(status="ready").values_list("name", flat=True))


def ended(process):
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0
    return process.stdout.read()


def test_a_folder_is_followed_beside_a_server(live, folder, watch):
    process = watch()
    until(lambda: ready() == {"stays.txt", "goes.txt"}, 40)
    kept = Document.objects.get(name="stays.txt").pk
    (folder / "stays.txt").rename(folder / "renamed.txt")
    (folder / "goes.txt").unlink()
    (folder / "comes.txt").write_text("This one comes. " * 30)
    until(lambda: ready() == {"renamed.txt", "comes.txt"}, 40)
    assert Document.objects.get(name="renamed.txt").pk == kept
    said = ended(process)
    assert "New: comes.txt" in said
    assert "Renamed: renamed.txt (was stays.txt)" in said
    assert "Gone: goes.txt" in said


def test_a_folder_is_followed_without_a_server(folder, watch):
    process = watch(LOCALCHAT_STANDALONE="1")
    until(lambda: ready() == {"stays.txt", "goes.txt"}, 40)
    (folder / "comes.txt").write_text("This one comes. " * 30)
    until(lambda: "comes.txt" in ready(), 40)
    said = ended(process)
    assert "New: comes.txt" in said
    assert said.endswith("No longer watching.\n")


def test_a_folder_is_watched_once_and_has_to_be_one(alice, folder):
    collection = uploading.collection_of(alice, "Papers")
    options = {"collection": "Papers", "user": "alice"}
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("watch", str(folder / "stays.txt"), **options)
    with closing(psycopg.connect(database_url())) as other, other.cursor() as cursor:
        lock = zlib.crc32(f"watch {collection.pk} {folder}".encode())
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
        with pytest.raises(CommandError, match="Another watch"):
            call_command("watch", str(folder), **options)
