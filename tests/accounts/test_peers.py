"""Whose connection it is, asked of the kernel, over real sockets."""

import os
import socket
import subprocess
import sys
import time
from ipaddress import ip_address

import pytest

from localchat.accounts import netlink, peers
from tests.asgi import connected
from tests.live import ROOT, end, free_port

NOBODY = 65534
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
ask_as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")

CLIENT = """
import sys, http.client
line = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=20)
line.request("GET", "/api/conversations")
print(line.getresponse().status)
"""
SOCKET = """
import socket, sys
line = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20)
line.sendall((
    f"GET /ws/ HTTP/1.1\\r\\nHost: 127.0.0.1:{sys.argv[1]}\\r\\nUpgrade: websocket\\r\\n"
    "Connection: Upgrade\\r\\nSec-WebSocket-Version: 13\\r\\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n"
).encode())
print(line.recv(100).split()[1].decode())
"""


def as_user(uid, script, port) -> int:
    """What the road answers to a process of that user."""
    command = ["/usr/bin/python3", "-I", "-c", script, str(port)]
    become = {} if uid == os.geteuid() else {"user": uid, "group": uid, "extra_groups": []}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=40, cwd="/", check=False, **become
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.fixture(scope="module")
def server(request):
    """The gate in a real server, for the owner with the uid that is asked for."""
    port = free_port()
    env = {**os.environ, "LOCALCHAT_OWNER_UID": str(request.param), "PORT": str(port)}
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(
        [*command, "tests.accounts.doorstep:application"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert process.poll() is None
        time.sleep(0.1)
    yield port
    end(process)


@ask_as_root
@pytest.mark.parametrize("server", [0, NOBODY], indirect=True)
def test_root_comes_in(server):
    assert as_user(0, CLIENT, server) == 200
    assert as_user(0, SOCKET, server) == 101


@ask_as_root
@pytest.mark.parametrize("server", [0], indirect=True)
def test_another_user_of_the_machine_is_refused(server):
    assert as_user(NOBODY, CLIENT, server) == 403
    assert as_user(NOBODY, SOCKET, server) == 403


@ask_as_root
@pytest.mark.parametrize("server", [NOBODY], indirect=True)
def test_the_owner_need_not_be_root(server):
    assert as_user(NOBODY, CLIENT, server) == 200
    assert as_user(NOBODY, SOCKET, server) == 101
    assert as_user(1, CLIENT, server) == 403


def lookups():
    return [netlink.lookup, peers.in_table]


@pytest.mark.parametrize("lookup", lookups())
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_both_ways_of_asking_find_the_socket(lookup, host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with (
        socket.create_server((host, 0), family=family) as server,
        socket.create_connection(server.getsockname()[:2]) as client,
    ):
        theirs, ours = client.getsockname()[:2], server.getsockname()[:2]
        found = lookup((ip_address(theirs[0]), theirs[1]), (ip_address(ours[0]), ours[1]))
        assert found == (os.geteuid(), os.fstat(client.fileno()).st_ino)


@pytest.mark.parametrize("lookup", lookups())
def test_a_client_of_the_other_family_is_found_too(lookup):
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        port = server.getsockname()[1]
        with socket.socket(socket.AF_INET6) as client:
            client.connect(("::ffff:127.0.0.1", port))
            here = ip_address("127.0.0.1")
            found = lookup((here, client.getsockname()[1]), (here, port))
            assert found is not None
            assert found.inode == os.fstat(client.fileno()).st_ino


@pytest.mark.parametrize("lookup", lookups())
def test_a_socket_that_only_listens_is_nobodys_end(lookup):
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = ip_address("127.0.0.1")
        assert lookup((here, server.getsockname()[1]), (here, 9)) is None


async def test_a_socket_that_was_closed_is_not_roots():
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        ours, theirs = server.accept()
        with ours:
            client.close()
            assert await peers.user_id(theirs, server.getsockname()) is None


async def test_a_stranger_connection_cannot_be_told():
    with connected() as ends, pytest.raises(peers.CannotTell):
        await peers.user_id(("127.0.0.1", 1), (ends.server[0], ends.server[1]))


def test_this_machine_can_tell():
    assert peers.can_tell()
