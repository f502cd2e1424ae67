"""The built-in engine's process: it comes, is replaced, and goes."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time

import psutil
import pytest
from django.conf import settings as configured

from models_mgmt import builtin as constants
from models_mgmt.builtin import registry, weights
from models_mgmt.builtin.process import birth
from models_mgmt.engines import builtin

MODEL = constants.MODEL


def gone(pid: int, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while birth(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return birth(pid) is None


def test_it_starts_only_once(builtin_weights):
    first = registry.ensure()
    assert registry.ensure() == first


def test_many_who_need_it_at_once_start_one(builtin_weights):
    doors = []
    threads = [threading.Thread(target=lambda: doors.append(registry.ensure())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(doors) == 8
    assert len(set(doors)) == 1


def test_its_key_is_for_our_eyes_alone(builtin_weights, settings):
    door = registry.ensure()
    mode = stat.S_IMODE((settings.RUN / "engine.json").stat().st_mode)
    assert mode == 0o600
    process = psutil.Process(door.pid)
    assert door.key not in str([process.cmdline(), process.environ()])
    assert "SECRET" not in str(process.environ())


def test_an_engine_killed_while_it_embeds_is_replaced_and_nothing_is_lost(builtin_weights):
    door = registry.ensure()
    found = []
    texts = [f"Sentence {number} " + "and more of it " * 40 for number in range(64)]
    thread = threading.Thread(target=lambda: found.extend(builtin.embed(MODEL, texts)))
    thread.start()
    time.sleep(0.4)
    assert thread.is_alive(), "the batch is too small for this test"
    os.kill(door.pid, signal.SIGKILL)
    thread.join(60)
    assert len(found) == 64
    assert registry.ensure().pid != door.pid


def test_an_engine_that_hangs_is_replaced(builtin_weights, monkeypatch):
    monkeypatch.setattr(builtin, "ANSWER_SECONDS", 0.5)
    door = registry.ensure()
    builtin.embed(MODEL, ["warm"])
    os.kill(door.pid, signal.SIGSTOP)
    assert len(builtin.embed(MODEL, ["hello"])) == 1
    assert gone(door.pid)


def test_a_number_that_is_another_process_by_now_is_not_taken_for_the_engine(
    builtin_weights, settings
):
    door = registry.ensure()
    os.kill(door.pid, signal.SIGKILL)
    assert gone(door.pid)
    registry.CHILD.write(door._replace(pid=os.getpid()))  # lives, but began at another time
    assert registry.ensure().pid not in {door.pid, os.getpid()}


def test_it_leaves_when_the_one_who_started_it_is_killed(builtin_weights, settings):
    code = (
        "import os; from django.conf import settings; from pathlib import Path;"
        f"settings.configure(RUN=Path({str(settings.RUN)!r}),"
        f"WEIGHTS=Path({str(settings.WEIGHTS)!r}), BASE_DIR=Path({str(configured.BASE_DIR)!r}));"
        "from models_mgmt.builtin import registry; print(registry.ensure().pid, flush=True);"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=configured.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert gone(int(done.stdout), seconds=3)


def test_with_a_supervisor_it_outlives_who_started_it_and_leaves_with_the_supervisor(
    builtin_weights, monkeypatch
):
    with subprocess.Popen(["sleep", "60"]) as supervisor:
        monkeypatch.setenv("LOCALCHAT_SUPERVISOR", str(supervisor.pid))
        door = registry.ensure()
        supervisor.kill()
        assert gone(door.pid, seconds=3)


def test_it_leaves_when_nobody_has_needed_it(builtin_weights):
    code = (
        "import sys; from models_mgmt.builtin import server;"
        "server.IDLE_SECONDS = 0.5; server.main(*sys.argv[1:])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(weights.folder()), str(os.getpid())],
        cwd=configured.BASE_DIR,
        stdout=subprocess.PIPE,
    ) as child:
        door = json.loads(child.stdout.readline())
        assert child.wait(timeout=5) == 0
    assert not psutil.pid_exists(door["pid"])


def test_it_ends_when_told_to(builtin_weights):
    door = registry.ensure()
    registry.stop()
    assert gone(door.pid)


def test_no_inference_library_is_imported_by_who_asks(builtin_weights):
    code = (
        "import sys; import models_mgmt.engines;"
        "print([m for m in ('numpy', 'ctranslate2', 'tokenizers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=configured.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_the_engines_process_knows_no_django(builtin_weights):
    code = (
        "import sys; import models_mgmt.builtin.server;"
        "print([m for m in ('django', 'celery', 'requests') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=configured.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_without_weights_nothing_starts_and_the_mending_line_is_named(settings, tmp_path):
    settings.WEIGHTS, settings.RUN = tmp_path / "weights", tmp_path / "run"
    with pytest.raises(weights.WeightsMissing, match="--fetch-builtin"):
        registry.ensure()
    assert not (tmp_path / "run").exists()
