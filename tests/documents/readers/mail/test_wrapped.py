"""What is inside of winmail.dat and of signatures is read like any other message."""

import io
import struct
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms

from documents.readers import kind_of
from documents.readers.common.refusal import Refusal
from documents.readers.mail import eml, wrapped
from tests import files_office as office
from tests.documents.readers.mail.made import PRODUCERS, File, by_library
from tests.documents.readers.reading import read_bytes

BINARY = "application/octet-stream"
SIGNED = b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe board agrees to the sale.\r\n"


def sealed(content: bytes, kind: str = "signed_data") -> bytes:
    """Signed by nobody."""
    inside = {
        "version": "v1",
        "digest_algorithms": [],
        "encap_content_info": {"content_type": "data", "content": content},
        "signer_infos": [],
    }
    return cms.ContentInfo({"content_type": kind, "content": cms.SignedData(inside)}).dump()


def in_pieces(content: bytes) -> bytes:
    """As it is written without knowing how long it will be: lengths are open."""

    def opened(tag: int, *parts: bytes) -> bytes:
        return bytes([tag, 0x80]) + b"".join(parts) + b"\0\0"

    def closed(tag: int, data: bytes) -> bytes:
        return bytes([tag, len(data)]) + data

    octets = [closed(0x04, content[at : at + 40]) for at in range(0, len(content), 40)]
    held = opened(0xA0, opened(0x24, *octets))
    data, signed = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
    body = opened(0x30, b"\x02\x01\x01", b"\x31\x00", opened(0x30, data, held), b"\x31\x00")
    return opened(0x30, signed, opened(0xA0, body))


def attribute(name: int, kind: int, data: bytes, level: int = 1) -> bytes:
    checked = struct.pack("<H", sum(data) & 0xFFFF)
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + checked


def winmail(body: str, *files: tuple[str, bytes], subject: str = "Lease") -> bytes:
    made = struct.pack("<IH", 0x223E9F78, 1) + attribute(0x9006, 8, struct.pack("<I", 0x10000))
    made += attribute(0x9007, 6, struct.pack("<II", 1252, 0))
    made += attribute(0x8004, 1, subject.encode("cp1252") + b"\0")
    made += attribute(0x800C, 2, body.encode("cp1252") + b"\0")
    for name, data in files:
        made += attribute(0x9002, 6, bytes(14), 2) + attribute(0x8010, 1, name.encode() + b"\0", 2)
        made += attribute(0x800F, 6, data, 2)
    return made


def page(data: bytes):
    (found,) = eml.parse(io.BytesIO(data)).pages
    return found


@pytest.mark.parametrize("make", PRODUCERS.values())
@pytest.mark.parametrize("seal", [sealed, in_pieces])
def test_a_message_inside_of_its_signature_is_read(make, seal):
    inside = File("smime.p7m", "application/pkcs7-mime", seal(SIGNED))
    data = make("", None, inside)
    assert "The board agrees to the sale." in page(data).text
    assert not list(eml.attachments(io.BytesIO(data)))


def test_a_file_inside_of_its_signature_is_that_file():
    data = by_library("See below", None, File("bill.xml.p7m", BINARY, sealed(b"<bill/>")))
    assert list(eml.attachments(io.BytesIO(data))) == [("bill.xml", b"<bill/>")]


@pytest.mark.parametrize("data", [b"\x30\x80", b"", b"junk", sealed(b"x")[:30], b"\x30" * 5_000])
def test_what_only_looks_like_a_signature_is_told_as_not_read(data):
    found = page(by_library("Hello", None, File("smime.p7m", BINARY, data or b"0")))
    assert "Hello" in found.text
    assert found.unread == ("encrypted message",)


@pytest.mark.parametrize("make", PRODUCERS.values())
def test_the_files_and_words_in_winmail_come_out(make):
    packed = winmail("The key code is 4417, naïve.", ("note.txt", b"The alarm code is 9052"))
    data = make("", None, File("winmail.dat", "application/ms-tnef", packed))
    assert "The key code is 4417, naïve." in page(data).text
    assert list(eml.attachments(io.BytesIO(data))) == [("note.txt", b"The alarm code is 9052")]
    both = make("The key code is 4417, naïve.", None, File("winmail.dat", BINARY, packed))
    assert page(both).text.count("4417") == 1


def test_winmail_that_is_damaged_never_costs_the_message():
    packed = winmail("words", ("a.txt", b"x"))
    data = by_library("Hello", None, File("winmail.dat", BINARY, packed[:4] + b"\xff" * 60))
    assert "Hello" in page(data).text


def test_wrappings_alone_are_read_too(tmp_path):
    packed = winmail("The key code is 4417.", ("note.txt", b"in the shed"))
    assert read_bytes(tmp_path, packed, "winmail.dat").title == "Lease"
    assert "board agrees" in read_bytes(tmp_path, sealed(SIGNED), "mail.p7m").pages[0].text
    assert kind_of(sealed(b"<bill/>"), "bill.xml.p7m") == "wrapped"
    assert list(wrapped.attachments(io.BytesIO(sealed(b"<bill/>")))) == [
        ("signed file", b"<bill/>")
    ]
    with pytest.raises(Refusal):
        wrapped.parse(io.BytesIO(packed[:4] + bytes(3)))


def ticks(at: datetime) -> int:
    return (at - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10


def table(*facts: tuple[int, int], head: int) -> bytes:
    rows = b"".join(struct.pack("<HHIQ", 0x40, name, 6, value) for name, value in facts)
    return bytes(head) + rows


def outlook(streams: dict[str, bytes | str]) -> bytes:
    named = {
        name: data if isinstance(data, bytes) else data.encode("utf-16-le")
        for name, data in streams.items()
    }
    return office.ole(
        {f"__substg1.0_{name}" if name[0] in "0123" else name: data for name, data in named.items()}
    )


FILE = "__attach_version1.0_#0000000{}/__substg1.0_{}"


def test_an_outlook_message_is_taken_apart_like_any_other(tmp_path):
    picture = b"\x89PNG\r\n\x1a\n" + bytes(30)
    data = outlook(
        {
            "__properties_version1.0": bytes(32),
            "0037001F": "Order",
            "1000001F": "This message is in HTML.",
            "10130102": b'<p>Paddle</p><p>64.00</p><img src="cid:logo@1">',
            FILE.format(0, "3707001F"): "logo.png",
            FILE.format(0, "3712001F"): "logo@1",
            FILE.format(0, "37010102"): picture,
            FILE.format(1, "3707001F"): "receipt.png",
            FILE.format(1, "3712001F"): "receipt@1",
            FILE.format(1, "37010102"): picture,
            FILE.format(2, "3707001F"): "winmail.dat",
            FILE.format(2, "37010102"): winmail(
                "The key code is 4417.", ("note.txt", b"in the shed")
            ),
            FILE.format(3, "3707001F"): "smime.p7s",
            FILE.format(3, "37010102"): b"\x30\x80",
        }
    )
    (found,) = read_bytes(tmp_path, data, "order.msg").pages
    assert found.text.rstrip().split("\n") == [
        *("Order", "Attachment: receipt.png", "Attachment: note.txt", ""),
        *("Paddle", "64.00", "", "The key code is 4417."),
    ]


def test_a_signed_outlook_message_has_its_words_inside(tmp_path):
    whole = b"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n" + SIGNED + b"--b--\r\n"
    for inside in (whole, sealed(SIGNED)):
        data = outlook(
            {
                "0037001F": "Signed",
                FILE.format(0, "3707001F"): "smime.p7m",
                FILE.format(0, "37010102"): inside,
            }
        )
        assert "The board agrees" in read_bytes(tmp_path, data, "signed.msg").pages[0].text


def test_an_appointment_of_outlook_says_when_and_where(tmp_path):
    start = datetime(2026, 9, 17, 14, 30, tzinfo=UTC)
    times = ((0x8000, ticks(start)), (0x8001, ticks(start + timedelta(minutes=90))))
    data = outlook(
        {
            "__properties_version1.0": table(*times, head=32),
            "__nameid_version1.0/__substg1.0_00030102": struct.pack(
                "<IHHIHHIHH", 0x820D, 0, 0, 0x820E, 0, 1, 0x8208, 0, 2
            ),
            "__substg1.0_8002001F": "Room Guillemot",
            "0037001F": "Handover",
        }
    )
    text = read_bytes(tmp_path, data, "handover.msg").pages[0].text
    assert (
        "When: Thursday, 17 September 2026, 14:30 to 16:00 (UTC)\nWhere: Room Guillemot\n" in text
    )
