"""The owner's key, for machines on which a connection does not tell whose it is.

A one-time link lets a browser in and leaves it a cookie; scripts send the key itself.
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path


def owner_key(data: Path) -> str:
    """The key in `owner.key` of the data folder, made when it is first needed."""
    path = data / "owner.key"
    with suppress(FileNotFoundError):
        return path.read_text(encoding="ascii").strip()
    with suppress(FileExistsError):
        _write(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").strip()


def new_link(data: Path, url: str) -> str:
    """A link that lets one browser in, once. It replaces the one before."""
    token = secrets.token_urlsafe(32)
    path = _token_path(data)
    path.unlink(missing_ok=True)
    _write(path, _digest(token))
    return f"{url.rstrip('/')}/enter?key={token}"


def redeem(data: Path, token: str) -> bool:
    """Whether the link's token is the right one; it is used up by that."""
    path = _token_path(data)
    try:
        expected = path.read_text(encoding="ascii")
        if not hmac.compare_digest(expected, _digest(token)):
            return False
        path.unlink()
    except OSError:  # there is none, or another request was quicker
        return False
    return True


def cookie(data: Path) -> str:
    return hmac.new(owner_key(data).encode(), b"cookie", hashlib.sha256).hexdigest()


def is_cookie(data: Path, value: str) -> bool:
    return hmac.compare_digest(cookie(data).encode(), value.encode())


def is_key(data: Path, value: str) -> bool:
    return hmac.compare_digest(owner_key(data).encode(), value.encode())


def _token_path(data: Path) -> Path:
    return data / "enter.key"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _write(path: Path, value: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value)
