"""The reader parent: one thread, what it needs imported, a fork for each file.

`python -m documents.readers.process.sandbox SETTINGS`, with a Unix socket as stdin. Each byte on it
brings three descriptors: the conversation (frames), the lifeline and the file. The lifeline's
other end closed means that nobody waits for the file any more; what became of the child is
written there. When stdin ends, the asking process is gone, and so are we; also after some idle
minutes.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import selectors
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from documents.readers import plugged
from documents.readers.common.source import LateReader
from documents.readers.process import cage, job

TICK_SECONDS = 0.05
NICE = 10  # recognition takes seconds a page: whoever asks a question goes first
# Of a process, as Linux counts it: in its own pages, in shared ones, swapped out, and for keeping count.
MEMORY = ("RssAnon:", "RssShmem:", "VmSwap:", "VmPTE:")


class Child(NamedTuple):
    pid: int
    lifeline: socket.socket
    started: float


class Parent:
    def __init__(
        self,
        means: job.Means,
        limits: cage.Limits,
        control: socket.socket,
    ) -> None:
        self.means, self.limits, self.control = means, limits, control
        self.children: dict[int, Child] = {}
        self.reasons: dict[int, str] = {}  # why we killed it, by pid
        self.selector = selectors.DefaultSelector()
        self.selector.register(control, selectors.EVENT_READ)

    def run(self) -> None:
        while True:
            wait = TICK_SECONDS if self.children else self.limits.idle_seconds
            ready = self.selector.select(wait)
            if not ready and not self.children:
                return  # who asks next starts another: this one's memory is worth more
            for key, _ in ready:
                if key.fileobj is not self.control:
                    self._kill(key.data, "unwanted")
                elif not self._take():
                    return
            for child in list(self.children.values()):
                self._watch(child)
                self._reap(child)

    def end(self) -> None:
        for child in list(self.children.values()):
            self._kill(child, "unwanted")
            os.waitpid(child.pid, 0)

    def _take(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self.control, 1, 3)
        if not message:
            return False
        if len(descriptors) == 3:
            conversation, lifeline, file = descriptors
            self._start(conversation, socket.socket(fileno=lifeline), file)
            os.close(conversation)
            os.close(file)
        return True

    def _start(self, conversation: int, lifeline: socket.socket, file: int) -> None:
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            self._be_child(conversation, file, parent)
        child = Child(pid, lifeline, time.monotonic())
        self.children[pid] = child
        self.selector.register(lifeline, selectors.EVENT_READ, child)

    def _be_child(self, conversation: int, file: int, parent: int) -> None:
        try:
            _keep_only(conversation, file)
            cage.enter(self.limits, parent)
            with socket.socket(fileno=3) as connection, open(4, "rb") as opened:
                job.serve(connection, opened, self.means, self.limits)
            os._exit(0)
        finally:
            os._exit(1)

    def _watch(self, child: Child) -> None:
        if _memory_of(child.pid) > self.limits.memory_bytes:
            self._kill(child, "memory")
        elif time.monotonic() - child.started > self.limits.wall_seconds:
            self._kill(child, "time")

    def _kill(self, child: Child, reason: str) -> None:
        self.reasons.setdefault(child.pid, reason)
        os.kill(child.pid, signal.SIGKILL)  # still ours to name: it is not reaped yet

    def _reap(self, child: Child) -> None:
        pid, status, used = os.wait4(child.pid, os.WNOHANG)
        if not pid:
            return
        reason = self.reasons.pop(pid, "") or self._reason(status, used.ru_utime + used.ru_stime)
        with contextlib.suppress(OSError):
            child.lifeline.send(reason.encode())
        self.selector.unregister(child.lifeline)
        child.lifeline.close()
        del self.children[pid]

    def _reason(self, status: int, cpu_seconds: float) -> str:
        code = os.waitstatus_to_exitcode(status)
        out_of_time = code == -signal.SIGXCPU or cpu_seconds >= self.limits.cpu_seconds
        return "done" if code == 0 else "time" if out_of_time else "crashed"


def _keep_only(conversation: int, file: int) -> None:
    """Conversation becomes descriptor 3, the file 4; everything else is closed."""
    # Moved out of the way first: either may be 3 or 4 already.
    kept = [os.dup2(descriptor, 100 + descriptor) for descriptor in (conversation, file)]
    nothing = os.open(os.devnull, os.O_RDWR)
    for target in range(3):
        os.dup2(nothing, target)
    os.dup2(kept[0], 3)
    os.dup2(kept[1], 4)
    os.closerange(5, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _memory_of(pid: int) -> int:
    """Bytes of memory of its own, 0 where that cannot be known."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    counted = (line.split() for line in lines if line.startswith(MEMORY))
    return sum(int(kilobytes) << 10 for _, kilobytes, *_ in counted)


def _means(formats: Mapping[str, str], engines: Sequence[str], *, draws: bool) -> job.Means:
    """Nothing more is imported: a fork costs by what is there, and in the cage nothing can be."""
    readers = {kind: _reader(kind, module) for kind, module in formats.items()}
    if readers or engines:
        importlib.import_module("documents.readers.common.encoding").warm_up()
    for reader in readers.values():
        if isinstance(reader, LateReader):
            reader.warm_up()
    if not (draws or engines):
        return job.Means(readers)
    drawing = importlib.import_module("documents.readers.pictures.drawing")
    drawing.warm_up()
    recognise = importlib.import_module("documents.readers.pictures.ocr_page").recognise
    return job.Means(readers, drawing.draw, partial(recognise, _loaded(engines)))


def _reader(kind: str, module: str) -> Any:
    return plugged.Reader(module) if plugged.is_one(kind) else importlib.import_module(module)


def _loaded(modules: Sequence[str]) -> list[Any]:
    """Once, for all pages to come. One that is broken is as one that is not there."""
    engines = []
    for name in modules:
        try:
            engines.append(importlib.import_module(name).load())
        except Exception as error:  # noqa: BLE001 - whatever is wrong with what others made
            sys.stderr.write(f"{name} cannot be used: {type(error).__name__}\n")
    if engines:
        os.nice(NICE)
    return engines


def main() -> None:
    settings = json.loads(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    cage.leave_network()  # before the engines, which may have more than one thread
    means = _means(settings["formats"], settings["engines"], draws=settings["draws"])
    gc.collect()
    gc.freeze()
    limits = cage.Limits(**settings["limits"])
    with socket.socket(fileno=os.dup(0)) as control:
        parent = Parent(means, limits, control)
        try:
            parent.run()
        finally:
            parent.end()


if __name__ == "__main__":
    main()
