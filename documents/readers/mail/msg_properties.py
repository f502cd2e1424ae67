"""The properties of Outlook's messages (.msg): short ones in a table, long ones as streams."""

import struct
from datetime import UTC, datetime, timedelta

import olefile

from documents.readers.common.encoding import decode
from documents.readers.common.refusal import NotText

TABLE, STREAM = "__properties_version1.0", "__substg1.0_"
NAMED = "__nameid_version1.0/__substg1.0_00030102"
UNICODE, ANSI, BINARY = "001F", "001E", "0102"
HEAD, INNER_HEAD, FILE_HEAD = (
    32,
    24,
    8,
)  # bytes before the table of a message, of one inside, a file
ENTRY = struct.Struct("<HHIQ")  # kind, name, flags and value of a property
NAME = struct.Struct("<IHH")  # number, set, and place among those that have no fixed name
FIRST_NAMED = 0x8000
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
LATEST = 1 << 58


def text(box: olefile.OleFileIO, name: str, folder: str = "") -> str:
    if data := stream(box, name + UNICODE, folder):
        return data.decode("utf-16-le", "replace").rstrip("\x00")
    return decoded(stream(box, name + ANSI, folder))


def stream(box: olefile.OleFileIO, name: str, folder: str = "") -> bytes:
    path = f"{folder}{STREAM}{name}"
    return bytes(box.openstream(path).read()) if box.get_type(path) == olefile.STGTY_STREAM else b""


def decoded(data: bytes) -> str:
    try:
        return decode(data.rstrip(b"\x00")) if data else ""
    except NotText:
        return ""


def moment(ticks: int) -> datetime | None:
    """Of hundreds of nanoseconds since 1601."""
    return EPOCH + timedelta(microseconds=ticks // 10) if 0 < ticks < LATEST else None


def numbers(box: olefile.OleFileIO, folder: str, head: int) -> dict[int, int]:
    """The short properties of what is in the folder, by name."""
    path = f"{folder}{TABLE}"
    data = box.openstream(path).read()[head:] if box.exists(path) else b""
    whole = data[: len(data) // ENTRY.size * ENTRY.size]
    return {name: value for _, name, _, value in ENTRY.iter_unpack(whole)}


def named(box: olefile.OleFileIO) -> dict[int, int]:
    """The names in this file of the properties that are numbered elsewhere."""
    data = box.openstream(NAMED).read() if box.exists(NAMED) else b""
    whole = data[: len(data) // NAME.size * NAME.size]
    return {number: FIRST_NAMED + place for number, _, place in NAME.iter_unpack(whole)}
