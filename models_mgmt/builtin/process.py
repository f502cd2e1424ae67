"""Whether a process is still the one that it was. Standard library only."""

import os
from pathlib import Path


def birth(pid: int) -> str | None:
    """When the process began, in the kernel's ticks; None when it is gone, or dead but not buried.

    A number alone may by now belong to another process. Without /proc it is all there is.
    """
    if not Path("/proc/self/stat").exists():
        return _by_signal(pid)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name before it may hold anything
    return None if fields[0] in {"Z", "X"} else fields[19]


def _by_signal(pid: int) -> str | None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return str(pid)


class Watched:
    """A process as it is now."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.birth = birth(pid)

    def lives(self) -> bool:
        return self.birth is not None and birth(self.pid) == self.birth
