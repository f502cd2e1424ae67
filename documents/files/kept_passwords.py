"""Passwords of files: kept as long as the content, never as they are."""

from localchat.kept_settings import sealing

PURPOSE = "passwords of documents"


def closed(password: str) -> str:
    """Encrypted by the server's secret key."""
    return sealing.sealed(password, PURPOSE)


def opened(secret: str) -> str:
    """The password again; empty when there is none, or the server has another key now."""
    return sealing.opened(secret, PURPOSE)
