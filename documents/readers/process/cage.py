"""What a reading process may not do. Linux's means, each used where the kernel has it.

Only ctypes and numbers: this runs between fork and the first byte of somebody's file.
"""

import ctypes
import os
import resource
import struct
import sys
from pathlib import Path
from typing import NamedTuple

from documents.readers.process import calls

LIBC = ctypes.CDLL(None, use_errno=True)

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
PR_CAPBSET_DROP, PR_CAP_AMBIENT, CLEAR_ALL = 24, 47, 4
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIGKILL = 9
NOBODY = 65534
OPEN_FILES = 64

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
FILES_BY_ABI = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
NO_TCP, NO_OUTSIDE = 0x3, 0x3
FONTS = "/usr/share/fonts"  # pages are drawn with them when a PDF does not carry its own

CAPABILITIES = struct.pack("=Ii", 0x20080522, 0)
MOST_CAPABILITIES = 64


class Limits(NamedTuple):
    cpu_seconds: int = 120
    wall_seconds: int = 600
    memory_bytes: int = 1 << 30
    text_characters: int = 50_000_000
    pages: int = 100_000
    idle_seconds: float | None = 300  # after which the reader parent goes; None: it stays


def leave_network() -> bool:
    """Once, in the reader parent: its children inherit a network with nothing in it."""
    if not LINUX:
        return False
    wanted = CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWNET | CLONE_NEWUSER
    return bool(LIBC.unshare(wanted) == 0)


def enter(limits: Limits, parent: int) -> None:
    """Give up, for good, what reading a file does not need: all but what is open already."""
    os.environ.clear()
    os.chdir("/")
    _offer_to_the_oom_killer()
    _set_limits(limits)
    if LINUX:
        _forgo_capabilities()
    _become_nobody()
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if LINUX:
        _lock_up(parent)


def _forgo_capabilities() -> None:
    """Those that could come back: at the start of a program, if one could be started."""
    for number in range(MOST_CAPABILITIES):
        LIBC.prctl(PR_CAPBSET_DROP, number, 0, 0, 0)
    LIBC.prctl(PR_CAP_AMBIENT, CLEAR_ALL, 0, 0, 0)


def _lock_up(parent: int) -> None:
    # After the change of user, which clears it.
    LIBC.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    LIBC.capset(CAPABILITIES, bytes(24))  # a namespace of its own came with all of them
    _cut_files()
    calls.cut(LIBC)


def _offer_to_the_oom_killer() -> None:
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return


def _set_limits(limits: Limits) -> None:
    for what, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    # Two limits: at the first it dies of SIGXCPU, by which the parent knows why.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))


def _become_nobody() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def _cut_files() -> None:
    abi = LIBC.syscall(LANDLOCK_CREATE, None, 0, 1)
    if abi < 1:
        return
    files = FILES_BY_ABI[min(abi, 5)]
    rules = struct.pack("=QQQ", files, NO_TCP if abi >= 4 else 0, NO_OUTSIDE if abi >= 6 else 0)
    ruleset = LIBC.syscall(LANDLOCK_CREATE, rules, len(rules), 0)
    if ruleset < 0:
        return
    _allow(ruleset, FONTS, READ_FILE | READ_FOLDER)
    LIBC.syscall(LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, folder: str, access: int) -> None:
    try:
        beneath = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    LIBC.syscall(LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", access, beneath), 0)
    os.close(beneath)
