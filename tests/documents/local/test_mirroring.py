"""A folder is followed: its documents are what its files are, and nothing is lost by mistake."""

import os
import shutil

import pytest

from documents.desk import uploading
from documents.local.folders import Only
from documents.local.gathering import Gatherer
from documents.local.mirroring import MANY, Mirror
from documents.models import Chunk, Document
from documents.models.local_files import LocalFile
from tests.documents.desk.test_uploading import TEXT, inline  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inline")]


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "papers"
    place.mkdir()
    for number in range(3):
        write(place / f"{number}.txt", number)
    return place


def write(path, number):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"This is text {number}. " + f"It tells of matter {number}. " * 30)


def mirror(user, folder, *, only=None, away=0.0, still=0.0, allow_empty=False):
    collection = uploading.collection_of(user, "Mirrored")
    gatherer = Gatherer(os.fsencode(folder), collection, user)
    options = {"away": away, "still": still, "allow_empty": allow_empty}
    return Mirror(gatherer, only or Only(), **options)


def look(mirror):
    return [(news.what, news.name) for news in mirror.look() if news.what != "unchanged"]


def names(user):
    ready = Document.objects.for_user(user).filter(status="ready")
    return sorted(ready.values_list("name", flat=True))


@pytest.fixture
def followed(alice, folder):
    """A mirror after its first look."""
    made = mirror(alice, folder)
    look(made)
    return made


def test_what_is_added_edited_and_deleted_is_followed(alice, folder, followed):
    write(folder / "deep" / "er" / "3.txt", 3)
    write(folder / "0.txt", 100)
    (folder / "1.txt").unlink()
    assert look(followed) == [("new", "deep/er/3.txt"), ("changed", "0.txt"), ("gone", "1.txt")]
    assert names(alice) == ["0.txt", "2.txt", "deep/er/3.txt"]
    assert look(followed) == []


def test_what_happened_while_nobody_watched_is_caught_up(alice, folder, followed):
    write(folder / "3.txt", 3)
    (folder / "1.txt").unlink()
    assert look(mirror(alice, folder)) == [("new", "3.txt"), ("gone", "1.txt")]


def test_a_moved_file_keeps_its_document_and_costs_no_vectors(
    alice, folder, followed, engine_server
):
    before = Document.objects.get(name="1.txt")
    engine_server.requests.clear()
    (folder / "law").mkdir()
    (folder / "1.txt").rename(folder / "law" / "9.txt")
    assert look(followed) == [("renamed", "law/9.txt")]
    assert Document.objects.get(name="law/9.txt").pk == before.pk
    assert engine_server.asked("/api/embed") == []
    assert look(followed) == []


def test_passages_are_told_the_new_name_of_a_renamed_file(alice, folder, followed):
    (folder / "1.txt").rename(folder / "harbour.txt")
    assert look(followed) == [("renamed", "harbour.txt")]
    chunks = Chunk.objects.of_document(Document.objects.get(name="harbour.txt"))
    assert {chunk.context for chunk in chunks} == {"harbour"}


def test_a_name_that_changes_its_capitals_is_followed(alice, folder, followed):
    (folder / "1.txt").rename(folder / "1.TXT")
    assert look(followed) == [("renamed", "1.TXT")]


def test_a_moved_folder_keeps_its_documents(alice, folder, followed, engine_server):
    for number in range(20, 40):
        write(folder / "a" / f"{number}.txt", number)
    look(followed)
    kept = set(Document.objects.values_list("pk", flat=True))
    engine_server.requests.clear()
    (folder / "a").rename(folder / "b")
    assert {what for what, _ in look(followed)} == {"renamed"}
    assert set(Document.objects.values_list("pk", flat=True)) == kept
    assert engine_server.asked("/api/embed") == []


def test_a_file_that_was_put_aside_for_a_new_one_keeps_its_vectors(
    alice, folder, followed, engine_server
):
    engine_server.requests.clear()
    (folder / "1.txt").rename(folder / "1.old.txt")
    write(folder / "1.txt", 100)
    assert look(followed) == [("new", "1.old.txt"), ("changed", "1.txt")]
    embedded = [text for body in engine_server.asked("/api/embed") for text in body["input"]]
    assert embedded
    assert all("matter 100" in text for text in embedded)


def test_a_file_is_not_taken_while_it_is_being_written(alice, folder, followed):
    followed.still = 60.0
    write(folder / "3.txt", 3)
    assert look(followed) == []
    assert not followed.is_settled
    long_ago = next(iter(followed.unsettled.values()))[1] - 61
    followed.unsettled = {
        path: (stamp, long_ago) for path, (stamp, _) in followed.unsettled.items()
    }
    write(folder / "3.txt", 30)  # it goes on, so the waiting begins again
    assert look(followed) == []
    followed.still = 0.0
    assert look(followed) == [("new", "3.txt")]


def test_a_file_that_is_away_for_a_moment_keeps_its_document(alice, folder, followed):
    followed.away = 60.0
    before = Document.objects.get(name="1.txt").pk
    (folder / "1.txt").unlink()
    assert look(followed) == []
    assert not followed.is_settled
    write(folder / "1.txt", 100)
    assert look(followed) == [("changed", "1.txt")]
    assert Document.objects.get(name="1.txt").pk == before
    assert followed.is_settled


def test_a_folder_that_is_gone_deletes_nothing(alice, folder, followed):
    folder.rename(folder.with_name("elsewhere"))
    assert look(followed) == [("held", "The folder cannot be read")]
    assert look(followed) == []  # said once
    assert len(names(alice)) == 3
    folder.with_name("elsewhere").rename(folder)
    assert look(followed) == []


def test_an_emptied_folder_deletes_nothing_until_it_is_confirmed(alice, folder, followed):
    shutil.rmtree(folder)
    folder.mkdir()
    assert look(followed) == [("held", "3 of 3 files are gone")]
    assert look(followed) == []
    assert look(mirror(alice, folder)) == [("held", "3 of 3 files are gone")]
    assert len(names(alice)) == 3
    confirmed = mirror(alice, folder, allow_empty=True)
    assert {what for what, _ in look(confirmed)} == {"gone"}
    assert names(alice) == []


def test_a_confirmation_is_for_what_was_gone_then(alice, folder, followed):
    confirmed = mirror(alice, folder, allow_empty=True)
    look(confirmed)
    shutil.rmtree(folder)
    folder.mkdir()
    assert look(confirmed) == [("held", "3 of 3 files are gone")]


def test_most_of_many_files_do_not_go_at_once(alice, folder, followed):
    for number in range(10, 10 + MANY):
        write(folder / "mounted" / f"{number}.txt", number)
    look(followed)
    shutil.rmtree(folder / "mounted")
    (folder / "2.txt").unlink()
    write(folder / "0.txt", 100)
    told = look(followed)
    assert told == [("changed", "0.txt"), ("held", f"{MANY + 1} of {MANY + 3} files are gone")]
    assert len(names(alice)) == MANY + 3


def test_a_document_that_came_from_elsewhere_stays(alice, folder):
    with (folder / "0.txt").open("rb") as file:
        uploading.accept_named(file, name="0.txt", by=alice, collection="Mirrored")
    followed = mirror(alice, folder)
    look(followed)
    (folder / "0.txt").unlink()
    look(followed)
    assert names(alice) == ["0.txt", "1.txt", "2.txt"]
    assert LocalFile.objects.count() == 2


def test_a_document_that_a_person_renamed_is_followed_under_its_new_name(alice, folder, followed):
    Document.objects.filter(name="1.txt").update(name="My notes.txt")
    write(folder / "1.txt", 100)
    look(followed)
    assert names(alice) == ["0.txt", "2.txt", "My notes.txt"]
    (folder / "1.txt").rename(folder / "one.txt")
    look(followed)
    assert names(alice) == ["0.txt", "2.txt", "My notes.txt"]
    write(folder / "My notes.txt", 5)
    assert look(followed) == [("failed", "My notes.txt")]
    assert look(followed) == []
    (folder / "one.txt").unlink()
    look(followed)
    assert names(alice) == ["0.txt", "2.txt"]


def test_what_cannot_be_read_is_said_once(alice, folder, followed):
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 300)
    assert look(followed) == [("failed", "noise.bin")]
    assert look(followed) == []


def test_what_is_hidden_or_excluded_is_neither_taken_nor_deleted(alice, folder, followed):
    (folder / ".hidden.txt").write_bytes(TEXT)
    (folder / "link.txt").symlink_to("/etc/hostname")
    assert look(mirror(alice, folder, only=Only(exclude=["1.txt"]))) == []
    assert names(alice) == ["0.txt", "1.txt", "2.txt"]


def test_other_people_and_collections_are_not_touched(alice, bob, folder, followed):
    look(mirror(bob, folder))
    (folder / "1.txt").unlink()
    look(followed)
    assert names(alice) == ["0.txt", "2.txt"]
    assert names(bob) == ["0.txt", "1.txt", "2.txt"]
