"""What a request says of where it comes from and whom it is for."""

import socket
from urllib.parse import urlsplit

from django.conf import settings

from localchat.accounts.refusals import (
    MACHINES,
    BehindProxy,
    NoSubPath,
    NoUpgrade,
    WrongHost,
    WrongOrigin,
)
from localchat.accounts.request import Request
from localchat.lib import environment
from localchat.lib.sentences import Sentence

OUR_SITE = ("", "same-origin", "none")
SAFE = ("GET", "HEAD", "OPTIONS")
OF_PROXIES = (b"forwarded", b"via", b"x-real-ip")
NAMES = ("127.0.0.1", "localhost", "[::1]")
# The lines are nginx's; Caddy and Traefik do all of it unless they are told otherwise.
SOCKET = "/ws/"
HOST_LINE = "proxy_set_header Host $http_host;"
UPGRADE_LINE = (
    "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;"
    " proxy_set_header Connection upgrade;"
)
USUAL_PORTS = {"http": 80, "https": 443}


def check_direct(request: Request) -> None:
    """Raises BehindProxy."""
    if any(name in OF_PROXIES or name.startswith(b"x-forwarded") for name in request.headers):
        raise BehindProxy


def check_host(request: Request) -> None:
    """Raises WrongHost, which tells what was seen and what was expected."""
    seen = request.header(b"host").lower()
    if settings.PUBLIC_URL:
        expected = _plain(settings.PUBLIC_URL)
        right = _plain(f"{urlsplit(settings.PUBLIC_URL).scheme}://{seen}") == expected
    elif settings.OWNER_MODE:
        port = request.ours[1] if request.ours else settings.PORT
        expected = f"{NAMES[0]}:{port}"
        right = seen in _with_port(port)
    else:
        name = _plain(f"http://{seen}").rpartition(":")[0]
        right = name in settings.ALLOWED_HOSTS or name in _names_of(request)
        expected = "" if right else environment.reached_at(settings.HOST)
    if not right and settings.PUBLIC_URL:
        raise wrong_host(seen, settings.PUBLIC_URL.partition("://")[2].split("/")[0])
    if not right:
        raise WrongHost(
            Sentence(
                "This request is for %(host)s, but LocalChat expects %(expected)s. The setting"
                " LOCALCHAT_PUBLIC_URL says by which address it is reached.",
                host=seen[:200] or Sentence("no host"),
                expected=expected,
            )
        )


def _names_of(request: Request) -> set[str]:
    """By which the connection itself may have been asked for, and the name of this machine."""
    own = socket.gethostname().lower()
    names = {own, f"{own}.local"}
    if settings.HOST in environment.EVERYWHERE and request.ours:
        address = request.ours[0].removeprefix("::ffff:")
        names.add(f"[{address}]" if ":" in address else address)
    return names


def check_path(request: Request) -> None:
    """Raises NoSubPath."""
    line = f"proxy_pass http://127.0.0.1:{settings.PORT};"
    if not request.is_below:
        raise NoSubPath(
            Sentence(
                "This LocalChat lies below %(path)s, but the proxy has asked for %(seen)s: it must"
                " hand the path on as it is. In nginx nothing stands behind the port:"
                " “%(line)s”; Caddy has “handle” in place of “handle_path”, and Traefik no"
                " “stripPrefix”.",
                path=settings.FORCE_SCRIPT_NAME or "/",
                seen=request.road[:200],
                line=line,
            )
        )


def check_upgrade(request: Request) -> None:
    """Raises NoUpgrade for a page of ours that asks for the socket's road without being one."""
    if request.road == SOCKET and not request.is_socket:
        raise NoUpgrade(
            Sentence(
                "The proxy does not let the live connection through, by which answers come. In"
                " nginx write: “%(line)s”",
                line=UPGRADE_LINE,
            )
        )


def wrong_host(seen: str, expected: str) -> WrongHost:
    return WrongHost(
        Sentence(
            "This request is for %(host)s, but LocalChat expects %(expected)s. If that is what"
            " was typed, the proxy has to hand it on, in nginx by “%(line)s”; if not, the"
            " setting LOCALCHAT_PUBLIC_URL has to say by which address it is reached.",
            host=seen[:200] or Sentence("no host"),
            expected=expected,
            line=HOST_LINE,
        )
    )


def _with_port(port: int) -> set[str]:
    own = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    names = {*NAMES, own}
    return {f"{name}:{port}" for name in names} | (names if port == 80 else set())


def check_site(request: Request) -> None:
    """Other sites may link to our pages and do nothing else. Raises WrongOrigin."""
    check_origin(request)
    if request.header(b"sec-fetch-site") not in OUR_SITE and not _follows_link(request):
        raise WrongOrigin


def check_change(request: Request) -> None:
    """Other sites may change nothing and open no socket. Raises WrongOrigin."""
    if request.is_socket or request.method not in SAFE:
        check_origin(request)
        if request.header(b"sec-fetch-site") not in OUR_SITE:
            raise WrongOrigin


def check_origin(request: Request) -> None:
    if b"origin" not in request.headers:
        return
    origin = request.header(b"origin").lower()
    if settings.PUBLIC_URL:
        right = origin in {_origin(settings.PUBLIC_URL)}
    else:
        right = origin == f"http://{request.header(b'host').lower()}"
    if not right:
        raise WrongOrigin


def _follows_link(request: Request) -> bool:
    return (
        request.method == "GET"
        and request.header(b"sec-fetch-mode") == "navigate"
        and request.header(b"sec-fetch-dest") in {"", "document"}
        and not request.road.startswith(MACHINES)
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _plain(url: str) -> str:
    """host:port of a URL, the port always said; empty if it is no URL."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or USUAL_PORTS.get(parts.scheme, 0)
    except ValueError:
        return ""
    odd = parts.username is not None or parts.path or parts.query or parts.fragment
    if odd and url != settings.PUBLIC_URL:
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
