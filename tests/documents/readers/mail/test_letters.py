import pytest

from documents import readers
from tests import files
from tests import files_office as office
from tests.documents.readers.reading import lines, read_bytes


@pytest.fixture
def read(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name)


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_a_message_is_read_with_its_headers_decoded(read, charset):
    data = office.message("Grüße aus Köln", "Schöne Tage.\n", charset=charset)
    reading = read(data, "m.eml")
    assert reading.title == "Grüße aus Köln"
    assert lines(reading.pages[0].text) == [
        "Grüße aus Köln",
        "From: Ann Archer <ann@example.org>",
        "To: bob@example.org",
        "Schöne Tage.",
    ]


def test_a_message_in_html_says_it_once(read):
    both = office.message("Hi", "plain words\n", html="<p>plain words</p>")
    assert read(both, "m.eml").pages[0].text.count("plain words") == 1
    only = office.message("Hi", "", html="<p>rich <b>words</b></p><script>x()</script>")
    assert lines(read(only, "m.eml").pages[0].text)[-1] == "rich words"


def attached(tmp_path, data, name):
    path, found = tmp_path / name, []
    path.write_bytes(data)
    kind = readers.kind_of(data[:65_536], name)
    readers.attachments(path, kind, lambda *each: found.append(each))
    return found


def test_attachments_come_out_as_they_were_sent(read, tmp_path):
    files_in = [
        ("fruit.pdf", files.pdf("one apple", "two pears")),
        ("logo.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        ("inner.eml", office.message("Inner", "deep words\n")),
    ]
    data = office.message("Outer", "see below\n", *files_in)
    assert attached(tmp_path, data, "m.eml") == files_in
    (page,) = read(data, "m.eml").pages
    assert "Attachment: fruit.pdf\n" in page.text
    assert "apple" not in page.text


def test_an_attachment_is_called_by_the_end_of_its_path(tmp_path):
    data = office.message("Outer", "x\n", ("..\\..\\etc/pass\twd", b"x"))
    assert [name for name, _ in attached(tmp_path, data, "m.eml")] == ["pass wd"]


def test_what_is_no_message_has_no_attachments(tmp_path):
    assert attached(tmp_path, b"Just words.\n", "a.txt") == []


def test_a_message_is_known_by_its_headers(read):
    assert "Hello" in read(office.message("Hello", "you\n"), "saved.txt").title
    assert readers.kind_of(b"Subject: a memo\n\nwithout a sender", "memo.txt") == "text"


def test_an_outlook_message_is_read_with_its_attachments(read, tmp_path):
    data = office.outlook("Grüße", "Schöne Tage.", ("list.csv", b"a;b\n1;2\n"))
    (first,) = read(data, "m.msg").pages
    assert lines(first.text) == [
        "Grüße",
        "From: Ann Archer",
        "Date: 2020-12-03 20:00+00:00",
        "Attachment: list.csv",
        "Schöne Tage.",
    ]
    assert attached(tmp_path, data, "m.msg") == [("list.csv", b"a;b\n1;2\n")]


@pytest.mark.parametrize("charset", ["iso-2022-jp", "utf-7"])
def test_a_message_in_letters_of_seven_bits_is_read(read, charset):
    head = f"From: a\nTo: b\nSubject: c\nContent-Type: text/plain; charset={charset}\n\n"
    data = head.encode() + "日本語のメール".encode(charset)
    assert "日本語のメール" in read(data, "m.eml").pages[0].text


def test_a_header_that_is_encoded_wrongly_is_kept_as_it_stands(read):
    data = b"From: a\nTo: b\nSubject: =?utf-8?b?A?= hello\n\nwords\n"
    assert "hello" in read(data, "m.eml").title
