"""Texts that end an answer, looked for in its pieces as they come."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

from localchat.lib.errors import BadRequest
from localchat.lib.events import Event
from localchat.lib.sentences import Sentence

MOST = 16  # of one answer
LONGEST = 200  # characters of each


def checked(wanted: Sequence[str]) -> list[str]:
    """Raises BadRequest."""
    if len(wanted) > MOST or any(len(each) > LONGEST for each in wanted):
        raise BadRequest(
            Sentence(
                "At most %(most)s stop sequences, of up to %(longest)s characters each.",
                most=MOST,
                longest=LONGEST,
            )
        )
    return [each for each in wanted if each.strip()]


async def until(
    events: AsyncIterator[Event | None], wanted: Sequence[str], end: Callable[[], Awaitable[None]]
) -> AsyncIterator[Event | None]:
    """To the first of these texts; `end` is awaited then, which brings `done`, that names it."""
    stop = StopSequences(wanted)
    async for event in events:
        is_over = bool(stop.found)
        for told in stop.events(event):
            yield told
        if stop.found and not is_over:
            await end()


class StopSequences:
    """What may be the beginning of one is held back until that is known."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.wanted = wanted
        self.held = ""
        self.found = ""  # the one that has come

    def events(self, event: Event | None) -> Iterator[Event | None]:
        """What is to be told of an event of an answer; `done` names the sequence that has come."""
        if event is None or event["type"] == "failed":
            yield event
        elif event["type"] == "token":
            if told := self.take(event["text"]):
                yield {**event, "text": told}
        elif event["type"] == "done":
            yield from self._ended(event)
        elif not self.found:
            yield from self._beside(event)

    def _ended(self, event: Event) -> Iterator[Event]:
        if self.found:
            yield {**event, "reason": "stop_sequence", "stop_sequence": self.found}
        else:
            yield from self._rest()
            yield event

    def _beside(self, event: Event) -> Iterator[Event]:
        if event["type"] == "restart":
            self.held = ""
        elif event["type"] == "calls":
            yield from self._rest()
        yield event

    def _rest(self) -> Iterator[Event]:
        rest, self.held = self.held, ""
        if rest:
            yield {"id": "", "type": "token", "text": rest}

    def take(self, text: str) -> str:
        """What of it may be told; nothing after the first of them."""
        if self.found:
            return ""
        self.held += text
        starts = [(at, each) for each in self.wanted if (at := self.held.find(each)) >= 0]
        if starts:
            at, self.found = min(starts)
        else:
            at = len(self.held) - self._beginning()
        told, self.held = self.held[:at], "" if self.found else self.held[at:]
        return told

    def _beginning(self) -> int:
        """How many characters at the end may be the beginning of one."""
        longest = max(map(len, self.wanted), default=1)
        sizes = range(min(longest - 1, len(self.held)), 0, -1)
        ends = (size for size in sizes if self._begins(self.held[-size:]))
        return next(ends, 0)

    def _begins(self, end: str) -> bool:
        return any(each.startswith(end) for each in self.wanted)
