"""Which letters of a Word 97 document were deleted, and are kept for whoever reviews it."""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence

PAGE, RUNS = 512, 511  # bytes of a page of runs; the last one is their number
PAGES = 50_000
NUMBER = 0x3FFFFF  # the bits that say which page it is
DELETED = 0x0800
SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # of what is said of a property, by its kind

Stretch = tuple[int, int]  # from one byte of the file to before another


def deleted(data: bytes, table: bytes) -> list[Stretch]:
    """In order. `table` lists the pages, which lie in `data`, on which the runs of letters are."""
    count = max((len(table) - 4) // 8, 0)
    numbers = struct.unpack_from(f"<{count}I", table, 4 * (count + 1)) if count else ()
    pages = sorted({number & NUMBER for number in numbers[:PAGES]})
    found = sorted(each for page in pages for each in _on(data[page * PAGE : (page + 1) * PAGE]))
    stretches: list[Stretch] = []
    for start, end in found:
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = stretches[-1][0], max(end, stretches[-1][1])
        else:
            stretches.append((start, end))
    return stretches


def _on(page: bytes) -> Iterator[Stretch]:
    if len(page) < PAGE or 5 * page[RUNS] + 4 > RUNS:
        return
    runs = page[RUNS]
    ends = struct.unpack_from(f"<{runs + 1}I", page)
    for number in range(runs):
        place = 2 * page[4 * (runs + 1) + number]
        said = page[place + 1 : place + 1 + page[place]] if place else b""
        if ends[number] < ends[number + 1] and _is_deleted(said):
            yield ends[number], ends[number + 1]


def _is_deleted(said: bytes) -> bool:
    place = 0
    while place + 2 < len(said):
        (name,) = struct.unpack_from("<H", said, place)
        if name == DELETED:
            return said[place + 2] == 1
        kind = name >> 13
        place += 2 + (1 + said[place + 2] if kind not in SIZES else SIZES[kind])
    return False


def without(text: str, start: int, width: int, stretches: Sequence[Stretch]) -> str:
    """The letters, each of so many bytes from `start` on; for a deleted one stands a zero, so that
    none changes its place."""
    end = start + width * len(text)
    at = max(bisect_right(stretches, (start, 0)) - 1, 0)
    parts: list[str] = []
    done = 0
    for first, last in stretches[at:]:
        if first >= end:
            break
        begin, after = (min(max(each - start, 0) // width, len(text)) for each in (first, last))
        parts.append(text[done : max(begin, done)])
        parts.append("\0" * (max(after, done) - max(begin, done)))
        done = max(after, done)
    return "".join(parts) + text[done:]
