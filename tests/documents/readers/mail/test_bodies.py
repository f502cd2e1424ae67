"""What a message says is told once and wholly, and its files are those that a person would save."""

import io

import pytest

from documents.readers.common.refusal import Refusal
from documents.readers.mail import eml
from tests.documents.readers.mail.made import PRODUCERS, File

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
TABLE = "<p>Dear Kim,</p><table><tr><th>Item<th>Price<tr><td>Paddle<td>64.00</table><p>Bye</p>"


@pytest.fixture(params=PRODUCERS)
def made(request):
    return PRODUCERS[request.param]


def page(data: bytes):
    (found,) = eml.parse(io.BytesIO(data)).pages
    return found


def body(data: bytes) -> str:
    return page(data).text.split("\n\n", 1)[1].strip()


def attached(data: bytes) -> list[str]:
    return [name for name, _ in eml.attachments(io.BytesIO(data))]


@pytest.mark.parametrize(
    "plain",
    [
        "This message is in HTML. Please use a mail program that can show HTML.",
        "Ihr E-Mail-Programm zeigt kein HTML.",
        "View this email in your browser",
        "",
        "Dear Kim,\n\nBye\n",
    ],
)
def test_the_formatted_text_wins_where_it_says_more(made, plain):
    assert body(made(plain, TABLE)) == "Dear Kim,\nItem | Price\nPaddle | 64.00\nBye"


def test_plain_text_that_says_the_same_stays_as_it_is(made):
    plain = "Dear Kim,\n\n  * Paddle: 64.00 (Item, Price)\n\nBye"
    assert body(made(plain, TABLE)) == plain


def test_what_only_the_plain_text_says_is_told_too(made):
    told = body(made("Dear Kim,\nThe code is 4417.\nBye", TABLE))
    assert told == "Dear Kim,\nItem | Price\nPaddle | 64.00\nBye\n\nThe code is 4417."


def test_another_amount_is_something_else(made):
    told = body(made("Dear Kim, the item Paddle has the price 46.00. Bye", TABLE))
    assert "64.00" in told
    assert "46.00" in told


def test_a_picture_with_an_id_is_a_file_unless_the_text_shows_it(made):
    receipt = File("receipt.png", "image/png", PNG, "f_1")
    logo = File("logo.png", "image/png", PNG, "logo@1", inline=True)
    lone = File("scan.png", "image/png", PNG, "scan@1", inline=True)
    data = made("Hello", '<p>Hello</p><img src="cid:logo@1">', receipt, logo, lone)
    assert sorted(attached(data)) == ["receipt.png", "scan.png"]
    assert page(data).unread == ()


def test_a_large_picture_in_the_text_is_told_as_not_read(made):
    shot = File("shot.png", "image/png", PNG + bytes(30_000), "shot@1", inline=True)
    assert page(made("Hello", '<p>Hello</p><img src="cid:shot@1">', shot)).unread == ("picture",)


ICS = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:Handover of the keys to the new war
 den
DTSTART:20260917T143000Z
END:VEVENT
END:VCALENDAR
"""


def test_an_invitation_is_told_in_the_message_once(made):
    again = File("invite.ics", "application/ics", ICS.encode())
    other = File("party.ics", "text/calendar", ICS.replace("Handover", "Party").encode())
    data = made("You are invited.", "<p>You are invited.</p>", again, other, calendar=ICS)
    assert body(data) == (
        "You are invited.\n\nHandover of the keys to the new warden\n"
        "When: Thursday, 17 September 2026, 14:30 (UTC)"
    )
    assert attached(data) == ["party.ics"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("smime.p7s", "application/pkcs7-signature"),
        ("smime.p7s", "application/octet-stream"),
        ("signature.asc", "application/pgp-signature"),
    ],
)
def test_a_signature_is_no_file(made, name, kind):
    assert attached(made("Hello", None, File(name, kind, b"\x30\x80abc"))) == []


def test_words_that_a_gateway_made_a_file_of_are_words(made):
    footer = File("ATT00001.txt", "text/plain", b"Sent from the office", inline=True)
    data = made("Hello", None, footer)
    assert body(data) == "Hello\n\nSent from the office"
    assert attached(data) == []


def test_lines_that_flow_are_one():
    head = b"From: a\nTo: b\nSubject: c\nContent-Type: text/plain; format=flowed; delsp=yes\n\n"
    data = head + b"a long wo \nrd and  \nmore\n> quo \n> ted\n-- \nRobin\n"
    assert body(data) == "a long word and more\n> quoted\n-- \nRobin"


def test_an_encrypted_message_says_that_it_was_not_read():
    head = b"From: a\nTo: b\nSubject: Secret\nMIME-Version: 1.0\n"
    kind = (
        b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x\n\n'
    )
    parts = b"--x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--x\n"
    rest = b"Content-Type: application/octet-stream; name=encrypted.asc\n\nabc\n--x--\n"
    found = page(head + kind + parts + rest)
    assert (found.text.strip(), found.unread) == ("Secret\nFrom: a\nTo: b", ("encrypted message",))


def test_a_message_as_apple_keeps_it_is_read():
    message = b"From: a\nTo: b\nSubject: c\n\nwords\n"
    assert body(b"%d        \n%s<?xml version='1.0'?><plist/>" % (len(message), message)) == "words"


@pytest.mark.parametrize("depth", [5, 40, 2_000])
def test_parts_in_parts_come_to_an_end(depth):
    data = b"From: a\nTo: b\nSubject: deep\n"
    for at in range(depth):
        data += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at)
    try:
        assert "deep" in page(data + b"\nwords\n").text
    except Refusal:
        assert depth > 40


SAVED = """From: {writer}
Subject: Rules
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary=b

--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable
Content-Location: https://wiki.example.org/page

<html><head><title>Rules of the room</title></head><body><p>Caf=C3=A9 cups stay.</p></body></html>
--b
Content-Type: text/css
Content-Location: https://wiki.example.org/a.css

body {{ color: red }}
--b
Content-Type: text/html
Content-Location: https://ads.example.org/frame

<p>Buy this</p>
--b--
"""


@pytest.mark.parametrize(
    "writer", ["<Saved by Blink>", "<Saved by Windows Internet Explorer 7>", ""]
)
def test_a_saved_page_is_the_page_alone(writer):
    data = SAVED.format(writer=writer).encode()
    assert page(data).text == "Rules of the room\nCafé cups stay.\n"
    assert attached(data) == []


def test_what_the_style_sheets_of_a_saved_page_hide_is_said_to_be_hidden():
    data = SAVED.format(writer="<Saved by Blink>").replace("color: red", "font-size: 9px")
    data = data.replace("<p>Caf", "<link rel=stylesheet href=a.css><i>Open</i><p>Caf")
    data = data.replace("body {", "p {display: none} body {")
    assert page(data.encode()).text.split("\n")[1:3] == ["Open", "[hidden: Café cups stay.]"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_lines_that_sign_a_text_in_itself_are_left_out(end):
    lines = [
        *("From: a", "Subject: b", "", "Before.", "-----BEGIN PGP SIGNED MESSAGE-----"),
        *("Hash: SHA256", "", "Pay 310.", "- -- Ida", "-----BEGIN PGP SIGNATURE-----", ""),
        *("iQEz", "=ab", "-----END PGP SIGNATURE-----", "After."),
    ]
    assert body(end.join(lines).encode()).split() == [
        "Before.",
        "Pay",
        "310.",
        "--",
        "Ida",
        "After.",
    ]


def test_frames_are_told_where_the_page_is_nothing_else():
    data = SAVED.format(writer="<Saved by Blink>").replace("<p>Caf=C3=A9 cups stay.</p>", "")
    data = data.replace("<title>Rules of the room</title>", "")
    assert "Buy this" in page(data.encode()).text


def test_what_fills_the_preview_of_a_letter_is_left_out(made):
    data = made(None, "<p>Spring is here</p><p>" + "&zwnj;&nbsp;" * 40 + "</p><p>Dear Kim</p>")
    assert body(data).split() == ["Spring", "is", "here", "Dear", "Kim"]
