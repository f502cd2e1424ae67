"""Passwords of files: kept as long as the content, never as they are."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def closed(password: str) -> str:
    """Encrypted by the server's secret key."""
    return _key().encrypt(password.encode("utf-8", "replace")).decode()


def opened(secret: str) -> str:
    """The password again; empty when there is none, or the server has another key now."""
    try:
        return _key().decrypt(secret).decode() if secret else ""
    except InvalidToken:
        return ""


def _key() -> Fernet:
    digest = hashlib.sha256(b"passwords of documents " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
