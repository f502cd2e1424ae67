"""Django's side of the gate: who asks, and what browsers may do with the answer."""

from collections.abc import AsyncIterator, Callable

from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from localchat.accounts import access, api_keys, proxies, scopes
from localchat.accounts.audit import caller
from localchat.accounts.gate import OPEN, OWNER
from localchat.accounts.owner import owner_user
from localchat.accounts.refusals import MACHINES
from localchat.accounts.sign_ins import noting
from localchat.lib.api import error_response
from localchat.lib.errors import LocalChatError, LoginRequired, NotFound
from localchat.lib.leaving import right_of, while_allowed

Response = Callable[[HttpRequest], HttpResponseBase]
Person = User | AnonymousUser

LOGIN = "/login/"
CODE = "/login/code/"
OPENID = ("/login/openid/", "/login/openid/done/")
WITHOUT_LOGIN = (*OPEN, LOGIN, CODE, *OPENID, "/api/auth/login", "/reached", "/invitation/")
OF_STAFF = ("/admin/", "/invitations/", "/audit/", "/scim/")
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


def headers(get_response: Response) -> Response:
    """No script, style, frame or request that is not ours."""
    return lambda request: _guarded(request, get_response(request))


def _guarded(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("Permissions-Policy", PERMISSIONS)
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    if is_json and request.path_info.startswith(MACHINES):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def visitor(get_response: Response) -> Response:
    """Set request.user to a person whose row has been read, and send nobody to the login."""

    def now(request: HttpRequest) -> HttpResponseBase:
        refused = settle(request)
        if not connection.in_atomic_block:
            connection.close()  # a view that streams would keep it from others all the time
        before = caller.current.set(_caller(request))
        try:
            return refused or _ending(request, get_response(request))
        finally:
            caller.current.reset(before)

    return now


def _ending(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Whatever is streamed ends with the right to it."""
    right = right_of(request)
    if right and isinstance(response, StreamingHttpResponse):
        parts = response.streaming_content
        if isinstance(parts, AsyncIterator):
            response.streaming_content = while_allowed(right, parts)
    return response


def settle(request: HttpRequest) -> HttpResponse | None:
    """Find out who asks; the answer if they may not."""
    if request.path_info in OPEN:
        return None
    try:
        person = _of_key(request) or _person(request)
    except LocalChatError as error:
        return error_response(error)
    request.user = person

    async def known() -> Person:
        return person

    request.auser = known
    if isinstance(person, User):
        if not (_is_owner(request) or right_of(request)):
            request.right = access.right(request.session.session_key, person)  # type: ignore[attr-defined]
            noting.note(request, person)
        hidden = request.path_info.startswith(OF_STAFF) and not person.is_staff
        return error_response(NotFound()) if hidden else None
    return None if request.path_info in WITHOUT_LOGIN else _to_login(request)


def _of_key(request: HttpRequest) -> User | None:
    """Whom the API key brings in, as far as it may go. Raises BadKey, ScopeMissing.

    At the owner's own connection only a key of ours counts: clients that insist on sending some
    key may send any other.
    """
    headers = request.headers
    token = api_keys.sent(headers.get("Authorization", ""), headers.get("X-Api-Key", ""))
    if not token or not request.path_info.startswith(MACHINES):
        return None
    if _is_owner(request) and not token.startswith(api_keys.PREFIX):
        return None
    key = api_keys.find(token)
    api_keys.check(key, scopes.of_request(request))
    request.right, request.api_key = api_keys.right(key), key  # type: ignore[attr-defined]
    return key.owner


def _caller(request: HttpRequest) -> caller.Caller:
    user_id = request.user.pk if hasattr(request, "user") else None
    return caller.Caller(user_id, proxies.client_address(request), _is_owner(request))


def _is_owner(request: HttpRequest) -> bool:
    return bool(getattr(request, "scope", {}).get(OWNER))


def _person(request: HttpRequest) -> Person:
    if _is_owner(request):
        return owner_user()
    found = get_user(request)
    return found if isinstance(found, User) else AnonymousUser()


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith(MACHINES):
        return error_response(LoginRequired())
    onward = request.get_full_path() if request.method == "GET" else reverse("chat")
    return redirect_to_login(onward)
