"""Statuses of failures that come as events, when nothing has been sent yet."""

from localchat.lib import errors

_CLASSES = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, errors.LocalChatError)
]
_STATUSES = {each.code: each.status for each in reversed(_CLASSES)}


def status(code: str) -> int:
    """500 for what nobody knows here."""
    return _STATUSES.get(code, 500)
