"""Appointments are told as a person would write them."""

import pytest

from documents.readers.text import calendar
from tests.documents.readers.reading import read_bytes

EVENT = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{method}BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
FOLDED = """SUMMARY:Handover of the keys to the new war
 den
DTSTART;TZID=Europe/Berlin:20260917T143000
DTEND;TZID=Europe/Berlin:20260917T160000
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20270303T000000Z
EXDATE;TZID=Europe/Berlin:20261001T143000
LOCATION:Room Guillemot\\, second floor
ORGANIZER;CN="Example, Robin":mailto:robin@example.org
ATTENDEE;PARTSTAT=ACCEPTED;CN=Kim Sample:mailto:kim@example.org
ATTENDEE:mailto:lee@example.org
STATUS:CONFIRMED
DESCRIPTION:Bring the form\\nand the old key\\; please.
BEGIN:VALARM
TRIGGER:-PT15M
DESCRIPTION:Reminder
END:VALARM"""


def event(lines: str, method: str = "") -> str:
    return EVENT.format(method=method, lines=lines.replace("\n", "\r\n"))


@pytest.mark.parametrize("name", ["event.ics", "event.txt"])
def test_an_appointment_is_unfolded(tmp_path, name):
    reading = read_bytes(tmp_path, event(FOLDED).encode(), name)
    assert reading.title == "Handover of the keys to the new warden"
    assert reading.pages[0].text.rstrip().split("\n") == [
        "Handover of the keys to the new warden",
        "When: Thursday, 17 September 2026, 14:30 to 16:00 (Europe/Berlin)",
        "Repeats: every 2 weeks on Monday and Wednesday until 3 March 2027",
        "Not on: 1 October 2026",
        "Where: Room Guillemot, second floor",
        "Organiser: Example, Robin <robin@example.org>",
        "Attendees: Kim Sample <kim@example.org> (accepted), lee@example.org",
        "Bring the form",
        "and the old key; please.",
    ]


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        ("DTSTART:20260917T143000Z", "Thursday, 17 September 2026, 14:30 (UTC)"),
        (
            "DTSTART:20260917T143000\nDURATION:PT1H30M",
            "Thursday, 17 September 2026, 14:30 to 16:00",
        ),
        ("DTSTART;VALUE=DATE:20260917", "Thursday, 17 September 2026, all day"),
        (
            "DTSTART;VALUE=DATE:20260917\nDTEND;VALUE=DATE:20260920",
            "Thursday, 17 September 2026 to Saturday, 19 September 2026, all day",
        ),
        (
            "DTSTART:20260917T220000\nDTEND:20260918T010000",
            "Thursday, 17 September 2026, 22:00 to Friday, 18 September 2026, 01:00",
        ),
        (
            'DTSTART;TZID="/vendor.example/Europe/Oslo":20260917T143000',
            "Thursday, 17 September 2026, 14:30 (Europe/Oslo)",
        ),
    ],
)
def test_times_are_told_as_people_write_them(lines, when):
    assert f"When: {when}\n" in calendar.text_of(event(lines)) + "\n"


def test_a_task_and_what_was_called_off_are_told_as_such():
    task = "BEGIN:VTODO\nSUMMARY:Pay\nDUE;VALUE=DATE:20260401\nEND:VTODO\n"
    assert calendar.text_of(task) == "Pay\nDue: Wednesday, 1 April 2026, all day\n"
    off = calendar.text_of(event("SUMMARY:Picnic", method="METHOD:CANCEL\r\n"))
    assert off.startswith("Cancelled: Picnic")


@pytest.mark.parametrize(
    "lines", ["DTSTART:20261399", "DTSTART:", "RRULE:FREQ=", "DURATION:P9999W"]
)
def test_times_that_are_none_are_left_out(lines):
    assert calendar.text_of(event(f"SUMMARY:Odd\n{lines}")).startswith("Odd\n")


def test_a_description_in_html_is_read_as_such():
    told = calendar.text_of(event("SUMMARY:Tea\nDESCRIPTION:Bring <b>cake</b><br>and cups"))
    assert told.endswith("Bring cake\nand cups\n")
