"""What is no whole backup of ours is refused before anything is touched."""

import io
import json
import tarfile

import pytest

from localchat.backups import archive, restoring
from localchat.backups.archive import (
    DamagedBackup,
    Manifest,
    NewerBackup,
    NotABackup,
    Writer,
    check,
    members,
)
from localchat.backups.restoring import NotEmpty

NAME = "originals/ab/" + "ab" * 16
FACTS = Manifest("0.1.0", "2026-01-02T03:04:05+00:00", [("chat", "0001_initial")], 1, 2, 3)


def written(path, facts=FACTS, **files):
    with path.open("wb") as out:
        writer = Writer(out, facts)
        for name, data in {"secret.key": b"key", NAME: b"x" * 70_000, **files}.items():
            writer.add_bytes(name, data)
        writer.close()
    return path


@pytest.fixture
def backup(tmp_path):
    return written(tmp_path / "whole.backup")


def test_what_was_written_is_read_again(backup):
    assert check(backup) == FACTS
    found = {name: file.read() for name, file in members(backup)}
    assert found == {"secret.key": b"key", NAME: b"x" * 70_000}


def test_one_that_ends_too_early_is_refused_wherever_it_ends(backup):
    whole = backup.read_bytes()
    blank = 10_240  # of the tar's end
    for length in [100, 512, 1024, 2048, 40_000, 70_000, len(whole) - blank - 513]:
        backup.write_bytes(whole[:length])
        with pytest.raises((DamagedBackup, NotABackup)):
            check(backup)


def test_one_changed_byte_is_noticed(backup):
    body = bytearray(backup.read_bytes())
    body[body.index(b"x" * 1000) + 500] ^= 1
    backup.write_bytes(body)
    with pytest.raises(DamagedBackup):
        check(backup)


@pytest.mark.parametrize("body", [b"", b"Dear John,", b"\0" * 20_480, b"PK\3\4" + b"0" * 5000])
def test_other_files_are_no_backups(tmp_path, body):
    path = tmp_path / "letter"
    path.write_bytes(body)
    with pytest.raises(NotABackup):
        check(path)


def test_nor_is_another_tar(tmp_path):
    path = tmp_path / "other.tar"
    with tarfile.open(path, "w") as tar:
        info = tarfile.TarInfo("manifest.json")
        body = json.dumps({"format": "something else"}).encode()
        info.size = len(body)
        tar.addfile(info, io.BytesIO(body))
    with pytest.raises(NotABackup):
        check(path)


def test_a_file_that_belongs_elsewhere_makes_it_foreign(tmp_path):
    with pytest.raises(NotABackup, match="foreign"):
        check(written(tmp_path / "odd", **{"elsewhere.txt": b"?"}))


@pytest.mark.parametrize(
    "seen", [5, None, "chat", [1], [["chat"]], [["chat", "0001_initial", "more"]], [[None, None]]]
)
def test_a_manifest_of_another_shape_is_none(tmp_path, seen):
    with pytest.raises(NotABackup):
        check(written(tmp_path / "odd", FACTS._replace(migrations=seen)))


@pytest.mark.parametrize(
    ("name", "body", "told", "error"),
    [
        ("manifest.json", b"[" * 100_000, {}, NotABackup),
        ("secret\udcff.key", b"", {}, NotABackup),
        ("secret.key", b"", {"GNU.sparse.map": "a,b"}, NotABackup),
    ],
    ids=["facts that lie too deep", "a name that is no text", "a place that is no number"],
)
def test_what_cannot_be_understood_is_refused_in_words(tmp_path, name, body, told, error):
    path = tmp_path / "odd"
    with tarfile.open(path, "w", errors="surrogateescape") as tar:
        info = tarfile.TarInfo(name)
        info.size, info.pax_headers = len(body), told
        tar.addfile(info, io.BytesIO(body))
    with pytest.raises(error):
        check(path)


def test_one_of_a_later_format_is_newer(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "NUMBER", 2)
    path = written(tmp_path / "later")
    monkeypatch.undo()
    with pytest.raises(NewerBackup):
        check(path)


def test_so_is_one_whose_tables_have_seen_more_and_the_folder_stays_as_it_was(tmp_path):
    more = FACTS._replace(migrations=[("chat", "0001_initial"), ("documents", "0999_later")])
    path, data = written(tmp_path / "later", more), tmp_path / "data"
    with pytest.raises(NewerBackup):
        restoring.restore(path, data, print)
    assert not data.exists()


def test_data_that_are_there_are_left_as_they_are(backup, tmp_path):
    place = tmp_path / "data" / NAME
    place.parent.mkdir(parents=True)
    place.write_bytes(b"mine")
    mine = backup.with_name("mine")
    with pytest.raises(NotEmpty, match="is not empty: it has originals"):
        restoring.restore(written(mine, FACTS._replace(migrations=[])), tmp_path / "data", print)
    assert place.read_bytes() == b"mine"


def test_some_of_its_files_can_be_read_alone(backup):
    assert [name for name, _ in members(backup, "originals/")] == [NAME]
    assert [name for name, _ in members(backup, but="originals/")] == ["secret.key"]
