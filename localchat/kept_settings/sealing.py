"""What the server keeps of others' secrets: encrypted by its own secret key, never as they are."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def sealed(text: str, purpose: str) -> str:
    """What is sealed for one purpose is not opened for another."""
    return _key(purpose).encrypt(text.encode("utf-8", "replace")).decode()


def opened(secret: str, purpose: str) -> str:
    """The text again; empty when there is none, or the server has another key now."""
    try:
        return _key(purpose).decrypt(secret).decode() if secret else ""
    except InvalidToken:
        return ""


def _key(purpose: str) -> Fernet:
    digest = hashlib.sha256(f"{purpose} {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
