"""Processes that stand still, a pull whose worker is killed, clocks that jump: the work goes on."""

import json
import re
import signal
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.embedded.conftest import Up, long_folder
from tests.engine_server import EngineServer

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]
ANSWER = " ".join(f"word{n}" for n in range(120))
STANDSTILL_SECONDS = 15  # longer than a heart may stand still
JUMPS = ("+1d", "-1d", "+400d", "-400d", "+0")  # of a clock, from what it is
LISTED = "/api/documents?q=.txt"
ERROR = re.compile(r"^[\w.]+(?:Error|Exception)\b", re.MULTILINE)
FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


@pytest.fixture(scope="module")
def engine():
    with EngineServer() as server:
        yield server


def started(engine, **more):
    for folder in long_folder():
        facts = {"OLLAMA_HOST": engine.url, "DJANGO_SETTINGS_MODULE": "localchat.settings"}
        up = Up(folder, **facts, **more)
        yield up.start().ready()
        up.stop()


@pytest.fixture(scope="module")
def program(engine):
    yield from started(engine)


def client(program):
    return httpx.Client(base_url=program.facts["url"], trust_env=False, timeout=120)


def frames(answer):
    return [json.loads(line[6:]) for line in answer.iter_lines() if line.startswith("data: ")]


def upload(http, name, words):
    files = {"files": (name, f"The harbour of {name} has {words}. ".encode() * 200)}
    with http.stream("POST", "/api/documents/upload", files=files) as answer:
        return frames(answer)[-2]["result"]


def ask(http):
    asked = {"message": "Tell me.", "use_rag": False, "events": True}
    with http.stream("POST", "/api/chat", json=asked) as answer:
        return answer.headers["X-Message"], frames(answer)


def until(holds, seconds):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)


def test_a_worker_that_stood_still_loses_and_doubles_no_document(program):
    worker, results = program.part("-Q documents"), {}

    def send(name):
        with client(program) as http:
            results[name] = upload(http, name, "seven cranes")

    names = [f"still-{number}.txt" for number in range(4)]
    senders = [threading.Thread(target=send, args=(name,)) for name in names]
    worker.send_signal(signal.SIGSTOP)
    for sender in senders[:2]:  # one half before it goes on, the other while it does
        sender.start()
    time.sleep(STANDSTILL_SECONDS)
    worker.send_signal(signal.SIGCONT)
    for sender in senders[2:]:
        sender.start()
    time.sleep(0.3)
    worker.send_signal(signal.SIGSTOP)
    time.sleep(STANDSTILL_SECONDS)
    worker.send_signal(signal.SIGCONT)
    for sender in senders:
        sender.join(120)
    with client(program) as http:
        found = http.get("/api/documents?q=still-").json()
    assert sorted((each["name"], each["status"]) for each in found) == [
        (name, "ready") for name in names
    ]
    assert [results[name]["success"] for name in names] == [True] * 4
    print(f"a worker stopped twice for {STANDSTILL_SECONDS} s: 4 of 4 ready")  # noqa: T201


def test_a_pull_outlives_two_kills_of_its_worker(program, engine):
    engine.pulling(seconds=8.0)
    told = []

    def pull():
        with client(program) as http:
            asked = {"model": "killed:1b"}
            with http.stream("POST", "/api/models/pull", json=asked) as answer:
                for line in answer.iter_lines():
                    if line.startswith("data: "):
                        told.append(json.loads(line[6:]))

    pulling = threading.Thread(target=pull)
    pulling.start()
    for _ in range(2):
        seen = len(told)
        until(lambda seen=seen: any("completed" in each for each in told[seen:]), 60)
        program.part("-Q pulls").kill()
        until(lambda: program.has("-Q pulls"), 10)
    pulling.join(120)
    assert told[-1] == {"status": "success"}
    assert sum(each == {"status": "success"} for each in told) == 1
    with client(program) as http:
        assert "killed:1b" in {each["name"] for each in http.get("/api/models").json()["models"]}
    print("a pull whose worker was killed twice: done once")  # noqa: T201


@pytest.mark.skipif(not FAKETIME, reason="there is no libfaketime (Debian: apt install faketime)")
def test_clocks_that_jump_lose_and_halt_nothing(engine, tmp_path):
    """Of web and workers, by a day and by a year, while they answer and read."""
    clock = tmp_path / "clock"
    clock.write_text("+0")
    tmp_path.chmod(0o755)
    clock.chmod(0o644)
    faked = {
        "LD_PRELOAD": str(FAKETIME[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    engine.script(answer=ANSWER, rate=40)
    for up in started(engine, **faked):
        for number, jump in enumerate(JUMPS):
            timer = threading.Timer(1.0, clock.write_text, (jump,))
            timer.start()
            with client(up) as http:
                message, told = ask(http)
                result = upload(http, f"jump-{number}.txt", f"{number + 3} cranes")
                kept = http.get(f"/api/messages/{message}").json()
            timer.join()
            text = "".join(each.get("content", "") for each in told)
            assert (text, kept["text"], told[-1]["done"]) == (ANSWER, ANSWER, True), jump
            assert result["success"], (jump, result)
        with client(up) as http:
            found = http.get("/api/documents?q=jump-").json()
        assert [each["status"] for each in found] == ["ready"] * len(JUMPS)
        # With libfaketime a sleep may end so: its thread ends, and another begins.
        assert set(ERROR.findall(up.output())) <= {"builtins.OSError"}
    print(f"{len(JUMPS)} jumps of the clock: all answered and read")  # noqa: T201


def test_links_that_are_exchanged_for_files_and_folders_show_nothing_from_outside(
    program, tmp_path
):
    """As fast as can be, a file and a folder of a watched folder become links and files again."""
    watched, outside = tmp_path / "watched", tmp_path / "outside"
    for folder in (watched / "sub", outside):
        folder.mkdir(parents=True)
        (folder / "inner.txt").write_text("An inner file of mine, with nothing in it. " * 20)
    (outside / "inner.txt").write_text("forbiddenword lies outside of what is watched. " * 20)
    (outside / "note.txt").write_text("forbiddenword lies outside of what is watched. " * 20)
    over = threading.Event()
    racing = threading.Thread(target=_exchange, args=(watched, outside, over))
    racing.start()
    watching = program.call("watch", str(watched), "--collection", "Raced", wait=False)
    try:
        with client(program) as http:
            for number in range(20):
                (watched / f"new-{number}.txt").write_text(f"File number {number} of mine. " * 20)
                time.sleep(0.5)
                assert watching.poll() is None, program.output()
    finally:
        over.set()
        racing.join()
    try:
        with client(program) as http:
            wanted = {"note.txt", "sub/inner.txt", *(f"new-{number}.txt" for number in range(20))}
            until(lambda: {each["name"] for each in http.get(LISTED).json()} >= wanted, 30)
            for document in http.get(LISTED).json():
                told = http.get(f"/api/documents/{document['id']}/chunks").text
                assert "forbiddenword" not in told, document["name"]
    finally:
        watching.send_signal(signal.SIGINT)
        watching.wait(20)
    print(f"{racing.rounds} exchanges of files and folders for links: nothing got in")  # noqa: T201


def _exchange(watched, outside, over):
    """A file and a folder, each in turn what it is and a link to what lies outside."""
    rounds = 0
    while not over.is_set():
        for name in ("note.txt", "sub"):
            link, kept = watched / ".link", watched / f".{name}"
            link.symlink_to(outside / ("note.txt" if name == "note.txt" else ""))
            if (watched / name).exists():
                (watched / name).rename(kept)
            link.replace(watched / name)
            time.sleep(0.0005)
            (watched / name).unlink()
            if kept.exists():
                kept.rename(watched / name)
            else:
                (watched / name).write_text("A note of mine. " * 20)
            time.sleep(0.0005)
            rounds += 1
    threading.current_thread().rounds = rounds
