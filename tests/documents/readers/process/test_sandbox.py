import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from documents.readers.kinds import FORMATS
from documents.readers.process import client
from documents.readers.process.cage import Limits
from documents.readers.process.client import Sandbox
from documents.readers.process.errors import (
    OutOfMemory,
    OutOfTime,
    ReaderFailed,
    ReaderGone,
    ReadingCancelled,
    TooMuchText,
)
from tests import files

WITH_HOSTILE = {**FORMATS, "hostile": "tests.documents.readers.hostile"}
TIGHT = Limits(cpu_seconds=1, wall_seconds=3, memory_bytes=200 << 20, text_characters=10_000)


@pytest.fixture(scope="module")
def sandbox():
    made = Sandbox(WITH_HOSTILE, TIGHT)
    made.prepare()
    yield made
    made.close()


@pytest.fixture
def told(sandbox, tmp_path):
    def tell(order: str) -> str:
        path = tmp_path / "order"
        path.write_text(order)
        return read(sandbox, path, "hostile").pages[0].text

    return tell


@pytest.fixture
def holds(sandbox):
    found = sandbox.holds()

    def needs(wall: str) -> None:
        if not found[wall]:
            pytest.skip(f"this kernel has no means for {wall!r}")

    return needs


def read(sandbox, path, kind, cancelled=lambda: False):
    return sandbox.read(path, kind, progress=lambda *_: None, cancelled=cancelled)


def eventually(condition, seconds=5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def children_of(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children()]


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_reader_sees_no_environment(told):
    assert told("environment") == "[]"


def test_a_reader_is_not_root(told):
    assert told("user") != "0"


def test_a_reader_has_only_its_file_and_its_conversation_open(told):
    assert told("descriptors") == "[0, 1, 2, 3, 4]"


@pytest.mark.parametrize(
    ("order", "wall"),
    [
        ("connect", "network"),
        ("open_a_file", "files"),
        ("fork", "processes"),
        ("start_a_program", "files"),
    ],
)
def test_a_reader_can_do_nothing_but_read(told, holds, order, wall):
    holds(wall)
    with pytest.raises(ReaderFailed):
        told(order)


def test_the_log_has_no_word_of_the_file(told, caplog):
    with pytest.raises(ReaderFailed):
        told("my own secret")
    assert "KeyError in hostile.py" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("order", "error"),
    [
        ("eat_memory", OutOfMemory),
        ("burn", OutOfTime),
        ("sleep", OutOfTime),
        ("crash", ReaderFailed),
        ("vanish", ReaderFailed),
        ("babble", ReaderFailed),
        ("lie", ReaderFailed),
    ],
)
def test_a_reader_that_misbehaves_fails_its_file_alone(told, sandbox, tmp_path, order, error):
    before = sandbox.pid
    with pytest.raises(ReaderFailed) as caught:
        told(order)
    assert type(caught.value) is error
    assert sandbox.pid == before
    assert told("environment") == "[]"


def test_more_text_than_is_allowed_is_said(sandbox, tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("word " * 3_000)
    with pytest.raises(TooMuchText):
        read(sandbox, path, "text")


def test_no_zombie_is_left(told, sandbox):
    told("user")
    assert eventually(lambda: not children_of(sandbox.pid))


def test_a_cancelled_file_is_dropped_within_a_second(sandbox, tmp_path):
    path = tmp_path / "order"
    path.write_text("sleep")
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    start = time.monotonic()
    with pytest.raises(ReadingCancelled):
        read(sandbox, path, "hostile", cancelled=stop.is_set)
    assert time.monotonic() - start < 1.0
    assert eventually(lambda: not children_of(sandbox.pid), 1.0)


def test_a_file_whose_pages_keep_coming_can_be_cancelled_too(sandbox, tmp_path):
    path = tmp_path / "order"
    path.write_text("talk_without_end")
    start = time.monotonic()
    with pytest.raises(ReadingCancelled):
        read(sandbox, path, "hostile", cancelled=lambda: True)
    assert time.monotonic() - start < 1.0


def test_twenty_files_from_four_threads_each_get_their_own_text(sandbox, tmp_path):
    paths = [tmp_path / f"{number}.pdf" for number in range(20)]
    for number, path in enumerate(paths):
        path.write_bytes(files.pdf(f"file number {number}", "second page"))
    with ThreadPoolExecutor(4) as threads:
        readings = list(threads.map(lambda path: read(sandbox, path, "pdf"), paths))
    found = [reading.pages[0].text for reading in readings]
    assert found == [f"file number {number}" for number in range(20)]


def test_when_the_reader_is_killed_its_file_may_be_tried_again(tmp_path):
    sandbox = Sandbox(WITH_HOSTILE)
    path = tmp_path / "order"
    path.write_text("sleep")
    try:
        sandbox.holds()
        first = sandbox.pid
        threading.Timer(0.5, os.kill, (first, signal.SIGKILL)).start()
        with pytest.raises(ReaderGone):
            read(sandbox, path, "hostile")
        path.write_text("environment")
        assert read(sandbox, path, "hostile").pages[0].text == "[]"
        assert sandbox.pid != first
    finally:
        sandbox.close()


def test_a_killed_reader_takes_its_children_with_it(tmp_path):
    sandbox = Sandbox(WITH_HOSTILE)
    path = tmp_path / "order"
    path.write_text("sleep")
    sandbox.holds()
    assert eventually(lambda: not children_of(sandbox.pid))
    with ThreadPoolExecutor(1) as threads:
        try:
            waiting = threads.submit(read, sandbox, path, "hostile")
            assert eventually(lambda: children_of(sandbox.pid))
            (child,) = children_of(sandbox.pid)
            os.kill(sandbox.pid, signal.SIGKILL)
            assert isinstance(waiting.exception(5), ReaderGone)
            assert eventually(lambda: not is_running(child))
        finally:
            sandbox.close()


def test_the_reader_leaves_when_the_asking_process_is_killed():
    code = (
        "import time\nfrom documents.readers.process import client\nsandbox = client.for_files()\n"
        "sandbox.holds()\nprint(sandbox.pid, flush=True)\ntime.sleep(60)\n"
    )
    asking = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=client.ROOT
    )
    with asking:
        reader = int(asking.stdout.readline())
        assert is_running(reader)
        asking.kill()
    assert eventually(lambda: not is_running(reader))


def test_the_thread_that_started_the_reader_may_end(tmp_path):
    sandbox = Sandbox()
    try:
        thread = threading.Thread(target=sandbox.holds)
        thread.start()
        thread.join()
        time.sleep(0.2)
        assert is_running(sandbox.pid)
    finally:
        sandbox.close()


def test_the_reader_process_stays_light():
    code = (
        "import sys, documents.readers.process.sandbox\n"
        "heavy = {'django', 'celery', 'redis', 'numpy'} & set(sys.modules)\n"
        "ours = {each for each in sys.modules if each.startswith('localchat.lib.')}\n"
        "heavy |= ours - {'localchat.lib.errors', 'localchat.lib.sentences'}\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=client.ROOT)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="the system does not tell")
def test_texts_are_read_by_a_process_without_large_libraries(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Ein Gruß an alle Übrigen".encode("cp1252"))
    found = read(client.for_kind("text"), path, "text")
    assert found.pages[0].text == "Ein Gruß an alle Übrigen"
    assert not {"pdfium", "PIL"} & libraries_of(client.for_kind("text").pid)
    client.for_kind("pdf").prepare()
    assert eventually(lambda: {"pdfium", "PIL"} <= libraries_of(client.for_kind("pdf").pid))


def libraries_of(pid):
    maps = Path(f"/proc/{pid}/maps").read_text()
    return {name for name in ("pdfium", "PIL") if name in maps}


def test_the_reader_leaves_when_there_is_nothing_to_do_and_comes_back(tmp_path):
    path = tmp_path / "p.pdf"
    path.write_bytes(files.pdf("hello"))
    sandbox = Sandbox({}, Limits(idle_seconds=0.1), draws=True)
    sandbox.picture(path, 1, 100)
    first = sandbox.pid
    assert os.waitpid(first, 0)[1] == 0
    assert sandbox.picture(path, 1, 100).width == 100
    assert sandbox.pid != first
    sandbox.close()
