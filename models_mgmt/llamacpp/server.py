"""llama.cpp's own server in a process of ours: one model, on 127.0.0.1, for who holds its key.

    python -m models_mgmt.llamacpp.server FILE NAME WINDOW THREADS IDLE_SECONDS WATCHED_PID

It says where it listens, or what is wrong, in one line of JSON on its standard output. It leaves
when nobody has asked it so long, and within a second when the watched process is gone. No Django.
"""

import json
import os
import re
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import psutil

from localchat.lib.sentences import Sentence, packed
from models_mgmt.builtin.process import Watched

LOOK_SECONDS = 0.5
COUNT_SECONDS = 2.0
BATCH = 256  # tokens read at once: after a stop a batch is read to its end
PROMPTS_SHARE = 16  # of memory, for the prompts that it keeps beside the last one
NEEDED = {"avx2", "fma", "f16c", "bmi2"}  # of an Intel or AMD processor
CPUINFO = Path("/proc/cpuinfo")
_REASON = re.compile(rb"error loading model: ([^\n]+)")
_COUNT = re.compile(
    r"^llamacpp:(requests_\w+|prompt_tokens_total|tokens_predicted_total) (\S+)", re.MULTILINE
)


class Serving(Protocol):
    listening_address: str

    def handle_metrics(self) -> str: ...


def main(path: str, name: str, window: str, threads: str, idle: str, pid: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor, which ends us
    watched = Watched(int(pid))
    threading.Thread(target=watch, args=(watched,), daemon=True).start()
    if problem := unfit():
        hand_over({"problem": packed(problem)})
        return
    key = secrets.token_urlsafe(32)
    with tempfile.TemporaryFile() as said, complaints(said):
        try:
            server = serving(path, name, int(window), int(threads), key)
        except RuntimeError:
            said.seek(0)
            hand_over({"problem": packed(reason(said.read(65_536)))})
            return
    hand_over({"url": server.listening_address, "key": key, "pid": os.getpid()})
    mind_idleness(server, float(idle))
    os._exit(0)  # at once: nothing here is worth saving, and native threads may be at work


def watch(watched: Watched) -> None:
    while watched.lives():
        time.sleep(LOOK_SECONDS)
    os._exit(0)


def unfit() -> Sentence | None:
    """Why this processor cannot run it; None if it can. It would die by an illegal instruction."""
    if os.uname().machine != "x86_64" or not CPUINFO.exists():
        return None
    flags = re.search(r"^flags\s*:(.*)$", CPUINFO.read_text(encoding="utf-8"), re.MULTILINE)
    missing = NEEDED - set(flags[1].split()) if flags else set()
    if not missing:
        return None
    return Sentence(
        "This processor cannot run the built-in engine: it lacks %(missing)s.",
        missing=", ".join(sorted(missing)),
    )


@contextmanager
def complaints(said: BinaryIO) -> Iterator[None]:
    """What llama.cpp writes of a failure comes into the file."""
    before = os.dup(2)
    os.dup2(said.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def serving(path: str, name: str, window: int, threads: int, key: str) -> Serving:
    """Raises RuntimeError where llama.cpp cannot load the file."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.model_alias = path, [name]
    params.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_MMAP
    params.fit_params = False  # it would load twice, and make the window smaller without a word
    params.n_ctx, params.n_parallel = window, 1
    params.n_batch = params.n_ubatch = BATCH
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads or cores()
    params.cache_ram_mib = psutil.virtual_memory().total // PROMPTS_SHARE // 2**20
    params.api_keys = [key]
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.endpoint_metrics = True
    params.ui = False
    params.verbosity = 1
    return xllamacpp.Server(params)  # type: ignore[no-any-return]


def cores() -> int:
    """Physical ones: two threads of one core wait for each other at every layer."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(psutil.cpu_count(logical=False) or 1, ours or 1))


def reason(said: bytes) -> Sentence:
    found = _REASON.findall(said)
    why = found[-1].decode("utf-8", "replace").strip()[:200] if found else ""
    return Sentence(
        "The model cannot be loaded: %(why)s.", why=why or Sentence("no reason is told")
    )


def hand_over(value: dict[str, Any]) -> None:
    os.write(1, json.dumps(value).encode() + b"\n")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # the reader sees the end of the pipe
    os.close(silence)


def mind_idleness(server: Serving, seconds: float) -> None:
    """Until nothing has been asked so long: no request is there, and none has come and gone."""
    before: dict[str, str] = {}
    since = time.monotonic()
    while time.monotonic() - since < seconds:
        time.sleep(min(COUNT_SECONDS, seconds))
        counts = dict(_COUNT.findall(server.handle_metrics()))
        is_busy = any(float(counts[name]) for name in counts if name.startswith("requests"))
        if is_busy or counts != before:
            before, since = counts, time.monotonic()


if __name__ == "__main__":
    main(*sys.argv[1:])
