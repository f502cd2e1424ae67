import subprocess
import sys
import time
from collections.abc import Iterator

import ldap3
import pytest

from tests.accounts.ldap_keeper import Directory
from tests.accounts.ldap_names import GROUPS, PEOPLE, READER, READERS_PASSWORD
from tests.asgi import Ends, connected
from tests.live import ROOT, end, free_port


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


@pytest.fixture(scope="session")
def ldap_server(tmp_path_factory):
    folder, ports = tmp_path_factory.mktemp("directory"), [free_port(), free_port()]
    command = [sys.executable, "-m", "tests.accounts.ldap_server", str(folder), *map(str, ports)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    found = Directory(folder, *ports)
    for _ in range(300):
        try:
            with found.opened():
                break
        except ldap3.core.exceptions.LDAPException:
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
    yield found
    end(process)


@pytest.fixture
def directory(ldap_server, settings, db):
    ldap_server.empty()
    ldap_server.put("dora")
    settings.OWNER_MODE = False
    settings.LDAP_SERVER = f"ldap://127.0.0.1:{ldap_server.plain}"
    settings.LDAP_CA_FILE = str(ldap_server.ca)
    settings.LDAP_BIND_DN, settings.LDAP_BIND_PASSWORD = READER, READERS_PASSWORD
    settings.LDAP_BASE, settings.LDAP_GROUP_BASE = PEOPLE, GROUPS
    settings.LDAP_SIGN_UP = True
    return ldap_server
