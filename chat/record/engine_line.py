"""What followers of an answer are told while others have the engine that it asks."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat.record.draft import Draft


class EngineLine:
    def __init__(self, draft: "Draft") -> None:
        self.draft = draft
        self.doing = ""  # the last step
        self.begin: Callable[[], Awaitable[None]] | None = None  # tells what a call begins with

    def wait(self, place: int, seconds: float | None = None) -> None:
        """The place in the line, from 1, and for how long."""
        self.draft.progress("waiting", 0, seconds, place=place)

    async def tell(self, place: int, seconds: float | None) -> None:
        """As `wait`; 0: the turn has come, and what was told before is true again."""
        if place:
            self.wait(place, seconds)
        elif self.begin:
            await self.begin()
        elif self.doing:
            self.draft.step(self.doing)
