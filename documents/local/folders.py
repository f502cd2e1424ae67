"""Files of a folder on this machine: which there are, what they are called, if they have changed.

A path is the bytes that the file system has, relative to the folder.
"""

import errno
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import IO, NamedTuple

from localchat.lib.errors import LocalChatError

FOREIGN_BYTE = re.compile("[\udc80-\udcff]")


class NotAFile(LocalChatError):
    """This is no longer an ordinary file."""

    status, code = 422, "not_a_file"


class Local(NamedTuple):
    path: bytes
    stamp: str  # of size and times: another one means that the file may have changed
    touched: float  # when it was last changed in any way, by the file system's clock


class Listing(NamedTuple):
    files: dict[bytes, Local]
    left_out: Counter[str]  # how many, by what they are
    unreadable: dict[bytes, str]  # folders that cannot be looked into, and why


class Only(NamedTuple):
    """Which files are meant, by patterns; none to include means all of them.

    A pattern without a slash is for a name anywhere below, one with a slash for the whole path
    from the folder down. `*` stands for part of a name, `**` for any number of folders, and what
    matches a folder matches all that is in it. Capitals do not matter. To exclude goes before.
    """

    include: Sequence[str] = ()
    exclude: Sequence[str] = ()

    def wants(self, path: bytes) -> bool:
        name = path_text(path)
        included = not self.include or any(_matches(name, each) for each in self.include)
        return included and not self.refuses(path)

    def refuses(self, path: bytes) -> bool:
        return any(_matches(path_text(path), each) for each in self.exclude)


def _matches(name: str, pattern: str) -> bool:
    parts = pattern.casefold().strip("/").split("/")
    anywhere = [] if "/" in pattern.rstrip("/") else ["**"]
    return _match(name.casefold().split("/"), anywhere + parts)


def _match(names: Sequence[str], parts: Sequence[str]) -> bool:
    if not parts:
        return True
    if parts[0] == "**":
        return any(_match(names[at:], parts[1:]) for at in range(len(names)))
    return bool(names) and fnmatchcase(names[0], parts[0]) and _match(names[1:], parts[1:])


def path_text(path: bytes) -> str:
    """The path as text; bytes that are no UTF-8 as %XX."""
    text = path.decode("utf-8", "surrogateescape")
    return FOREIGN_BYTE.sub(lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text)


def listing(folder: bytes, only: Only) -> Listing:
    """All files below the folder that are meant, in the order of their paths.

    Raises OSError when the folder itself cannot be looked into. Links are not followed.
    """
    found = Listing({}, Counter(), {})
    files = list(_look_into(folder, b"", only, found))
    waiting = [local for local in files if isinstance(local, bytes)]
    while waiting:
        below = waiting.pop()
        try:
            inside = list(_look_into(folder, below, only, found))
        except OSError as error:
            found.unreadable[below] = reason(error)
            continue
        files += inside
        waiting += [local for local in inside if isinstance(local, bytes)]
    ordered = sorted(local for local in files if isinstance(local, Local))
    found.files.update((local.path, local) for local in ordered)
    return found


def _look_into(folder: bytes, below: bytes, only: Only, found: Listing) -> Iterator[Local | bytes]:
    """The files of one folder, and the paths of the folders in it."""
    with _held(folder, below) as held, os.scandir(held) as entries:
        for entry in entries:
            name = os.fsencode(entry.name)
            path = below + b"/" + name if below else name
            if what := _why_not(entry, path, only):
                found.left_out[what] += 1
            elif entry.is_dir(follow_symlinks=False):
                yield path
            elif only.wants(path):
                yield from _local(entry, path)
            else:
                found.left_out["not included"] += 1


@contextmanager
def _held(folder: bytes, below: bytes) -> Iterator[int]:
    """A descriptor of a folder inside, reached without any link, whatever is exchanged meanwhile.

    Raises OSError; NotADirectoryError where there is a link, or a file, on the way.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    held = os.open(folder, flags)
    try:
        for name in below.split(b"/") if below else ():
            inner = os.open(name, flags | os.O_NOFOLLOW, dir_fd=held)
            os.close(held)
            held = inner
        yield held
    except OSError as error:
        if error.errno == errno.ELOOP:  # as other systems than Linux say it
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error
        raise
    finally:
        os.close(held)


def _why_not(entry: "os.DirEntry[str]", path: bytes, only: Only) -> str:
    if entry.name.startswith("."):
        return "hidden"
    if entry.is_symlink():
        return "links"
    if only.refuses(path):
        return "excluded"
    if not entry.is_dir(follow_symlinks=False) and not entry.is_file(follow_symlinks=False):
        return "special files"
    return ""


def _local(entry: "os.DirEntry[str]", path: bytes) -> Iterator[Local]:
    try:
        yield local(path, entry.stat(follow_symlinks=False))
    except FileNotFoundError:  # it has just gone
        return


def local(path: bytes, status: os.stat_result) -> Local:
    stamp = f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"
    return Local(path, stamp, max(status.st_mtime, status.st_ctime))


def opened(folder: bytes, path: bytes) -> IO[bytes]:
    """The file, to be read. Raises OSError, NotAFile when it has become something else."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe would wait
    below, name = os.path.split(path)
    try:
        with _held(folder, below) as held:
            file = os.fdopen(os.open(name, flags, dir_fd=held), "rb")
    except NotADirectoryError as error:
        raise NotAFile from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise NotAFile
    return file


def reason(error: OSError) -> str:
    """Why, as a sentence without the path, which is named beside it."""
    return f"{error.strerror or type(error).__name__}."


def is_gone(folder: bytes, path: bytes) -> bool:
    """Whether there is certainly no such file, though the folder may hide it or not be readable."""
    below, name = os.path.split(path)
    try:
        with _held(folder, below) as held:
            return not stat.S_ISREG(os.lstat(name, dir_fd=held).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
