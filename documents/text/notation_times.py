"""Times of day as 21:16, whether of twelve hours or of twenty-four."""

import re

_PARTS = re.compile("[0-9]+")
_HALF = re.compile(r"[ap]\.?m$", re.IGNORECASE)


def clock(text: str, start: int, end: int) -> tuple[str, ...]:
    """9:16 pm, 9 p.m., 21:16:05, 21.16 Uhr, 21 h 16: without its seconds."""
    written = text[start:end]
    hour, minute, *_ = (*map(int, _PARTS.findall(written)), 0)
    if half := _HALF.search(written):
        if not 1 <= hour <= 12:
            return ()
        hour = hour % 12 + (12 if half[0].lower().startswith("p") else 0)
    return (f"{hour}:{minute:02}",) if hour < 24 else ()
