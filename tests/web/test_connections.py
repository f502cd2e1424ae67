"""Who comes without asking anything is let go, and keeps nobody out."""

import contextlib
import socket
import time

import httpx
import pytest
from django.conf import settings
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web import http

from localchat.web import connections

ASKED = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
LOGIN = b"POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n{"
HALF = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


class Server:
    """What a channel tells its server."""

    def protocol_connected(self, _):
        pass


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bounded(clock):
    factory = connections.Bounded(Server())
    factory.wrappedFactory.reactor = clock
    return factory


class Line(StringTransport):
    """A client's end: what it says is heard at once."""

    def __init__(self, factory, host="192.0.2.1"):
        address = (IPv6Address if ":" in host else IPv4Address)("TCP", host, 40_000)
        super().__init__(peerAddress=address)
        self.other = factory.buildProtocol(address)
        self.other.makeConnection(self)

    def say(self, data):
        self.other.dataReceived(data)

    def leave(self):
        self.other.connectionLost(Failure(ConnectionDone()))

    @property
    def is_closed(self):
        return self.disconnecting


def test_headers_that_come_byte_by_byte_have_their_time_all_the_same(bounded, clock):
    slow = Line(bounded)
    slow.say(HALF)
    for _ in range(settings.HEADERS_SECONDS - 1):
        clock.advance(1)
        slow.say(b"x")
    assert not slow.is_closed
    clock.advance(1)
    assert slow.is_closed


def test_who_says_nothing_has_the_same_time(bounded, clock):
    idle = Line(bounded)
    clock.advance(settings.HEADERS_SECONDS)
    assert idle.is_closed


def test_a_small_body_that_comes_byte_by_byte_has_the_same_time(bounded, clock, monkeypatch):
    def held(request, length):
        http.Request.gotLength(request, length)
        request.channel.hold()

    monkeypatch.setattr("daphne.http_protocol.WebRequest.gotLength", held)
    slow = Line(bounded)
    slow.say(LOGIN)
    slow.other.wrappedProtocol.go_on()
    for _ in range(settings.HEADERS_SECONDS - 1):
        clock.advance(1)
        slow.say(b"x")
    assert not slow.is_closed
    clock.advance(1)
    assert slow.is_closed


def test_whose_headers_are_complete_has_as_long_as_the_answer_takes(bounded, clock, monkeypatch):
    asked = []
    monkeypatch.setattr("daphne.http_protocol.WebRequest.process", lambda it: asked.append(it))
    line = Line(bounded)
    line.say(HALF + b"no\r\n\r\n")
    clock.advance(10 * settings.HEADERS_SECONDS)
    assert len(asked) == 1
    assert not line.is_closed


@pytest.fixture
def most(settings):
    settings.SOCKETS_PER_ADDRESS = 3
    return 3


def test_of_an_address_with_too_many_the_one_that_waits_longest_goes(bounded, most):
    lines = [Line(bounded) for _ in range(most + 2)]
    assert [each.is_closed for each in lines] == [True, True, False, False, False]


def test_another_address_has_its_own(bounded, most):
    for _ in range(most + 2):
        Line(bounded)
    assert not Line(bounded, "192.0.2.2").is_closed


def test_where_all_are_at_work_the_new_one_is_refused(bounded, most, monkeypatch):
    monkeypatch.setattr("daphne.http_protocol.WebRequest.process", lambda _: None)
    lines = [Line(bounded) for _ in range(most)]
    for each in lines:
        each.say(HALF + b"no\r\n\r\n")
    assert Line(bounded).is_closed
    assert not any(each.is_closed for each in lines)


def test_one_who_changes_addresses_within_a_network_of_ipv6_counts_as_one(bounded, most):
    lines = [Line(bounded, f"2001:db8::{number:x}") for number in range(most + 2)]
    assert sum(each.is_closed for each in lines) == 2
    assert not Line(bounded, "2001:db8:0:1::1").is_closed


def test_who_has_left_does_not_count(bounded, most):
    for _ in range(5 * most):
        line = Line(bounded)
        line.leave()
    assert bounded.of == {}


def test_a_trusted_proxy_may_have_any_number(bounded, most, trusted):
    lines = [Line(bounded, "172.18.0.2") for _ in range(10 * most)]
    assert not any(each.is_closed for each in lines)


@contextlib.contextmanager
def lines(port, count, said):
    """So many connections, each of which has said that."""
    opened = []
    try:
        for _ in range(count):
            opened.append(socket.create_connection(("127.0.0.1", port), timeout=10))
            with contextlib.suppress(OSError):
                opened[-1].sendall(said)
        yield opened
    finally:
        for each in opened:
            each.close()


def await_answers(opened):
    for each in opened:
        with contextlib.suppress(ConnectionResetError):  # a refused one has none
            each.recv(1)


@pytest.mark.parametrize("said", [HALF, ASKED, LOGIN], ids=["half", "answered", "a slow body"])
def test_thirteen_hundred_idle_connections_shut_nobody_out(live_login, raised, said):
    told = said.replace(b"localhost", b"127.0.0.1:%d" % live_login.port)
    with lines(live_login.port, 1300, told) as opened:
        if said is ASKED:  # until it is answered, a connection is not idle
            await_answers(opened[-settings.SOCKETS_PER_ADDRESS :])
        began = time.monotonic()
        for _ in range(20):  # each with a connection of its own
            assert httpx.get(f"{live_login.url}/healthz").status_code == 200
        assert live_login.http.get("/login/").status_code == 200
        assert time.monotonic() - began < 10


@pytest.fixture
def raised():
    """As many descriptors for ourselves."""
    connections.raise_limit()
