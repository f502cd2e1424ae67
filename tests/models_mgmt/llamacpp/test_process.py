"""The process that has a model loaded: it comes, is shared, makes place for another, and goes."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import aclosing

import psutil
import pytest
import requests
from django.conf import settings as configured

from localchat.lib.errors import EngineBusy, EngineCut, EngineError
from localchat.lib.sentences import unpacked
from models_mgmt.builtin.process import birth
from models_mgmt.engines import Call, Turn, llamacpp, reply
from models_mgmt.llamacpp import folder, process, server, small_model

LONG = [Turn("user", "Count from one to a thousand in words.")]


def call(name: str, turns=LONG, **wishes) -> Call:
    return Call(llamacpp.show(name), turns, **{"num_ctx": 512, "max_tokens": 4, **wishes})


def gone(pid: int, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while birth(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return birth(pid) is None


async def test_it_is_there_when_it_is_needed_and_not_before(own_chat_model):
    assert llamacpp.loaded() == []
    assert llamacpp.is_loaded(call(own_chat_model)) is False
    assert llamacpp.count(own_chat_model, LONG) is None
    assert await reply(call(own_chat_model))
    [loaded] = llamacpp.loaded()
    assert (loaded.name, loaded.window, loaded.size) == (own_chat_model, 512, 98_362_432)
    llamacpp.unload(own_chat_model)
    assert llamacpp.loaded() == []


async def test_a_larger_window_loads_it_again_and_a_smaller_one_does_not(own_chat_model):
    await reply(call(own_chat_model))
    first = process.loaded()
    await reply(call(own_chat_model, num_ctx=256))
    assert process.loaded() == first
    await reply(call(own_chat_model, num_ctx=1024))
    assert process.loaded().window == 1024
    assert gone(first.pid)


def test_many_who_need_it_at_once_load_it_once(own_chat_model):
    entry, doors = folder.find(own_chat_model), []
    threads = [
        threading.Thread(target=lambda: doors.append(process.ensure(entry, 512))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(doors) == 6
    assert len(set(doors)) == 1


async def test_a_second_model_waits_for_the_first_ones_answer(own_chat_model, settings, tmp_path):
    both = tmp_path / "both"
    both.mkdir()
    for name in ("one.gguf", "two.gguf"):
        (both / name).symlink_to((settings.MODELS / small_model.FILE).resolve())
    os.utime(both / "two.gguf")
    (both / "two.gguf.json").write_text('{"digest": "another"}')
    settings.MODELS = both
    async with aclosing(llamacpp.chat(call("one", max_tokens=400))) as answer:
        async for piece in answer:
            if piece.text:
                break
        with pytest.raises(EngineBusy):
            await reply(call("two"))
    first = process.loaded()
    while process.is_busy(first):
        time.sleep(0.01)
    assert await reply(call("two"))
    assert [loaded.name for loaded in llamacpp.loaded()] == ["two"]
    assert gone(first.pid)


async def test_one_that_is_killed_in_the_middle_is_a_cut_and_the_next_call_starts_another(
    own_chat_model,
):
    async def killing():
        async with aclosing(llamacpp.chat(call(own_chat_model, max_tokens=400))) as answer:
            async for piece in answer:
                if piece.text:
                    os.kill(process.loaded().pid, signal.SIGKILL)

    with pytest.raises(EngineCut):
        await killing()
    assert await reply(call(own_chat_model))


async def test_only_who_holds_the_key_may_ask(own_chat_model, settings):
    await reply(call(own_chat_model))
    door = process.loaded()
    for road in ("/v1/models", "/slots", "/metrics", "/props"):
        for key in ("", "Bearer wrong"):
            answer = requests.get(f"{door.url}{road}", headers={"Authorization": key}, timeout=5)
            assert answer.status_code == 401
    body = {"messages": [{"role": "user", "content": "x"}], "max_tokens": 1}
    assert requests.post(f"{door.url}/v1/chat/completions", json=body, timeout=5).status_code == 401
    told = psutil.Process(door.pid)
    assert door.key not in str([told.cmdline(), told.environ()])
    assert stat.S_IMODE((settings.RUN / "chat-engine.json").stat().st_mode) == 0o600
    [line] = [each for each in told.net_connections() if each.status == psutil.CONN_LISTEN]
    assert line.laddr.ip == "127.0.0.1"


def started_by_hand(path, *more: str) -> subprocess.Popen[bytes]:
    facts = [str(path), "a-name", "512", "1", *more]
    return subprocess.Popen(
        [sys.executable, "-m", "models_mgmt.llamacpp.server", *facts],
        cwd=configured.BASE_DIR,
        stdout=subprocess.PIPE,
    )


def test_it_leaves_when_nobody_has_asked_it(models_folder):
    with started_by_hand(models_folder / small_model.FILE, "0.5", str(os.getpid())) as child:
        assert json.loads(child.stdout.readline())["pid"] == child.pid
        assert child.wait(timeout=5) == 0


def test_it_leaves_when_the_one_that_it_watches_is_gone(models_folder):
    with (
        subprocess.Popen(["sleep", "60"]) as watched,
        started_by_hand(models_folder / small_model.FILE, "60", str(watched.pid)) as child,
    ):
        assert child.stdout.readline()
        watched.kill()
        watched.wait()
        assert child.wait(timeout=3) == 0


def test_what_llama_cpp_cannot_load_is_told_in_its_words(tmp_path):
    (tmp_path / "a.gguf").write_bytes(b"hello")
    with started_by_hand(tmp_path / "a.gguf", "60", str(os.getpid())) as child:
        said = unpacked(json.loads(child.stdout.readline())["problem"])
        assert said.startswith("The model cannot be loaded: ")
        assert child.wait(timeout=5) == 0


async def test_a_file_that_is_broken_behind_its_head_is_an_error_in_a_sentence(settings, tmp_path):
    from tests.gguf_files import gguf

    settings.MODELS, settings.RUN = tmp_path, tmp_path / "run"
    gguf(tmp_path / "hollow.gguf")
    with pytest.raises(EngineError, match=r"^hollow: The model cannot be loaded: "):
        await reply(call("hollow"))


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="of Intel and AMD processors")
def test_a_processor_that_cannot_run_it_is_told_before_it_dies(tmp_path, monkeypatch):
    facts = tmp_path / "cpuinfo"
    monkeypatch.setattr(server, "CPUINFO", facts)
    facts.write_text("processor : 0\nflags\t\t: fpu sse4_2 avx fma\n")
    assert server.unfit() == (
        "This processor cannot run the built-in engine: it lacks avx2, bmi2, f16c."
    )
    facts.write_text("flags\t: fpu avx2 fma f16c bmi2\n")
    assert server.unfit() is None


def test_it_has_at_most_the_processors_that_it_may_use():
    code = (
        "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]);"
        "from models_mgmt.llamacpp import server; print(server.cores())"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=configured.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"


def test_who_asks_loads_no_llama_cpp_and_its_process_knows_no_django():
    for code, unwanted in (
        ("import models_mgmt.engines", "xllamacpp"),
        ("import models_mgmt.llamacpp.server", "django"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", f"{code}; import sys; print({unwanted!r} in sys.modules)"],
            cwd=configured.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == "False"
