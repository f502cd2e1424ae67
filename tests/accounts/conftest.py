from collections.abc import Iterator

import pytest

from tests.asgi import Ends, connected


@pytest.fixture
def ends() -> Iterator[Ends]:
    """The two ends of a connection that the user who runs the tests has opened."""
    with connected() as both:
        yield both


@pytest.fixture
def public(settings) -> str:
    """Not owner mode: reached by others under a name."""
    settings.OWNER_MODE = False
    settings.PUBLIC_URL = "https://chat.example.org"
    settings.ALLOWED_HOSTS = ["chat.example.org"]
    settings.CSRF_TRUSTED_ORIGINS = [settings.PUBLIC_URL]
    return settings.PUBLIC_URL


@pytest.fixture
def gated():
    """The whole program, from the gate inwards."""
    from localchat.asgi import application

    return application.app
