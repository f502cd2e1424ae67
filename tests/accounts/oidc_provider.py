"""A provider of OpenID Connect: django-oauth-toolkit on loopback, as a process of its own.

Run with a folder and a port. Who its user is stands in a header, in place of its log-in page.
"""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.urls import include, path

CLIENT, SECRET = "localchat", "a-secret-of-the-provider"
BACK = "http://testserver/login/openid/done/"


def from_header(get_response):
    from django.contrib.auth.middleware import PersistentRemoteUserMiddleware

    middleware = PersistentRemoteUserMiddleware(get_response)
    middleware.header = "HTTP_X_USER"
    return middleware


def configure(folder: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    settings.configure(
        SECRET_KEY="of-a-test",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.sqlite3"}
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            f"{__name__}.from_header",
        ],
        AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.RemoteUserBackend"],
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": pem.decode(),
            "SCOPES": {"openid": "who you are", "profile": "what you are called"},
            "OAUTH2_VALIDATOR_CLASS": f"{__name__}.validator",
        },
    )


def validator(*args):
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class WithName(OAuth2Validator):
        oidc_claim_scope = {**OAuth2Validator.oidc_claim_scope, "preferred_username": "profile"}

        def get_additional_claims(self, request):
            return {"preferred_username": request.user.get_username()}

    return WithName(*args)


def serve(port: int) -> None:
    from django.core.management import call_command
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    Application.objects.create(
        name="LocalChat",
        client_id=CLIENT,
        client_secret=SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=BACK,
        algorithm="RS256",
        skip_authorization=True,
    )
    call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, verbosity=0)


if __name__ == "__main__":
    configure(Path(sys.argv[1]))
    django.setup()
    urlpatterns = [path("o/", include("oauth2_provider.urls", namespace="oauth2_provider"))]
    serve(int(sys.argv[2]))
