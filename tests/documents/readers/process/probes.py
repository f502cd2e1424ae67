"""A reader that tries every way out of the cage, with nothing that would hurt if one were open.

Its file is JSON: `home`, a folder of the one who asks; `files`, to be read; `sockets`, to be
connected to. Its one page is JSON: by probe `held`, or what it got.
"""

import ctypes
import fcntl
import json
import os
import resource
import socket
import tempfile
from functools import partial
from pathlib import Path

from documents.readers.common.source import Source
from documents.readers.page import Page

LIBC = ctypes.CDLL(None, use_errno=True)
CREATE, READ_ONLY = 0o1000, 0o400  # of shmget
SHMGET, MSGGET, CAPGET, TIMER, SPLICE, SYNC = {
    "x86_64": (29, 68, 125, 222, 278, 162),
    "aarch64": (194, 186, 90, 107, 75, 81),
}.get(os.uname().machine, (0,) * 6)
READ_BOUNDING, IN_CREATE, OUTLIVE = 23, 0x100, 1


def parse(file):
    told = json.load(file)
    found = {name: _tried(probe) for name, probe in probes(told).items()}
    return Source("", 1, [Page(None, json.dumps(found), [])])


def probes(told):
    home, parent = Path(told["home"]), os.getppid()
    return {
        "write in the working folder": lambda: Path("note").write_text("x"),
        "write in the folder for temporary files": tempfile.mkstemp,
        "write in shared memory": lambda: Path("/dev/shm/localchat-probe").write_text("x"),
        "write without a name": lambda: os.open("/tmp", os.O_TMPFILE | os.O_RDWR),
        "write in the home": lambda: (home / "note").write_text("x"),
        "change the home's mode": lambda: home.chmod(0o755),
        "change the home's times": lambda: os.utime(home, (1, 1)),
        "change the home's owner": lambda: os.chown(home, os.getuid(), -1),
        "mark the home": lambda: os.setxattr(home, "user.probe", b"x"),
        "delete from the home": lambda: (home / "kept").unlink(),
        "rename in the home": lambda: (home / "kept").rename(home / "gone"),
        "link into the home": lambda: (home / "link").symlink_to("/"),
        "read marks of the home": lambda: os.listxattr(home),
        "list the home": lambda: list(home.iterdir()),
        "watch the home": lambda: _watch(home),
        "lock the document": lambda: fcntl.flock(4, fcntl.LOCK_EX),
        "memory as a file": lambda: os.memfd_create("probe"),
        "memory that stays": lambda: _called(SHMGET, 0, 4096, CREATE | READ_ONLY),
        "memory in a pipe": _spliced,
        "a timer of the kernel": lambda: _called(TIMER, 0, None, ctypes.byref(ctypes.c_int())),
        "have everything written to the disk": lambda: _called(SYNC),
        "outlive the parent": lambda: _sure(LIBC.prctl(OUTLIVE, 0, 0, 0, 0)),
        "a queue of messages": lambda: _called(MSGGET, 0, CREATE | READ_ONLY),
        "limit another process": lambda: resource.prlimit(
            parent, resource.RLIMIT_CORE, resource.prlimit(parent, resource.RLIMIT_CORE)
        ),
        "slow another process": lambda: os.setpriority(os.PRIO_PROCESS, parent, 19),
        "move another process": lambda: os.sched_setaffinity(parent, os.sched_getaffinity(parent)),
        "signal another process": lambda: os.kill(parent, 0),
        "have another process signalled": lambda: fcntl.fcntl(3, fcntl.F_SETOWN, parent),
        "raise a limit": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1)),
        "capabilities": _capabilities,
        "capabilities to be had": _bounding,
        "another root": lambda: os.chroot("."),
        "another namespace": lambda: _sure(LIBC.unshare(0x10000000)),
        "a process": os.fork,
        "a program": lambda: os.execv("/bin/true", ["true"]),
        "a socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        **{f"read {path}": partial(_read, path) for path in told["files"]},
        **{f"connect to {path}": partial(_connect, path) for path in told["sockets"]},
    }


def _tried(probe):
    try:
        return f"got {probe()!r}"
    except (OSError, ValueError):  # which is how Python says that a limit may not be raised
        return "held"


def _read(path):
    return list(Path(path).iterdir()) if Path(path).is_dir() else Path(path).read_bytes()[:1]


def _connect(path):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)


def _watch(folder):
    return _sure(LIBC.inotify_add_watch(_sure(LIBC.inotify_init()), bytes(folder), IN_CREATE))


def _spliced():
    """Bytes that belong to a pipe, whoever lets go of them afterwards."""
    read, write = os.pipe()
    kept = ctypes.create_string_buffer(1)
    pieces = (ctypes.c_size_t * 2)(ctypes.addressof(kept), 1)
    try:
        return _called(SPLICE, write, pieces, 1, 0)
    finally:
        os.close(read)
        os.close(write)


def _called(number, *arguments):
    return _sure(LIBC.syscall(number, *arguments))


def _sure(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result


def _capabilities():
    sets = (ctypes.c_uint32 * 6)()
    _called(CAPGET, (ctypes.c_uint32 * 2)(0x20080522, 0), sets)
    return _some(list(sets))


def _bounding():
    return _some([number for number in range(41) if LIBC.prctl(READ_BOUNDING, number) == 1])


def _some(found):
    if not any(found):
        raise PermissionError
    return found
