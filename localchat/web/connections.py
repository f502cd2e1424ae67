"""Connections, each of which has to say within a time what it wants, and so many of one address."""

import resource
from typing import Any

from daphne.http_protocol import HTTPFactory
from django.conf import settings
from twisted.internet.interfaces import IDelayedCall
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.web.http import HTTPChannel

from localchat.accounts import proxies

MOST_DESCRIPTORS = 65_536
STRANGERS_BYTES = 65_536  # of a login; so small a body has no longer than headers have


class Channel(HTTPChannel):
    """Twisted's time-out begins anew with every byte; this one does not."""

    # The time until which a request's headers have to be there, and after them a small body.
    head: IDelayedCall | None = None

    def connectionMade(self) -> None:
        super().connectionMade()
        self.await_head()

    def await_head(self) -> None:
        self.head = self.callLater(settings.HEADERS_SECONDS, self.end)

    def end(self) -> None:
        self.head = None
        self.transport.abortConnection()

    def dataReceived(self, data: bytes) -> None:
        is_next = data and self.line_mode and not self._handlingRequest
        if is_next and self.head is None:
            self.await_head()
        super().dataReceived(data)

    def allHeadersReceived(self) -> None:
        self.forget_head()
        super().allHeadersReceived()

    def allContentReceived(self) -> None:
        self.forget_head()
        super().allContentReceived()

    def resumeProducing(self) -> None:
        """Of the transport, whose buffer is empty; what holds the reading up is something else."""
        if self.paused:
            self._waitingForTransport = False
        else:
            super().resumeProducing()

    def hold(self) -> None:
        """Read no further for now."""
        self.paused = True
        self._networkProducer.pauseProducing()

    def go_on(self) -> None:
        self.paused = False
        if self.length and self.length <= STRANGERS_BYTES:
            self.await_head()
        self._networkProducer.resumeProducing()
        self.dataReceived(b"")

    def connectionLost(self, reason: Any) -> None:
        self.forget_head()
        super().connectionLost(reason)

    def forget_head(self) -> None:
        if self.head is not None:
            self.head.cancel()
            self.head = None


class Channels(HTTPFactory):
    protocol = Channel


class Bounded(WrappingFactory):
    """At most SOCKETS_PER_ADDRESS of one address, a trusted proxy's aside.

    Of one that has more, the connection goes that has waited longest without a request; if all of
    them are at work, the new one.
    """

    def __init__(self, server: Any) -> None:
        super().__init__(Channels(server))
        self.of: dict[str, dict[ProtocolWrapper, None]] = {}  # by client, the oldest first

    def registerProtocol(self, p: ProtocolWrapper) -> None:
        super().registerProtocol(p)
        client = _client(p)
        if client is None:
            return
        held = self.of.setdefault(client, {})
        held[p] = None
        if len(held) > settings.SOCKETS_PER_ADDRESS:
            gone = next(filter(_waits, held), p)
            del held[gone]
            gone.abortConnection()

    def unregisterProtocol(self, p: ProtocolWrapper) -> None:
        super().unregisterProtocol(p)
        client = _client(p) or ""
        held = self.of.get(client, {})
        held.pop(p, None)
        if not held:
            self.of.pop(client, None)


def _waits(connection: ProtocolWrapper) -> bool:
    """Whether nobody asks anything by it at the moment, or has not asked all of it."""
    channel = connection.wrappedProtocol
    return isinstance(channel, Channel) and (channel.head is not None or not channel.requests)


def _client(connection: ProtocolWrapper) -> str | None:
    """None: of a unix socket, or a trusted proxy."""
    address = getattr(connection.getPeer(), "host", None)
    if address is None or proxies.is_trusted(address):
        return None
    return proxies.counted_as(address)


def raise_limit() -> None:
    """As many connections as the machine allows: the usual soft limit is 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
