"""Where the slides of a PowerPoint 97 file lie: each save wrote those behind the file that it had
changed, and the last one is what counts.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from documents.readers.common.refusal import Damaged, Locked
from documents.readers.slides.ppt_records import HEAD, Record, Records

USER, EDIT, PLACES, KEY = 0x0FF6, 0x0FF5, 0x1772, 0x2F14  # kinds of records
DOCUMENT, LIST, LISTED = 0x03E8, 0x0FF0, 0x03F3
SLIDES, NOTES = 0, 2  # what a list is of
IN_CIPHER = 0xF3D1C4DF
WITH_KEY = 32  # bytes of an edit that names one
NUMBER, COUNT = 0xFFFFF, 20  # the bits of a number; those of a count lie above


class Listed(NamedTuple):
    number: int  # of the object
    slide: int  # by which the notes know it
    outline: list[Record]


class Show(NamedTuple):
    records: Records
    places: Mapping[int, int]  # of objects, by their numbers
    document: Record


def opened(records: Records, user: bytes) -> Show:
    """Raises struct.error."""
    kind, token, newest = struct.unpack_from("<2xH8xII", user)
    if kind != USER:
        raise Damaged
    if token == IN_CIPHER:
        raise Locked
    places: dict[int, int] = {}
    edits = list(_edits(records, newest))
    for edit in edits:
        for number, place in _placed(records, edit):
            places.setdefault(number, place)
    _refuse_locked(records, edits[0], places)
    place = places.get(records.numbers(edits[0], "<16xI")[0], len(records.data))
    return Show(records, places, _complete(records, place, DOCUMENT))


def _edits(records: Records, newest: int) -> Iterator[Record]:
    """The newest first: each names the one before it."""
    place = newest
    while place:
        edit = _complete(records, place, EDIT)
        yield edit
        before = records.numbers(edit, "<8xI")[0]
        place = before if before < place else 0


def _placed(records: Records, edit: Record) -> Iterator[tuple[int, int]]:
    """Numbers and places of the objects that were saved with it."""
    listed = _complete(records, records.numbers(edit, "<12xI")[0], PLACES)
    at = listed.start
    while at < listed.end:
        (first,) = struct.unpack_from("<I", records.data, at)
        count = first >> COUNT
        records.spend(1 + count)
        found = struct.unpack_from(f"<{count}I", records.data, at + 4)
        yield from enumerate(found, first & NUMBER)
        at += 4 + 4 * count


def _complete(records: Records, place: int, kind: int) -> Record:
    record = records.at(place)
    if record.kind != kind:
        raise Damaged
    return record


def _refuse_locked(records: Records, edit: Record, places: Mapping[int, int]) -> None:
    if edit.end - edit.start >= WITH_KEY:
        place = places.get(records.numbers(edit, "<28xI")[0], 0)
        if records.at(place).kind == KEY:
            raise Locked


def found(show: Show, number: int, kind: int) -> Record | None:
    place = show.places.get(number, len(show.records.data))
    if place + HEAD.size > len(show.records.data):
        return None
    record = show.records.at(place)
    return record if record.kind == kind else None


def slides_of(show: Show) -> list[Listed]:
    """In the order of the show."""
    return _listed(show, SLIDES)


def notes_of(show: Show) -> list[Listed]:
    return _listed(show, NOTES)


def _listed(show: Show, what: int) -> list[Listed]:
    made: list[Listed] = []
    for each in show.records.inside(show.document, LIST):
        for record in show.records.inside(each) if each.instance == what else ():
            if record.kind == LISTED:
                number, slide = show.records.numbers(record, "<I8xI")
                made.append(Listed(number, slide, []))
            elif made:
                made[-1].outline.append(record)
    return made
