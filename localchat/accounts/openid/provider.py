"""The provider that is set: where to send a browser, and who came back from there.

Authlib does the protocol: the code flow with PKCE, state and nonce, and the token's signature.
"""

from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from joserfc.errors import JoseError

from localchat.lib.errors import LocalChatError, LoginRequired

SECONDS = 10
SCOPE = "openid profile"
DISCOVERY = "/.well-known/openid-configuration"


class ProviderAway(LocalChatError):
    """The provider that confirms who you are does not answer. Please try again in a moment."""

    status, code = 503, "provider_unreachable"


class NotConfirmed(LoginRequired):
    """The provider did not confirm who you are. Please begin again."""

    code = "not_confirmed"


def send(request: HttpRequest, back: str) -> HttpResponseBase:
    """To the provider's own page, and then to this address. Raises ProviderAway."""
    try:
        answer: HttpResponseBase = _client().authorize_redirect(request, back)
    except (requests.RequestException, ValueError, RuntimeError) as error:
        raise ProviderAway from error
    return answer


def confirmed(request: HttpRequest) -> dict[str, Any]:
    """The claims of whoever comes back, `sub` among them. Raises NotConfirmed, ProviderAway."""
    options = {
        "iss": {"essential": True, "values": [settings.OIDC_ISSUER]},
        "sub": {"essential": True},
    }
    try:
        token = _client().authorize_access_token(request, claims_options=options)
    except requests.RequestException as error:
        raise ProviderAway from error
    except (AuthlibBaseError, JoseError, ValueError, RuntimeError) as error:
        raise NotConfirmed from error
    claims = token.get("userinfo")
    if not claims or not isinstance(claims.get("sub"), str) or len(claims["sub"]) > 255:
        raise NotConfirmed
    return dict(claims)


def _client() -> Any:
    return OAuth().register(
        "provider",
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=settings.OIDC_ISSUER.rstrip("/") + DISCOVERY,
        client_kwargs={
            "scope": SCOPE,
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )
