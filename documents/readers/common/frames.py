"""Messages between the processes: a length, then JSON. Never pickle: the other side is not trusted."""

import json
import socket
import struct
from collections.abc import Callable
from typing import Any

LENGTH = struct.Struct("!I")
FRAME_BYTES = 8 * 1024 * 1024
TEXT_PART = 1_000_000  # characters of a page's text in one frame, of up to 4 bytes each


class BrokenFrame(Exception):
    """The other side sent something that is no frame."""


class Ended(Exception):
    """The other side ended before it had said everything."""


def send(connection: socket.socket, frame: dict[str, Any], payload: bytes = b"") -> None:
    body = json.dumps(frame, ensure_ascii=False).encode("utf-8", "replace")
    connection.sendall(LENGTH.pack(len(body)) + body + payload)


def receive(connection: socket.socket, wait: Callable[[], None]) -> dict[str, Any] | None:
    """The next frame, or None at the end. `wait` is called before each look at the socket."""
    head = exactly(connection, LENGTH.size, wait)
    if not head:
        return None
    size = LENGTH.unpack(head)[0]
    if size > FRAME_BYTES:
        raise BrokenFrame
    try:
        frame = json.loads(exactly(connection, size, wait))
    except (ValueError, RecursionError) as error:
        raise BrokenFrame from error
    if not isinstance(frame, dict):
        raise BrokenFrame
    return frame


def exactly(connection: socket.socket, size: int, wait: Callable[[], None]) -> bytes:
    """That many bytes, or none when the other side had already ended."""
    data = bytearray()
    while len(data) < size:
        wait()
        try:
            part = connection.recv(min(size - len(data), 1 << 18))
        except ConnectionError:
            part = b""
        if not part:
            if data:
                raise Ended
            return b""
        data += part
    return bytes(data)
