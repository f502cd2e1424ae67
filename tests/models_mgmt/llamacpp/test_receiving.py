"""GGUF files that are dropped in: piece by piece to disk, refused as soon as that is known."""

import fcntl
import json
import os
import time
from urllib.parse import urlencode

import pytest

from models_mgmt import choosing, receiving, topics
from models_mgmt.engines import llamacpp
from models_mgmt.llamacpp import folder, leftovers
from tests.gguf_files import gguf


@pytest.fixture
def models(settings, tmp_path):
    settings.MODELS = tmp_path / "models"
    choosing.forget()
    return settings.MODELS


@pytest.fixture
def send(owner_client, models):
    """A piece over HTTP: the status, and what is answered."""

    def sent(name, start, total, piece):
        road = f"/api/models/files?{urlencode({'name': name, 'start': start, 'total': total})}"
        answer = owner_client.post(road, piece, content_type="application/octet-stream")
        return answer.status_code, json.loads(answer.content)

    return sent


@pytest.fixture
def made(tmp_path) -> bytes:
    return gguf(tmp_path / "made.gguf").read_bytes()


pytestmark = pytest.mark.django_db


def test_a_file_that_has_come_whole_is_a_model_at_once(send, made, models):
    total = len(made)
    assert send("tiny.gguf", 0, total, made[:300]) == (200, {"done": 300, "model": ""})
    assert llamacpp.list_models() == []
    assert send("tiny.gguf", 300, total, made[300:]) == (200, {"done": total, "model": "tiny"})
    assert [model.name for model in choosing.installed().models][:1] == ["tiny"]
    assert (models / "tiny.gguf").read_bytes() == made
    assert list((models / ".coming").iterdir()) == []


def test_a_piece_that_does_not_follow_is_refused_and_the_first_begins_anew(send, made):
    total = len(made)
    send("tiny.gguf", 0, total, made[:300])
    assert send("tiny.gguf", 299, total, made[299:])[1]["error"] == "out_of_place"
    assert send("other.gguf", 300, total, made[300:])[1]["error"] == "out_of_place"
    assert send("tiny.gguf", 0, total, made[:100])[0] == 200
    assert send("tiny.gguf", 100, total, made[100:])[1]["model"] == "tiny"


@pytest.mark.parametrize(
    ("changes", "total", "sentence"),
    [
        ({"general.architecture": "bert"}, 9_000, "its architecture (bert) is not one"),
        ({"tokenizer.chat_template": None}, 9_000, "has no chat template"),
        ({}, 10**13, "needs 10,000.0 GB on the disk"),
        ({"llama.block_count": 4096, "llama.embedding_length": 1 << 20}, 9_000, "GB of memory"),
    ],
)
def test_what_will_be_refused_is_refused_with_its_first_piece(
    send, models, tmp_path, changes, total, sentence
):
    head = gguf(tmp_path / "made.gguf", changes).read_bytes()[:600]
    status, said = send("tiny.gguf", 0, total, head)
    assert status in {400, 507}
    assert said["message"].startswith("tiny.gguf ")
    assert sentence in said["message"]
    assert not [path for path in models.rglob("*") if path.is_file()]


def test_what_is_no_gguf_is_refused_with_its_first_piece(send):
    status, said = send("tiny.gguf", 0, 10**9, b"PK\x03\x04" + bytes(1000))
    assert (status, said["error"]) == (400, "no_model")
    assert said["message"] == "tiny.gguf is not in the GGUF format."


def test_a_file_that_ends_early_is_refused_with_its_last_piece(send, made):
    assert send("tiny.gguf", 0, len(made) - 9, made[:-9])[1]["message"].startswith(
        "tiny.gguf is not whole"
    )
    assert send("tiny.gguf", 0, 400, made[:400])[1]["message"].startswith("tiny.gguf ends in")


def test_more_than_was_said_is_refused(send, made):
    assert send("tiny.gguf", 0, 10, made)[0] == 400


@pytest.mark.parametrize("name", ["../a.gguf", ".a.gguf", "a/b.gguf", "a.bin", "", "x" * 200])
def test_a_name_that_leads_elsewhere_is_refused(send, made, tmp_path, name):
    before = sorted(tmp_path.rglob("*"))
    assert send(name, 0, len(made), made)[0] == 400
    assert sorted(tmp_path.rglob("*")) == before


def test_a_model_that_is_there_is_not_overwritten(send, made):
    send("tiny.gguf", 0, len(made), made)
    status, said = send("tiny.gguf", 0, len(made), made)
    assert (status, said["message"]) == (409, "tiny.gguf is there already. Delete it first.")


def test_a_disk_that_fills_up_on_the_way_is_told(tmp_path):
    part = tmp_path / "tiny.gguf"
    part.symlink_to("/dev/full")
    with pytest.raises(receiving.DiskFull):
        receiving._add(part, b"x" * 10_000)
    assert not part.is_symlink()


def test_what_has_come_is_thrown_away_when_told(send, made, owner_client, models):
    send("tiny.gguf", 0, len(made), made[:300])
    assert owner_client.delete("/api/models/files?name=tiny.gguf").status_code == 200
    assert list((models / ".coming").iterdir()) == []


def test_who_may_not_manage_models_sends_none(alice_client, models, made, settings):
    settings.OWNER_MODE = False
    road = f"/api/models/files?name=tiny.gguf&start=0&total={len(made)}"
    answer = alice_client.post(road, made, content_type="application/octet-stream")
    assert answer.status_code == 403
    assert alice_client.delete("/api/models/files?name=tiny.gguf").status_code == 403
    assert folder.files() == []


@pytest.mark.parametrize("kind", [".coming", ".pulling"])
def test_what_nobody_goes_on_with_is_thrown_away_after_some_days(models, kind):
    (models / kind).mkdir(parents=True)
    old, written, young = (models / kind / name for name in ("old", "written", "young"))
    for part in (old, written, young):
        part.write_bytes(b"half")
    for part in (old, written):
        os.utime(part, (0, time.time() - leftovers.KEPT_SECONDS - 1))
    with written.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        topics.sweep()
    assert sorted((models / kind).iterdir()) == [written, young]
