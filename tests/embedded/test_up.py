"""`manage.py up` with its real children."""

import signal
import socket
from contextlib import suppress

import psutil
import pytest

from localchat.embedded import postgres, redis
from tests.embedded.conftest import Path, Up, eventually

PARTS = ["daphne", "-Q documents", "-Q pulls", "redis-server", "postgres"]


@pytest.fixture
def running(up):
    return up().ready()


@pytest.fixture(scope="module")
def shared(kept_data):
    """One server for the tests that leave it running."""
    server = Up(kept_data).start().ready()
    yield server
    server.stop()


def test_ctrl_c_leaves_no_process_and_no_folder(running):
    children, run = running.children(), Path(running.facts["run"])
    assert len(children) >= len(PARTS)
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(15) == 0
    assert not [child for child in children if child.is_running()]
    assert not run.exists()
    assert "Traceback" not in running.output()


def test_kill_9_of_the_supervisor_leaves_no_process_and_the_next_start_works(running, up):
    children, run = running.children(), Path(running.facts["run"])
    running.process.kill()
    running.process.wait()
    eventually(lambda: not [child for child in children if child.is_running()], 5)
    assert run.exists(), "nothing left to tidy up"
    assert up().ready().status() == 200
    assert not run.exists()


def test_every_dead_child_is_back_within_two_seconds(shared):
    for words in PARTS:
        dead = shared.part(words)
        dead.kill()
        eventually(lambda dead=dead: not dead.is_running(), 2)
        eventually(lambda words=words: shared.has(words), 2)
    eventually(lambda: shared.status() == 200, 20)
    assert not shared.ended()
    logs = shared.data / "logs"
    assert {each.stem for each in logs.glob("*.log")} >= {"web-1", "documents", "pulls", "redis"}
    assert "The web process has ended (signal 9)" in (logs / "supervisor.log").read_text()


def test_no_connection_is_refused_while_web_starts_again(shared):
    shared.part("daphne").kill()
    assert shared.status() == 200


def test_a_second_start_is_refused_and_told_who_was_first(shared):
    second = shared.call("up")
    said, _ = second.communicate(timeout=20)
    assert second.returncode == 1
    assert str(shared.process.pid) in said
    assert shared.facts["url"] in said
    assert shared.status() == 200


def test_a_command_joins_the_shared_server(shared):
    show = "from django.conf import settings as s; print(s.RUN, s.STANDALONE)"
    said, _ = shared.call("shell", "-v", "0", "-c", show).communicate(timeout=30)
    assert said.split()[-2:] == [shared.facts["run"], "False"]


def test_the_lock_file_names_servers_that_answer(shared):
    run = Path(shared.facts["run"])
    assert postgres.answers(run)
    assert redis.answers(run)
    assert shared.facts["pid"] == shared.process.pid
    assert f"host={run}" in shared.facts["database_url"]


def test_a_taken_port_is_said_and_the_next_one_used(up):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = up(PORT=str(port)).ready()
    assert f"Port {port} is taken; using {port + 1}." in server.output()
    assert f"LocalChat is ready: http://127.0.0.1:{port + 1}/" in server.output()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"PORT": "many"}, "PORT: must be a whole number from 1 to 65535, not 'many'."),
        ({"HOST": "192.0.2.77"}, "HOST: 192.0.2.77:8000 cannot be used"),
        ({"LOCALCHAT_PUBLIC_URL": "chat.test"}, "LOCALCHAT_PUBLIC_URL: must be as it is typed"),
        ({"LOCALCHAT_PUBLIC_URL": "https://chat.test"}, "SECRET_KEY: is required when"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_sentence(up, setting, said):
    server = up(**{"PORT": "8000", "SECRET_KEY": "", **setting})
    assert server.process.wait(20) == 1
    assert server.output().startswith(said)
    assert server.output().count("\n") == 1


def test_a_part_that_keeps_dying_ends_everything_with_the_reason(running):
    def kill_web():
        for child in running.children():
            with suppress(psutil.NoSuchProcess):
                if "daphne" in " ".join(child.cmdline()):
                    child.kill()
        return running.ended()

    children = running.children()
    eventually(kill_web, 20)
    assert running.process.returncode == 1
    assert "The web process failed 5 times in a minute: signal 9." in running.output()
    assert not [child for child in children if child.is_running()]


def test_a_command_without_a_server_has_services_of_its_own_and_up_says_who(up, data):
    alone = Up(data)
    wait = "import time; from django.conf import settings as s; print(s.STANDALONE); time.sleep(6)"
    command = alone.call("shell", "-v", "0", "-c", wait)
    eventually(lambda: "run" in alone.facts, 30)
    refused = up()
    assert refused.process.wait(10) == 1
    assert f"`manage.py shell` (process {command.pid})" in refused.output()
    said, _ = command.communicate(timeout=30)
    assert said.split()[-1] == "True"
    assert not psutil.pid_exists(command.pid)
    assert not Path(str(alone.facts.get("run", "/nonexistent"))).exists()
    alone.said.close()
