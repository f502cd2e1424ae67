"""What a proxy in front of us has to hand on, and how we say which of its settings is missing.

The lines are nginx's; Caddy and Traefik do all of it unless they are told otherwise.
"""

from django.conf import settings

from localchat.accounts.refusals import WrongHost
from localchat.accounts.request import Request
from localchat.lib.errors import LocalChatError
from localchat.lib.sentences import Sentence

SOCKET = "/ws/"
HOST_LINE = "proxy_set_header Host $http_host;"
SCHEME_LINE = "proxy_set_header X-Forwarded-Proto $scheme;"
UPGRADE_LINE = (
    "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;"
    " proxy_set_header Connection upgrade;"
)


class NoSubPath(LocalChatError):
    """The proxy does not hand on the path under which LocalChat lies."""

    status, code = 404, "no_sub_path"


class NoUpgrade(LocalChatError):
    """The proxy does not let the live connection through."""

    status, code = 426, "no_upgrade"


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
