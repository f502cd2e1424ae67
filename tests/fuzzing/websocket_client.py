"""A websocket by hand, which also sends what no client would."""

import base64
import os
import socket
import struct

TEXT, CLOSE = 1, 8


def opened(port: int) -> socket.socket:
    """After the handshake, of which the answer has not been read."""
    line = socket.create_connection(("127.0.0.1", port), timeout=20)
    key = base64.b64encode(os.urandom(16)).decode()
    head = [
        "GET /ws/ HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        "",
        "",
    ]
    line.sendall("\r\n".join(head).encode())
    return line


def status(line: socket.socket) -> int:
    """Of the handshake."""
    said = b""
    while b"\r\n\r\n" not in said:
        part = line.recv(1)
        if not part:
            return 0
        said += part
    return int(said.split()[1])


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A whole message, masked as a client's has to be."""
    mask = os.urandom(4)
    masked = bytes(each ^ mask[place % 4] for place, each in enumerate(payload))
    if len(payload) < 126:
        length = bytes([0x80 | len(payload)])
    elif len(payload) < 65_536:
        length = b"\xfe" + struct.pack(">H", len(payload))
    else:
        length = b"\xff" + struct.pack(">Q", len(payload))
    return bytes([0x80 | opcode]) + length + mask + masked


def abort(line: socket.socket) -> None:
    """Without a goodbye: the other end gets a reset."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def received(line: socket.socket) -> tuple[int, bytes]:
    """The next frame of the server's, which sends each message as one."""
    first, length = _exactly(line, 2)
    if length == 126:
        (length,) = struct.unpack(">H", _exactly(line, 2))
    elif length == 127:
        (length,) = struct.unpack(">Q", _exactly(line, 8))
    return first & 15, _exactly(line, length)


def _exactly(line: socket.socket, count: int) -> bytes:
    said = b""
    while len(said) < count:
        part = line.recv(count - len(said))
        if not part:
            raise ConnectionError("it was closed")
        said += part
    return said
