"""What a reading process may not do. Linux's means, each used where the kernel has it.

Only ctypes and numbers: this runs between fork and the first byte of somebody's file.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
from pathlib import Path
from typing import NamedTuple

LIBC = ctypes.CDLL(None, use_errno=True)

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIGKILL = 9
NOBODY = 65534
OPEN_FILES = 64

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
FILES_BY_ABI = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
NO_TCP, NO_OUTSIDE = 0x3, 0x3
FONTS = "/usr/share/fonts"  # pages are drawn with them when a PDF does not carry its own

# By the order of names: socket, socketpair, connect, bind, fork, vfork, clone, clone3, execve,
# execveat, ptrace, process_vm_readv, process_vm_writev, io_uring_setup, bpf, userfaultfd,
# perf_event_open, unshare, setns, mount, keyctl, pidfd_getfd.
AUDIT_X86_64, AUDIT_AARCH64 = 0xC000003E, 0xC00000B7
FORBIDDEN = {
    "x86_64": (
        AUDIT_X86_64,
        "41 53 42 49 57 58 56 435 59 322 101 310 311 425 321 323 298 272 308 165 250 438",
    ),
    "aarch64": (
        AUDIT_AARCH64,
        "198 199 203 200 220 435 221 281 117 270 271 425 280 282 241 97 268 40 219 438",
    ),
}
X32 = 0x40000000
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000


class Limits(NamedTuple):
    cpu_seconds: int = 120
    wall_seconds: int = 600
    memory_bytes: int = 1 << 30
    file_bytes: int = 64 << 20
    text_characters: int = 50_000_000
    pages: int = 100_000
    idle_seconds: float | None = 300  # after which the reader parent goes; None: it stays


def leave_network() -> bool:
    """Once, in the reader parent: its children inherit a network with nothing in it."""
    if not LINUX:
        return False
    wanted = CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWNET | CLONE_NEWUSER
    return bool(LIBC.unshare(wanted) == 0)


def enter(folder: str, limits: Limits, parent: int) -> None:
    """Give up, for good, what reading a file does not need. `folder` is all that stays writable."""
    os.environ.clear()
    os.chdir(folder)
    _offer_to_the_oom_killer()
    _set_limits(limits)
    _become_nobody()
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if LINUX:
        _lock_up(folder, parent)


def _lock_up(folder: str, parent: int) -> None:
    # After the change of user, which clears it.
    LIBC.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _cut_files(folder)
    _cut_calls()


def _offer_to_the_oom_killer() -> None:
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return


def _set_limits(limits: Limits) -> None:
    for what, most in (
        (resource.RLIMIT_FSIZE, limits.file_bytes),
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


def _cut_files(folder: str) -> None:
    abi = LIBC.syscall(LANDLOCK_CREATE, None, 0, 1)
    if abi < 1:
        return
    files = FILES_BY_ABI[min(abi, 5)]
    rules = struct.pack("=QQQ", files, NO_TCP if abi >= 4 else 0, NO_OUTSIDE if abi >= 6 else 0)
    ruleset = LIBC.syscall(LANDLOCK_CREATE, rules, len(rules), 0)
    if ruleset < 0:
        return
    _allow(ruleset, folder, files & ~1)
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


def _cut_calls() -> None:
    """A filter of system calls: no sockets, no processes, no looking into others."""
    if platform.machine() not in FORBIDDEN:
        return
    audit, numbers = FORBIDDEN[platform.machine()]
    calls = [int(number) for number in numbers.split()]
    steps = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, audit), (RETURN, 0, 0, KILL), (LOAD, 0, 0, 0)]
    steps.append((AT_LEAST, len(calls) + 1, 0, X32))
    steps += [(EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("@HxxxxxxP", len(steps), ctypes.addressof(code))
    LIBC.prctl(PR_SET_SECCOMP, 2, program, 0, 0)
