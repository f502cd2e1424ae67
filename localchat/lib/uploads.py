"""Forms with files, taken apart beside the event loop."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase

from localchat.lib.api import TOO_LONG, error_response, is_disk_full
from localchat.lib.errors import BadRequest, DiskFull, TooLarge
from localchat.lib.sentences import Sentence

DAMAGED = Sentence("This form is damaged, or it has too many fields or files.")
Response = Callable[[HttpRequest], HttpResponseBase]


def uploads(get_response: Response) -> Response:
    """An asynchronous view that asks for its files would otherwise hold up everybody.

    The innermost middleware, and not an asynchronous one: so all of them run in one thread, where
    each would else be sent to a thread by itself, before the view and after it.
    """

    def now(request: HttpRequest) -> HttpResponseBase:
        if request.content_type == "multipart/form-data":
            try:
                request.FILES  # noqa: B018 - looked at, it is taken apart
            except RequestDataTooBig:
                return error_response(TooLarge(TOO_LONG))
            except (MultiPartParserError, TooManyFilesSent, TooManyFieldsSent):
                return error_response(BadRequest(DAMAGED))
            except OSError as error:
                if not is_disk_full(error):
                    raise
                return error_response(DiskFull())
        return get_response(request)

    return now
