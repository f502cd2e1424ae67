"""How a reader says that a file cannot be read. Light: used inside the reader process."""

from localchat.lib.errors import LocalChatError


class Refusal(LocalChatError):
    """This file cannot be read."""

    code = "unreadable"


class TooLong(Refusal):
    """This file has more pages than can be read at once. Try it in smaller parts."""

    code = "too_large"


class Empty(Refusal):
    """There is no text in this file."""

    code = "empty"


class Damaged(Refusal):
    """This file is damaged, or it is not what its name says."""

    code = "damaged"


class Locked(Refusal):
    """This file is protected by a password. Save a copy without one and upload that."""

    code = "password_required"


class NotText(Refusal):
    """This is no text that could be read: its bytes fit no known encoding."""

    code = "not_text"


class NoSuchPage(Refusal):
    """The file has no page of that number."""

    code = "not_found"
