"""The filter of system calls: what a reading process may ask the kernel for, as BPF.

Names and numbers as in Linux's tables. What is not listed is allowed, but for calls that are newer
than the list: of those nobody here knows what they do.
"""

import ctypes
import os
import platform
import struct
from collections.abc import Iterable

PR_SET_SECCOMP = 22
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, audit number
NONE = "-"

# name, on x86_64, on aarch64
REFUSED = """
fork 57 -, vfork 58 -, clone 56 220, execve 59 221, execveat 322 281, unshare 272 97, setns 308 268
ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, kcmp 312 272
socket 41 198, socketpair 53 199, connect 42 203, bind 49 200, listen 50 201
rt_sigqueueinfo 129 138, rt_tgsigqueueinfo 297 240, setpriority 141 140, ioprio_set 251 30
sched_setparam 142 118, sched_setscheduler 144 119, sched_setaffinity 203 122
sched_setattr 314 274, migrate_pages 256 238, move_pages 279 239
memfd_create 319 279, shmget 29 194, shmat 30 196, shmctl 31 195
semget 64 190, semctl 66 191, semop 65 193, semtimedop 220 192
msgget 68 186, msgctl 71 187, msgsnd 69 189, msgrcv 70 188, mq_open 240 180, mq_unlink 241 181
creat 85 -, truncate 76 45, ftruncate 77 46, fallocate 285 47, flock 73 32
mkdir 83 -, mkdirat 258 34, mknod 133 -, mknodat 259 33
symlink 88 -, symlinkat 266 36, link 86 -, linkat 265 37
unlink 87 -, unlinkat 263 35, rmdir 84 -, rename 82 -, renameat 264 38, renameat2 316 276
chmod 90 -, fchmod 91 52, fchmodat 268 53
chown 92 -, fchown 93 55, lchown 94 -, fchownat 260 54
utime 132 -, utimes 235 -, futimesat 261 -, utimensat 280 88
setxattr 188 5, lsetxattr 189 6, fsetxattr 190 7
getxattr 191 8, lgetxattr 192 9, fgetxattr 193 10
listxattr 194 11, llistxattr 195 12, flistxattr 196 13
removexattr 197 14, lremovexattr 198 15, fremovexattr 199 16
sync 162 81, syncfs 306 267, vmsplice 278 75, timer_create 222 107
name_to_handle_at 303 264, open_by_handle_at 304 265
inotify_init 253 -, inotify_init1 294 26, inotify_add_watch 254 27
fanotify_init 300 262, fanotify_mark 301 263
bpf 321 280, userfaultfd 323 282, perf_event_open 298 241, io_setup 206 0
keyctl 250 219, add_key 248 217, request_key 249 218
mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51, quotactl 179 60, syslog 103 116
"""
# name, on x86_64, on aarch64, which argument, and its values that are allowed
LIMITED = """
fcntl 72 25 1 0 1 2 3 4 1030: copies of descriptors, and their flags
ioctl 16 29 1 0x5450 0x5451 0x5401 0x5413 0x5421 0x541B 0x802C542A: is it a terminal, and the like
kill 62 129 0 self: as abort() does
tgkill 234 131 0 self:
tkill 200 130 0 self:
prlimit64 302 261 0 0 self: its own limits, by which getrlimit asks
prctl 157 167 0 15 16 0x53564d41: names; others would let it outlive its parent
"""
# name, on x86_64, on aarch64, which argument has the flags
OPENING = "open 2 - 1, openat 257 56 2"
FOR_WRITING = 0o1 | 0o2 | 0o100 | 0o1000  # and without a name, which is for writing, too
# From here on numbers are the same everywhere. Allowed: close_range, faccessat2, epoll_pwait2, the
# futexes, mseal. The others are not there, so that libraries do without.
NEWER = 424
NEWER_ALLOWED = (436, 439, 441, 449, 454, 455, 456, 462)
X32 = 0x40000000

LOAD, EQUAL, AT_LEAST, HAS_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE, ABSENT, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # where they lie in what the kernel shows

Step = tuple[int, int, int, int]


def cut(libc: ctypes.CDLL) -> None:
    """For good; needs no_new_privs. Nothing where these numbers are not the machine's."""
    if platform.machine() not in ARCHITECTURES:
        return
    steps = list(_steps(*ARCHITECTURES[platform.machine()]))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("@HxxxxxxP", len(steps), ctypes.addressof(code))
    libc.prctl(PR_SET_SECCOMP, 2, program, 0, 0)


def _steps(column: int, audit: int) -> Iterable[Step]:
    yield from [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, audit), (RETURN, 0, 0, KILL)]
    yield from [(LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, X32), (RETURN, 0, 0, REFUSE)]
    newer = [*_any_of(NEWER_ALLOWED, ALLOW), (RETURN, 0, 0, ABSENT)]
    yield from [(AT_LEAST, 0, len(newer), NEWER), *newer]
    for _, *numbers in _entries(REFUSED.replace("\n", ",")):
        if numbers[column] != NONE:
            yield from _any_of([int(numbers[column])], REFUSE)
    for _, x86, arm, place, *allowed in _entries(_without_words(LIMITED)):
        values = [os.getpid() if each == "self" else int(each, 0) for each in allowed]
        rule = [*_any_of(values, ALLOW), (RETURN, 0, 0, REFUSE)]
        yield from _of_call((x86, arm)[column], place, rule)
    for _, x86, arm, place in _entries(OPENING):
        rule = [(HAS_BITS, 0, 1, FOR_WRITING), (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
        yield from _of_call((x86, arm)[column], place, rule)
    yield RETURN, 0, 0, ALLOW


def _entries(table: str) -> list[list[str]]:
    return [entry.split() for entry in table.split(",") if entry.strip()]


def _without_words(table: str) -> str:
    return ",".join(line.partition(":")[0] for line in table.splitlines())


def _any_of(values: Iterable[int], verdict: int) -> list[Step]:
    """A verdict for what is loaded, if it is one of these; else on with what follows."""
    return [step for each in values for step in ((EQUAL, 0, 1, each), (RETURN, 0, 0, verdict))]


def _of_call(number: str, place: str, rule: list[Step]) -> list[Step]:
    """The rule for the lower half of an argument of one call, and of no other."""
    if number == NONE:
        return []
    load = (LOAD, 0, 0, ARGUMENTS + 8 * int(place))
    return [(EQUAL, 0, len(rule) + 1, int(number)), load, *rule]
