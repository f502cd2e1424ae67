"""Errors that a person reads. The docstring of a class is its sentence."""

from localchat.lib.sentences import Sentence


class LocalChatError(Exception):
    """Something went wrong. Please try again."""

    status = 500
    code = "internal"

    def __init__(self, message: str = "") -> None:
        docstring = " ".join((type(self).__doc__ or "").split())
        self.message = message or Sentence(docstring)
        super().__init__(self.message)

    def headers(self) -> dict[str, str]:
        """What an answer over HTTP says beside its status."""
        return {"WWW-Authenticate": "Bearer"} if self.status == 401 else {}

    def as_json(self) -> dict[str, str]:
        return {"error": self.code, "message": self.message}


class BadRequest(LocalChatError):
    """The request could not be understood."""

    status, code = 400, "bad_request"


class LoginRequired(LocalChatError):
    """Please log in."""

    status, code = 401, "login_required"


class NotFound(LocalChatError):
    """There is nothing here under that name or number."""

    status, code = 404, "not_found"


class MethodNotAllowed(LocalChatError):
    """There is something here, but not for this method of HTTP."""

    status, code = 405, "method_not_allowed"


class Conflict(LocalChatError):
    """That cannot be done in the present state."""

    status, code = 409, "conflict"


class TooLarge(LocalChatError):
    """The file is larger than this server accepts."""

    status, code = 413, "too_large"


class LimitReached(LocalChatError):
    """You have done that as often as this server allows. Please try again later."""

    status, code = 429, "limit_reached"

    def __init__(self, message: str = "", *, retry_after: int = 0) -> None:
        """Seconds after which it may be tried again; 0 where nobody can tell."""
        super().__init__(message)
        self.retry_after = retry_after

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}


class StorageFull(LocalChatError):
    """There is no room left for your files. Delete some first."""

    status, code = 413, "storage_full"


class NotCounted(LocalChatError):
    """That is not possible while Redis does not answer. Please try again in a moment."""

    status, code = 503, "redis_unreachable"


LIMITS = (LimitReached, StorageFull, NotCounted)  # what one person may do


class DiskFull(LocalChatError):
    """The disk is full."""

    status, code = 507, "disk_full"


class DatabaseAway(LocalChatError):
    """The database does not answer. Please try again in a moment."""

    status, code = 503, "database_unreachable"


class NotAllowed(LocalChatError):
    """You may not do that here."""

    status, code = 403, "not_allowed"


class EngineError(LocalChatError):
    """The model engine failed. Please try again."""

    status, code = 502, "engine_failed"


class EngineUnreachable(EngineError):
    """The model engine does not answer. Is Ollama running?"""

    status, code = 503, "engine_unreachable"


class EngineBusy(EngineError):
    """The model engine is busy. Please try again in a moment."""

    status, code = 503, "engine_busy"


class ModelDied(EngineError):
    """The model broke off in the middle of the answer. What had come so far is kept."""


class ModelMissing(EngineError):
    """That model is not installed."""

    status, code = 404, "model_missing"


class PromptTooLong(EngineError):
    """The question and its passages do not fit into the model's window."""

    status, code = 422, "prompt_too_long"

    def __init__(self, message: str = "", *, sent: int = 0, window: int = 0) -> None:
        """Tokens as the engine counts them; 0 where it does not tell."""
        super().__init__(message)
        self.sent, self.window = sent, window


class EngineStalled(EngineError):
    """The model engine stopped sending. What had come so far is kept."""

    status, code = 504, "engine_stalled"


class EngineCut(EngineError):
    """The model engine broke off in the middle of the answer. What had come so far is kept."""

    status, code = 502, "engine_cut"


# Of an engine that is waited for, and of one that may be broken by what it was sent.
AWAY = (EngineUnreachable, EngineBusy, ModelMissing)
BROKEN = (EngineCut, EngineStalled, ModelDied)
