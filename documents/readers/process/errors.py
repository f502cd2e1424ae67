"""What can go wrong with reading, for the process that asked."""

from localchat.lib.errors import LocalChatError

PASSWORD_REQUIRED = "password_required"


class Unreadable(LocalChatError):
    """This file cannot be read."""

    status, code = 422, "unreadable"

    def __init__(self, message: str = "", code: str = "") -> None:
        super().__init__(message)
        if code:
            self.code = code


class Unsupported(Unreadable):
    """Files of this kind cannot be read yet."""

    status, code = 415, "unsupported"


class ReaderFailed(Unreadable):
    """This file broke the program that reads it. It may be damaged."""

    code = "reader_failed"


class OutOfMemory(ReaderFailed):
    """Reading this file took more memory than is allowed. Try it in smaller parts."""

    code = "reader_memory"


class OutOfTime(ReaderFailed):
    """Reading this file took longer than is allowed. Try it in smaller parts."""

    code = "reader_time"


class TooMuchText(ReaderFailed):
    """There is more text in this file than can be taken at once. Try it in smaller parts."""

    code = "reader_too_much"


class ReaderGone(LocalChatError):
    """The program that reads files went away. Please try again."""

    status, code = 503, "reader_gone"


class ReadingCancelled(LocalChatError):
    """Reading was stopped."""

    status, code = 409, "cancelled"
