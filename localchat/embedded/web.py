"""The listening socket, which outlives every web process, and the question if all is ready."""

import errno
import http.client
import json
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from localchat.lib import environment
from localchat.lib.errors import LocalChatError

BACKLOG = 1024
TRIES = 100


class NoPort(LocalChatError):
    """There is no free port."""


def listen(host: str, port: int, say: Callable[[str], None]) -> socket.socket:
    """Bind to the port, or to the next free one, and say so."""
    family, *_, address = _resolve(host, port)
    for number in range(port, min(port + TRIES, 65536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address[0], number, *address[2:]))
            listener.listen(BACKLOG)
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                name = "HOST" if error.errno == errno.EADDRNOTAVAIL else "PORT"
                environment.refuse(name, f"{host}:{number} cannot be used ({error.strerror}).")
        else:
            if number != port:
                say(f"Port {port} is taken; using {number}.")
            return listener
    raise NoPort(f"The ports {port} to {port + TRIES - 1} are all taken; set PORT to a free one.")


def address_of(listener: socket.socket) -> str:
    """The URL of the first page: the public one, else that of this machine."""
    if public := environment.text("LOCALCHAT_PUBLIC_URL"):
        return public.rstrip("/") + "/"
    return f"http://{_host(listener)}:{listener.getsockname()[1]}/"


def address_for_others(listener: socket.socket) -> str:
    """As colleagues type it, where we listen on all addresses of this machine."""
    host = str(listener.getsockname()[0])
    if host not in environment.EVERYWHERE or environment.text("LOCALCHAT_PUBLIC_URL"):
        return address_of(listener)
    host = environment.reached_at(host)
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}:{listener.getsockname()[1]}/"


def unready(listener: socket.socket) -> str:
    """What keeps /readyz from answering 200; empty when nothing does."""
    public = urlsplit(environment.text("LOCALCHAT_PUBLIC_URL"))
    port = listener.getsockname()[1]
    connection = http.client.HTTPConnection(_host(listener).strip("[]"), port, timeout=1)
    headers = {"Host": public.netloc} if public.netloc else {}
    try:
        connection.request("GET", f"{public.path.rstrip('/')}/readyz", headers=headers)
        answer = connection.getresponse()
        return "" if answer.status == 200 else _reason(answer.status, answer.read(2000))
    except (OSError, http.client.HTTPException) as error:
        return f"no answer yet ({type(error).__name__})"
    finally:
        connection.close()


def _reason(status: int, body: bytes) -> str:
    try:
        return f"{status} {json.dumps(json.loads(body))}"
    except ValueError:
        return str(status)


def _host(listener: socket.socket) -> str:
    host = str(listener.getsockname()[0])
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, int, int, str, tuple[str, int]]:
    flags = socket.AI_PASSIVE
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except OSError as error:
        environment.refuse("HOST", f"{host!r} is no address of this machine ({error.strerror}).")
    first = min(found, key=lambda one: one[0] != socket.AF_INET)
    return first  # type: ignore[return-value]
