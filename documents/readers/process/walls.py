"""Which walls of the cage stand: each tried from inside of it, not believed."""

import ctypes
import errno
import os
import socket
from collections.abc import Callable

from documents.readers.process.cage import CAPABILITIES, LIBC, LINUX

CUT_OFF = {errno.ENETUNREACH, errno.ENETDOWN, errno.EPERM, errno.EACCES}


def standing() -> dict[str, bool]:
    """By wall; false also where the system has no means for it."""
    return {
        "environment": not os.environ,
        "user": os.getuid() != 0,
        "capabilities": not any(_capabilities()),
        "network": _cut_off(),
        "files": not _works(lambda: os.close(os.open("/etc/passwd", os.O_RDONLY))),
        "writing": not _works(_write),
        "modes": not _works(_change_mode),
        "processes": not _works(_fork),
        "others": not _works(_slow_the_parent),
    }


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _cut_off() -> bool:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            return probe.connect_ex(("127.0.0.1", 1)) in CUT_OFF
    except OSError:
        return True


def _capabilities() -> list[int]:
    found = (ctypes.c_uint32 * 6)()
    if LINUX:
        LIBC.capget(CAPABILITIES, found)
    return list(found)


def _write() -> None:
    path = f"/tmp/localchat-{os.getpid()}"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    os.unlink(path)  # noqa: PTH108 - as cheap as the rest


def _change_mode() -> None:
    """To what it is, of something of its own."""
    for end in os.pipe():
        os.fchmod(end, os.fstat(end).st_mode)


def _slow_the_parent() -> None:
    """By nothing."""
    parent = os.getppid()
    os.setpriority(os.PRIO_PROCESS, parent, os.getpriority(os.PRIO_PROCESS, parent))


def _fork() -> None:
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
