"""A backup, a restore and an upgrade are killed at random moments: what was there stays whole."""

import random
import shutil
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from localchat.backups import archive
from tests.embedded.conftest import CHECKOUT, Up, eventually, long_folder

pytestmark = [pytest.mark.fault, pytest.mark.timeout(600)]

TIMES = 5
QUESTION = "notice period"
NEW_TABLE = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE TABLE later (id int)"),
        migrations.RunSQL("SELECT pg_sleep(3)"),
    ]
"""


@pytest.fixture(scope="module")
def place():
    yield from long_folder()


@pytest.fixture(scope="module")
def program(place):
    up = Up(place / "data", OLLAMA_HOST="http://127.0.0.1:9").start().ready()
    for number in range(20):
        body = f"Contract {number}: the notice period is {number} weeks. ".encode() * 200
        files = {"files": (f"contract-{number}.txt", body)}
        httpx.post(
            up.facts["url"] + "api/documents/upload", files=files, trust_env=False, timeout=60
        )
    yield up
    up.stop()


def killed_after(process: subprocess.Popen[str], seconds: float) -> bool:
    """Whether it had come to its end by itself before."""
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


def found(up: Up) -> list[tuple[object, ...]]:
    body = {"query": QUESTION, "top_k": 10}
    url = up.facts["url"] + "api/documents/test"
    told = httpx.post(url, json=body, trust_env=False, timeout=60).json()["results"]
    return [(each["filename"], each["document"], each["text"]) for each in told]


@pytest.fixture(scope="module")
def backup(program, place):
    """One that was made after some had been killed."""
    chance, file = random.Random(7), place / "one.backup"
    started = time.monotonic()
    started = time.monotonic()
    assert program.call("backup", str(place / "first.backup"), wait=False).wait(120) == 0
    needed = time.monotonic() - started
    for _ in range(TIMES):
        if killed_after(program.call("backup", str(file), wait=False), chance.uniform(0, needed)):
            archive.check(file)
            file.unlink()
        assert not file.exists()
    assert program.call("backup", str(file), wait=False).wait(120) == 0
    assert archive.check(file).originals == 20
    assert not list((place / "data").glob("backing-up-*"))
    return file


def test_a_restore_that_is_killed_can_be_done_again(program, backup, place):
    chance, wanted = random.Random(8), found(program)
    other = Up(place / "other", OLLAMA_HOST="http://127.0.0.1:9")
    for _ in range(TIMES):
        if killed_after(other.call("restore", str(backup), wait=False), chance.uniform(1, 12)):
            break
    else:
        assert other.call("restore", str(backup), wait=False).wait(120) == 0
    other.start().ready()
    assert found(other) == wanted
    other.stop()


def test_an_upgrade_that_is_killed_goes_on_at_the_next_start(backup, place):
    """A backup lies there before the first table is changed, and one is enough."""
    checkout = place / "newer"
    parts = ("localchat", "chat", "documents", "models_mgmt", "templates")
    for part in parts:
        shutil.copytree(CHECKOUT / part, checkout / part)
    for part in ("manage.py", "requirements.txt", ".env.example"):
        shutil.copy(CHECKOUT / part, checkout / part)
    (checkout / "documents/migrations/0002_later.py").write_text(NEW_TABLE)
    data = place / "upgraded"
    old = Up(data, OLLAMA_HOST="http://127.0.0.1:9")
    assert old.call("restore", str(backup), wait=False).wait(120) == 0
    old.said.close()
    new = Up(data, OLLAMA_HOST="http://127.0.0.1:9")
    new.checkout = checkout
    new.start()
    eventually(lambda: kept(data), 120)
    time.sleep(1)
    new.process.kill()
    new.process.wait()
    archive.check(kept(data)[0])
    new.start().ready()
    assert len(found(new)) == 10
    assert "A backup was made before the upgrade" in new.output()
    new.stop()


def kept(data: Path) -> list[Path]:
    return list((data / "backups").glob("before-upgrade-*.backup"))
