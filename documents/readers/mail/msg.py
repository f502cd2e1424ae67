"""Outlook messages (.msg): properties in streams, each attachment in a folder of its own."""

import re
from collections.abc import Iterator, Mapping

import olefile

from documents.readers.common.source import Source
from documents.readers.mail import alternatives, packed_rtf
from documents.readers.mail.letter import Attachment, Letter, as_sent, source_of
from documents.readers.mail.letter import named as files_of
from documents.readers.mail.msg_properties import (
    ANSI,
    BINARY,
    FILE_HEAD,
    HEAD,
    INNER_HEAD,
    STREAM,
    TABLE,
    UNICODE,
    decoded,
    moment,
    named,
    numbers,
    stream,
    text,
)
from documents.readers.mail.parts import (
    CALENDAR,
    FILE,
    IMAGE,
    MESSAGE,
    PLAIN,
    Part,
    opened,
    sorted_out,
)
from documents.readers.text import calendar_times as times
from documents.readers.web_page import html

FOLDER, OBJECT = "__attach_version1.0_", "000D"
SUBJECT, FROM, FROM_ADDRESS, TO, CC = "0037", "0C1A", "5D01", "0E04", "0E03"
BODY, RTF, HTML, DATA, LONG_NAME, NAME = "1000", "1009", "1013", "3701", "3707", "3704"
MIME, CONTENT_ID, LOCATION = "370E", "3712", "3713"
FLAGS, HIDDEN, IN_THE_TEXT = 0x3714, 0x7FFE, 4  # whether a picture is shown in the text
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|webp|svg|emf|wmf)$", re.IGNORECASE)
SENT = 0x0039
STARTS, ENDS, PLACE, REPEATS = 0x820D, 0x820E, 0x8208, 0x8232  # of an appointment
DEEP = 5  # messages inside of messages


def is_one(box: olefile.OleFileIO) -> bool:
    wanted = [f"{STREAM}{name}{kind}" for name in (SUBJECT, BODY) for kind in (UNICODE, ANSI)]
    return any(map(box.exists, [TABLE, *wanted]))


def parse(box: olefile.OleFileIO) -> Source:
    return source_of(_letter(box))


def attachments(box: olefile.OleFileIO) -> Iterator[Attachment]:
    return files_of(_letter(box))


def _letter(box: olefile.OleFileIO, folder: str = "") -> Letter:
    """That in the folder, whose name ends in a slash."""
    address = text(box, FROM_ADDRESS, folder)
    sender = " ".join(filter(None, (text(box, FROM, folder), address)))
    facts = [("From", sender)]
    facts += [(label, text(box, name, folder)) for label, name in (("To", TO), ("Cc", CC))]
    told = numbers(box, folder, INNER_HEAD if folder else HEAD)
    sent = moment(told.get(SENT, 0))
    facts.append(("Date", sent.isoformat(" ", "minutes") if sent else ""))
    words, appointment = _words(box, folder), Part(CALENDAR, _appointment(box, folder, told))
    inside = sorted_out([words, appointment, *_files(box, folder)])
    return Letter(text(box, SUBJECT, folder), facts, *inside)


def _words(box: olefile.OleFileIO, folder: str) -> Part:
    markup = decoded(stream(box, HTML + BINARY, folder)) or text(box, HTML, folder)
    rich = html.page_of(markup)[1].text if markup else ""
    words = alternatives.merged(text(box, BODY, folder), rich)
    return Part(
        PLAIN, words or packed_rtf.text_of(stream(box, RTF + BINARY, folder)), markup=markup
    )


def _appointment(box: olefile.OleFileIO, folder: str, told: Mapping[int, int]) -> str:
    names = named(box)
    starts, ends = (moment(told.get(names.get(each, 0), 0)) for each in (STARTS, ENDS))
    when = times.between(starts, ends, "UTC") if starts else ""
    place, repeats = (text(box, f"{names.get(each, 0):04X}", folder) for each in (PLACE, REPEATS))
    facts = (("When", when), ("Repeats", repeats), ("Where", place))
    return "\n".join(f"{label}: {value}" for label, value in facts if value)


def _files(box: olefile.OleFileIO, folder: str) -> Iterator[Part]:
    above = folder.split("/")[:-1]
    for path in box.listdir(streams=False, storages=True):
        if path[:-1] == above and path[-1].startswith(FOLDER):
            inside = "/".join([*path, ""])
            inner = f"{inside}{STREAM}{DATA}{OBJECT}"
            if data := stream(box, DATA + BINARY, inside):
                yield from opened(_file(box, inside, data))
            elif box.get_type(inner) == olefile.STGTY_STORAGE and len(above) < 2 * DEEP:
                name, data = as_sent(_letter(box, f"{inner}/"))
                yield Part(MESSAGE, data=data, name=name)


def _file(box: olefile.OleFileIO, inside: str, data: bytes) -> Part:
    name = text(box, LONG_NAME, inside) or text(box, NAME, inside) or "attachment"
    kind = text(box, MIME, inside).lower() or _kind(name)
    ids = tuple(filter(None, (text(box, CONTENT_ID, inside), text(box, LOCATION, inside))))
    facts = numbers(box, inside, FILE_HEAD)
    in_text = bool(facts.get(HIDDEN, 0) or facts.get(FLAGS, 0) & IN_THE_TEXT)
    return Part(kind, "", data, name, ids, in_text=in_text)


def _kind(name: str) -> str:
    """Of a picture that is shown in the text, Outlook often says no more than the name."""
    return IMAGE if PICTURE.search(name) else FILE
