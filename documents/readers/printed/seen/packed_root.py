"""What the root of a PDF says where it is packed among other objects, as newer programs write it."""

import re
import zlib
from typing import BinaryIO

MOST = 200_000_000  # bytes of a file that is looked at
HEAD = 400  # bytes around the name of a kind, in which its dictionary stands
UNPACKED = 4_000_000  # bytes of the objects that are packed together
ROOT = re.compile(rb"/Root\s+(\d{1,10})\s")
FIRST = re.compile(rb"/First\s+(\d{1,7})")
DATA = re.compile(rb">>\s*stream\r?\n")


def says(file: BinaryIO, wanted: bytes) -> bool:
    """Whether it does. Only the list of what is packed is looked at elsewhere."""
    file.seek(0)
    data = file.read(MOST)
    file.seek(0)
    place = data.find(b"/ObjStm")
    roots = set(ROOT.findall(data)) if place >= 0 else set()
    while place >= 0:
        if wanted in _objects_with(data, place, roots):
            return True
        place = data.find(b"/ObjStm", place + 1)
    return False


def _objects_with(data: bytes, place: int, roots: set[bytes]) -> bytes:
    """Those that are packed there, if one of the roots is among them."""
    start = max(data.rfind(b"obj", 0, place), place - HEAD)
    begun = DATA.search(data, place, place + HEAD)
    first = FIRST.search(data, start, begun.start() if begun else start)
    if not begun or not first:
        return b""
    try:
        size = int(first[1])
        head = data[begun.end() : begun.end() + size + HEAD]
        numbers = zlib.decompressobj().decompress(head, size)
        if roots.isdisjoint(numbers.split()[::2]):
            return b""
        return zlib.decompressobj().decompress(data[begun.end() :], UNPACKED)
    except zlib.error:
        return b""
