"""Which user id a child gets. PostgreSQL refuses to run as root, so root hands it to another."""

import os
import pwd
import stat
import subprocess
import sys
import zlib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from localchat.lib import environment

SETUID_CAPABILITY = 7
SHARED = "nobody"  # other programs may run as this account, too
# Beyond the accounts of machines, before those that containers get.
FREE = range(65_600, 99_000)


class Account(NamedTuple):
    """Somebody to run a child as. `wrap` stands before a command where setuid is impossible.

    `listed` stands before a command that looks for the name of its user, where there is none.
    """

    name: str
    uid: int
    gid: int
    wrap: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


def service_account() -> Account | None:
    """Who runs PostgreSQL and Redis: LOCALCHAT_USER, else an id of our own, else nobody.

    None: whoever started us.
    """
    if os.geteuid() != 0:
        return None
    name = environment.text("LOCALCHAT_USER")
    return (None if name else _unlisted()) or _listed(name or SHARED)


@cache
def _unlisted() -> Account | None:
    """A user id that is nobody else's, the same each time; None where there can be none."""
    start = zlib.crc32(os.fsencode(Path(__file__).resolve()))
    uids = (FREE[(start + step) % len(FREE)] for step in range(len(FREE)))
    uid = next(uid for uid in uids if not _is_listed(uid))
    try:
        known = pwd.getpwnam(SHARED)
    except KeyError:
        return None
    listed = ("unshare", "-U", f"--map-user={known.pw_uid}", f"--map-group={known.pw_gid}")
    account = Account(f"user {uid}", uid, uid, listed=listed)
    return account if _may_become(uid) and _works(account) else None


def _is_listed(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _works(account: Account) -> bool:
    """Whether it finds a name for itself, as setting up PostgreSQL needs."""
    command = [*account.listed, "id", "-un"]
    try:
        told = subprocess.check_output(command, stderr=subprocess.DEVNULL, **become(account))
    except (OSError, subprocess.CalledProcessError):
        return False
    return bool(told.strip() == SHARED.encode())


def _listed(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        environment.refuse("LOCALCHAT_USER", f"there is no user {name!r} on this machine.")
    if entry.pw_uid == 0:
        environment.refuse("LOCALCHAT_USER", "must not be root, which PostgreSQL refuses.")
    if _may_become(entry.pw_uid):
        return Account(name, entry.pw_uid, entry.pw_gid)
    wrap = ("unshare", "-U", f"--map-user={entry.pw_uid}", f"--map-group={entry.pw_gid}")
    return Account(name, entry.pw_uid, entry.pw_gid, wrap)


def become(account: Account | None) -> dict[str, Any]:
    """What `subprocess` is told to run a child as the account."""
    if account is None or account.wrap:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def program_account(account: Account | None, checkout: Path, data: Path) -> Account | None:
    """`account` if web and workers can run as it too, else None: they run as root then."""
    return None if account is None or why_root(account, checkout, data) else account


def why_root(account: Account, checkout: Path, data: Path) -> str:
    """What keeps web and workers from running as `account`; empty if nothing does."""
    if account.wrap:
        return "this container does not let root become another user"
    library = Path(os.__file__).parent
    needed = [Path(sys.executable), Path(sys.executable).resolve(), library, checkout / "manage.py"]
    if missing := [path for path in needed if not reachable(path, account)]:
        return f"{account.name} cannot reach {missing[0]}"
    if not all(_allows(folder, account, stat.S_IXOTH) for folder in data.parents):
        return f"{account.name} cannot reach {data}"
    weights = Path(environment.text("LOCALCHAT_WEIGHTS") or data)
    handed_over = data in (weights, *weights.parents)  # as all that is in there will be
    if not handed_over and weights.exists() and not reachable(weights, account):
        return f"{account.name} cannot reach {weights}"
    return ""


def reachable(path: Path, account: Account | None) -> bool:
    """Whether the account may walk to the path and read it (access lists are not considered)."""
    if account is None or account.wrap:
        return True
    walkable = all(_allows(folder, account, stat.S_IXOTH) for folder in path.parents)
    return walkable and _allows(path, account, stat.S_IROTH)


def hand_over(path: Path, account: Account | None) -> None:
    """Make the account the owner of a file, or of a folder and all in it."""
    if account is None or account.wrap or os.geteuid() != 0:
        return
    for folder, _, files in os.walk(path):
        for name in ["", *files]:
            _give(Path(folder, name), account)
    if not path.is_dir():
        _give(path, account)


def _give(path: Path, account: Account) -> None:
    try:
        if path.lstat().st_uid != account.uid:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
    except FileNotFoundError:  # a temporary file that has gone meanwhile
        return


def _allows(path: Path, account: Account, bit: int) -> bool:
    try:
        entry = path.stat()
    except OSError:
        return False
    if entry.st_uid == account.uid:
        bit <<= 6
    elif entry.st_gid == account.gid:
        bit <<= 3
    return bool(entry.st_mode & bit)


def _may_become(uid: int) -> bool:
    """Whether setuid would work; a container may lack the right or know no other id."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        spans = Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()
    except OSError:  # not Linux
        return True
    rights = int(status.split("CapEff:")[1].split()[0], 16)
    known = any(int(first) <= uid < int(first) + int(n) for first, _, n in map(str.split, spans))
    return known and bool(rights >> SETUID_CAPABILITY & 1)
