"""Who sits at the other end of a loopback connection, by the kernel's own knowledge."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from pathlib import Path

from localchat.accounts import netlink
from localchat.accounts.netlink import Address, Found

PROC = Path("/proc/net")
End = tuple[str, int]
Lookup = Callable[[tuple[Address, int], tuple[Address, int]], Found | None]


class CannotTell(Exception):
    """The kernel shows nothing of this connection."""


def is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return _plain(host).is_loopback
    return False


async def user_id(peer: End, ours: End) -> int | None:
    """The user id of the peer's socket; None when the peer has closed it. Raises CannotTell."""
    try:
        return _judged(netlink.lookup, peer, ours)
    except netlink.Unanswered:
        return await asyncio.to_thread(_judged, in_table, peer, ours)


def can_tell() -> bool:
    """Whether the kernel tells the truth here, by a connection to ourselves."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
        suppress(CannotTell),
    ):
        return asyncio.run(user_id(client.getsockname(), server.getsockname())) == os.geteuid()
    return False


def _judged(lookup: Lookup, peer: End, ours: End) -> int | None:
    theirs, here = (_plain(peer[0]), peer[1]), (_plain(ours[0]), ours[1])
    if found := lookup(theirs, here):
        # A socket that nobody holds any more is listed as root's.
        return found.uid if found.inode else None
    if lookup(here, theirs):
        return None
    raise CannotTell


def in_table(
    local: tuple[Address, int], remote: tuple[Address, int], proc: Path = PROC
) -> Found | None:
    """As diag.lookup, from the files tcp and tcp6."""
    for name, mapped in (("tcp", False), ("tcp6", False), ("tcp6", True)):
        with suppress(OSError):
            wanted = f" {_hex(local, mapped)} {_hex(remote, mapped)} ".encode()
            for line in (proc / name).read_bytes().splitlines():
                if wanted in line:
                    columns = line.split()
                    return Found(int(columns[7]), int(columns[9]))
    return None


def _hex(end: tuple[Address, int], mapped: bool) -> str:
    """As the kernel writes it: words of four bytes in the machine's order."""
    packed = end[0].packed
    if mapped and len(packed) == 4:
        packed = b"\0" * 10 + b"\xff\xff" + packed
    words = (packed[at : at + 4] for at in range(0, len(packed), 4))
    return (
        "".join(f"{int.from_bytes(word, sys.byteorder):08X}" for word in words) + f":{end[1]:04X}"
    )


def _plain(host: str) -> Address:
    """An IPv4 address that came in IPv6 form is an IPv4 address. Raises ValueError."""
    address = ip_address(host.strip("[]").split("%")[0])
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
