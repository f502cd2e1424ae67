"""The one place that reads the environment. A bad value stops the start with one sentence."""

import ipaddress
import os
import re
import secrets
import socket
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit


class BadEnvironment(SystemExit):
    """A setting has a value that cannot be used."""


def refuse(name: str, why: str) -> NoReturn:
    raise BadEnvironment(f"{name}: {why}")


def text(name: str, default: str = "") -> str:
    """The value of `name`, or of the file that `name`_FILE points to, or the default."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            refuse(f"{name}_FILE", f"cannot be read ({error.strerror}).")
    return os.environ.get(name, "").strip() or default


# The least and the greatest value of each number that was asked for.
BOUNDS: dict[str, tuple[int, int]] = {}


def number(name: str, default: int, *, at_least: int = 0, at_most: int = 2**31) -> int:
    BOUNDS[name] = at_least, at_most
    value = text(name)
    if not value:
        return default
    if not value.lstrip("-").isdigit() or not at_least <= int(value) <= at_most:
        refuse(name, f"must be a whole number from {at_least} to {at_most}, not {value!r}.")
    return int(value)


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value in {"", "0", "1", "true", "false", "yes", "no", "on", "off"}:
        return value in {"1", "true", "yes", "on"} if value else default
    return refuse(name, f"must be yes or no, not {value!r}.")


# Each with an address of no machine, which is out of the house.
EVERYWHERE = {"0.0.0.0": "192.0.2.1", "::": "2001:db8::1"}
# Where this machine has its data and servers, and what the backup has as a file of its own.
OF_THIS_MACHINE = {"LOCALCHAT_DATA", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "LOCALCHAT_USER"}


def described() -> list[str]:
    """The names of `.env.example`, in its order."""
    example = Path(__file__).resolve().parents[2] / ".env.example"
    return re.findall(r"^#?([A-Z][A-Z_]+)=", example.read_text(encoding="utf-8"), re.MULTILINE)


def chosen() -> str:
    """What somebody has set, as lines of a `.env` file, secrets too."""
    values = {name: text(name) for name in described() if name not in OF_THIS_MACHINE}
    return "".join(f"{name}={value}\n" for name, value in values.items() if value)


def data_folder() -> Path:
    """Where everything is kept: LOCALCHAT_DATA, else $XDG_DATA_HOME/localchat."""
    if chosen := text("LOCALCHAT_DATA"):
        path = Path(chosen).expanduser()
    else:
        base = text("XDG_DATA_HOME") or "~/.local/share"
        path = Path(base).expanduser() / "localchat"
    path = path.resolve()
    checkout = Path(__file__).resolve().parents[2]
    if path == checkout or checkout in path.parents:
        refuse("LOCALCHAT_DATA", "must lie outside the checkout.")
    return path


def is_loopback(host: str) -> bool:
    if host in {"localhost", ""}:
        return host == "localhost"
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def reached_at(host: str) -> str:
    """What others type for it: of all addresses at once, the one by which this machine goes out."""
    if host not in EVERYWHERE:
        return host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((EVERYWHERE[host], 9))  # which sends nothing
        except OSError:
            return "::1" if ":" in host else "127.0.0.1"
        return str(probe.getsockname()[0])


def public_url() -> str:
    """LOCALCHAT_PUBLIC_URL without a slash at its end; empty when it is not set."""
    value = text("LOCALCHAT_PUBLIC_URL").rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query):
        refuse("LOCALCHAT_PUBLIC_URL", f"must be as it is typed, https://…, not {value!r}.")
    return value


def server_url(name: str, default: str, *, port: int | None = None) -> str:
    """A server's base URL without a slash at its end, from `host`, `host:port` or a whole URL."""
    value = text(name) or default
    return _url(name, value, port) if value else ""


def server_urls(name: str, default: str, *, port: int | None = None) -> str:
    """Several servers, as `server_url` has each, with commas between; each once, in their order."""
    return _url(name, text(name) or default, port, several=True)


def _url(name: str, value: str, port: int | None, *, several: bool = False) -> str:
    try:
        return addresses(value, port) if several else address(value, port)
    except ValueError:
        refuse(name, f"must be an address such as http://127.0.0.1:11434, not {value!r}.")


def addresses(value: str, port: int | None = None) -> str:
    """Those with commas between, each as `address` has it. Raises ValueError."""
    values = [each.strip() for each in value.split(",")]
    return ",".join(dict.fromkeys(address(each, port) for each in values if each))


def address(value: str, port: int | None = None) -> str:
    """A base URL without a slash at its end, from `host`, `host:port` or a whole URL.

    Of `http` it has the port given here, where it names none. Raises ValueError.
    """
    parts = urlsplit(value if "://" in value else f"http://{value}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(value)
    host = "127.0.0.1" if parts.hostname in {"0.0.0.0", "::"} else parts.hostname
    host = f"[{host}]" if ":" in host else host
    number_ = parts.port or (port if parts.scheme == "http" else None)
    return f"{parts.scheme}://{host}{f':{number_}' if number_ else ''}{parts.path.rstrip('/')}"


def directory_url(name: str) -> str:
    """A directory's address, ldaps://host or ldap://host, with or without a port."""
    value = text(name).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"ldap", "ldaps"} or not parts.hostname or parts.path):
        refuse(name, f"must be an address such as ldaps://ldap.example.org, not {value!r}.")
    return value


def check_provider(issuer: str, client: str) -> None:
    """Of OpenID Connect, where one is set."""
    if issuer and not (issuer.startswith(("https://", "http://")) and client):
        refuse("OIDC_ISSUER", "needs an address with https:// and OIDC_CLIENT_ID.")


def check_directory(base: str, people: str, template: str, encryption: str) -> None:
    """That a directory can be searched by what is set of it."""
    if not base:
        refuse("LDAP_BASE", "is required when LDAP_SERVER is set.")
    if "{name}" not in people or not people.startswith("("):
        refuse("LDAP_FILTER", "must be a filter with {name} in it, such as (uid={name}).")
    if template and "{name}" not in template:
        refuse("LDAP_DN_TEMPLATE", "must have {name} in it.")
    if encryption not in {"", "starttls", "plain"}:
        refuse("LDAP_ENCRYPTION", f"must be starttls or plain, not {encryption!r}.")


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses and networks (10.1.0.0/16), with commas between."""
    try:
        return [
            ipaddress.ip_network(each.strip()) for each in text(name).split(",") if each.strip()
        ]
    except ValueError:
        refuse(name, f"must be addresses or networks such as 10.1.0.0/16, not {text(name)!r}.")


def secret_key(data: Path, *, public: bool) -> str:
    """SECRET_KEY; else the one in the data folder, where it is made once while we are private."""
    if given := text("SECRET_KEY"):
        if public and len(given) < 32:
            refuse("SECRET_KEY", "must be at least 32 characters long.")
        return given
    path = data / "secret.key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        if public:
            refuse("SECRET_KEY", "is required when LOCALCHAT_PUBLIC_URL is set.")
        return _keep(path, secrets.token_urlsafe(48))


def _keep(path: Path, value: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was quicker
        return path.read_text(encoding="ascii")
    except OSError as error:
        refuse("LOCALCHAT_DATA", f"{path.parent} cannot be written ({error.strerror}).")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value)
    return value
