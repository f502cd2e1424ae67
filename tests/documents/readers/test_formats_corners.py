"""What programs write that is right all the same, and seldom met."""

import io
import struct
import zipfile

import pytest

from documents.ingest import chunking
from tests import files
from tests import files_office as office
from tests.documents.readers.mail.test_letters import attached
from tests.documents.readers.reading import lines, read_bytes

BOOK = "in/book.opf"


@pytest.fixture
def read(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name)


def changed(data, renamed):
    """The archive with some members under another name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for old, new in renamed:
        members[new] = members.pop(old)
    return office.zipped(members)


def replaced(data, name, old, new):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    assert old in members[name]
    return office.zipped(members | {name: members[name].replace(old, new)})


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("<p>Donau\u00addampf\u00adschiff</p>".encode(), "a.html"),
        (b"<p>Donau&shy;dampf&#173;schiff</p>", "a.html"),
        ("Donau\u00addampf\u00adschiff\n".encode(), "a.txt"),
        (office.epub("<p>Donau&#173;dampf\u00adschiff</p>"), "a.epub"),
        (files.word("Donau\u00addampf\u00adschiff"), "a.docx"),
        (office.odf("text", "<text:p>Donau\u00addampf\u00adschiff</text:p>"), "a.odt"),
        (rb"{\rtf1\ansi Donau\-dampf\-schiff\par}", "a.rtf"),
        (office.message("Ship", "Donau\u00addampf\u00adschiff\n"), "a.eml"),
    ],
)
def test_a_hyphen_that_is_not_shown_is_no_part_of_the_word(read, data, name):
    assert lines(read(data, name).pages[0].text)[-1] == "Donaudampfschiff"


def test_what_was_deleted_from_an_rtf_is_not_read(read):
    data = (
        rb"{\rtf1\ansi It {\b costs }{\rtlch\deleted\revauthdel1\revdttmdel9 five {\i {hundred} }}"
        rb"{\revised nine }pounds\par one \deleted two \deleted0 three\par four\deleted0 five\par}"
    )
    found = lines(read(data, "a.rtf").pages[0].text)
    assert found == ["It costs nine pounds", "one three", "fourfive"]


def test_a_chapter_in_an_encoding_that_it_declares_is_read_in_that(read):
    head = '<?xml version="1.0" encoding="windows-1251"?><html><body>'
    data = office.epub("<p>x</p>", f"{head}<p>\u044f \u0438 \u0442\u044b</p></body></html>")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["in/c 1.xhtml"] = members["in/c 1.xhtml"].decode().encode("cp1251")
    assert read(office.zipped(members), "a.epub").pages[1].text == "\u044f \u0438 \u0442\u044b\n"


def test_a_chapter_is_found_however_it_is_named(read):
    data = office.epub("<p>one</p>")
    pointed = replaced(data, BOOK, b"c%200.xhtml", b"c%200.xhtml#begin")
    assert read(pointed, "a.epub").pages[0].text == "one\n"
    escaped = changed(data, renamed=[("in/c 0.xhtml", "in/c%200.xhtml")])
    assert read(escaped, "a.epub").pages[0].text == "one\n"


def test_a_book_without_its_list_of_chapters_is_read_by_its_files(read):
    data = office.epub("<p>one</p>", "<p>two</p>")
    unlisted = replaced(data, BOOK, b'<itemref idref="c0"/><itemref idref="c1"/>', b"")
    assert [page.text for page in read(unlisted, "a.epub").pages] == ["one\n", "two\n"]


@pytest.mark.parametrize("container", [None, b"<container/>", b"no markup"])
def test_a_book_whose_container_leads_nowhere_is_read_all_the_same(read, container):
    with zipfile.ZipFile(io.BytesIO(office.epub("<p>one</p>"))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    del members["META-INF/container.xml"]
    members |= {"META-INF/container.xml": container} if container else {}
    assert read(office.zipped(members), "a.epub").pages[0].text == "one\n"


NAV = (
    '<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="{}"><h1>Contents</h1>{}</nav>'
).format


def listed(*items):
    """A list of a table of contents: of where, what and what is under it."""
    made = (
        f'<li><a href="{place}">{title}</a>{"".join(under)}</li>' for place, title, *under in items
    )
    return f"<ol>{''.join(made)}</ol>"


def headings(page):
    return [(heading.start, heading.level, heading.text) for heading in page.headings]


def test_a_chapter_without_headings_has_those_of_the_table_of_contents(read):
    under = listed(("../c%201.xhtml#in", "The\n <b>second</b>"), ("../c%202.xhtml", "Third"))
    nav = NAV("landmarks", listed(("../c%200.xhtml", "Cover")))
    nav += NAV("toc", listed(("../c%200.xhtml", "First"), ("../c%201.xhtml", "Part", under)))
    one = "<p>before</p><div><p id='in'>after</p></div>"
    data = office.epub("<p>words</p>", one, "<h2>Own</h2><p>x</p>", "<p>unlisted</p>", nav=nav)
    reading = read(data, "a.epub")
    assert [page.text for page in reading.pages][:2] == ["words\n", "before\nafter\n"]
    assert [headings(page) for page in reading.pages] == [
        [(0, 1, "First")],
        [(0, 1, "Part"), (7, 2, "The second")],
        [(0, 2, "Own")],
        [],
    ]


def test_an_older_table_of_contents_is_used_where_there_is_no_newer_one(read):
    point = (
        '<navPoint><navLabel><text>{}</text></navLabel><content src="c 0.xhtml{}"/>{}</navPoint>'
    ).format
    ncx = (
        f"<navMap>{point('Part', '', point('One', '#a', '') + point('Two', '#none', ''))}</navMap>"
    )
    chapter = "<html><head><title>A book</title></head><body id='a'><p>words</p></body></html>"
    for nav in ("", "<nav>", NAV("toc", "")):
        (page,) = read(office.epub(chapter, ncx=ncx, nav=nav), "a.epub").pages
        assert page.text == "A book\nwords\n"
        assert headings(page) == [(0, 1, "Part"), (0, 2, "One")]


@pytest.mark.parametrize(
    "ncx",
    [
        "<navMap><navPoint/><navPoint><content/></navPoint></navMap>",
        f"<navMap>{'<navPoint>' * 200}{'</navPoint>' * 200}</navMap>",
        f"<navMap>{'<navPoint>' * 2_000}{'</navPoint>' * 2_000}</navMap>",
        "<navMap><navPoint><navLabel>x</navLabel><content src='//../%00#'/></navPoint></navMap>",
    ],
)
def test_a_table_of_contents_that_makes_no_sense_costs_nothing(read, ncx):
    (page,) = read(
        office.epub("<p>words</p>", ncx=ncx, nav=NAV("toc", "<ol><li/></ol>")), "a.epub"
    ).pages
    assert (page.text, page.headings) == ("words\n", [])


def test_the_pieces_of_a_chapter_are_under_its_title_in_the_table_of_contents(read):
    nav = NAV("toc", listed(("", "Part", listed(("../c%200.xhtml", "One")))))
    pages = read(office.epub("<p>words</p>", "<p>more</p>", nav=nav), "a.epub").pages
    pieces = chunking.split(pages, limit=100, count=chunking.approximate)
    assert [(piece.text, piece.heading) for piece in pieces] == [
        ("words\n", "Part \u203a One"),
        ("more\n", "Part \u203a One"),
    ]


def outlook(*streams, body=""):
    """An .msg with further streams."""
    made = {
        "__properties_version1.0": bytes(32),
        "__substg1.0_0037001F": "Outer".encode("utf-16-le"),
        "__substg1.0_1000001F": body.encode("utf-16-le"),
    }
    return office.ole(made | dict(streams))


def packed(text):
    """As Outlook packs RTF, without its saving any byte."""
    return struct.pack("<III", len(text) + 12, len(text), 0x414C454D) + bytes(4) + text


# Packed with references into what came before: the example of Microsoft's own description.
LZFU = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


@pytest.mark.parametrize(
    ("stream", "wanted"),
    [
        (LZFU, "hello world"),
        (packed(rb"{\rtf1\ansi Dear {\b Bob}\par see you}"), "Dear Bob see you"),
        (
            packed(
                rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Dear Bob"
                rb"\htmlrtf\par}\htmlrtf0 {\*\htmltag72 </p>}}"
            ),
            "Dear Bob",
        ),
        (b"no such thing", ""),
        (LZFU[:20], ""),
    ],
)
def test_an_outlook_message_that_has_its_words_as_rtf_alone_is_read(read, stream, wanted):
    text = read(outlook(("__substg1.0_10090102", stream)), "m.msg").pages[0].text
    assert " ".join(text.split()) == f"Outer {wanted}".strip()


def test_a_message_without_its_table_of_properties_is_read(read):
    streams = {"__substg1.0_0037001F": "Hi", "__substg1.0_1000001F": "words"}
    encoded = {name: text.encode("utf-16-le") for name, text in streams.items()}
    data = office.ole(encoded | {"__nameid_version1.0/__substg1.0_00020102": b""})
    assert lines(read(data, "m.msg").pages[0].text) == ["Hi", "words"]


def test_a_message_in_an_outlook_message_is_a_message_of_its_own(read, tmp_path):
    inner = "__attach_version1.0_#00000000/__substg1.0_3701000D"
    deeper = f"{inner}/__attach_version1.0_#00000000"
    sent = struct.pack("<HHIQ", 0x40, 0x39, 6, 132_514_992_000_000_000)
    data = outlook(
        ("__attach_version1.0_#00000000/__substg1.0_3001001F", "Inner".encode("utf-16-le")),
        (f"{inner}/__properties_version1.0", bytes(24) + sent),
        (f"{inner}/__substg1.0_0037001F", "Grüße\r\nX: y".encode("utf-16-le")),
        (f"{inner}/__substg1.0_0C1A001F", "Bob Börne".encode("utf-16-le")),
        (f"{inner}/__substg1.0_1000001F", "Deep wörds".encode("utf-16-le")),
        (f"{deeper}/__substg1.0_3707001F", "list.csv".encode("utf-16-le")),
        (f"{deeper}/__substg1.0_37010102", b"a;b\n1;2\n"),
        body="see below",
    )
    assert "Attachment: Grüße X: y.eml\n" in read(data, "m.msg").pages[0].text
    ((name, message),) = attached(tmp_path, data, "m.msg")
    assert name == "Grüße X: y.eml"
    assert lines(read(message, name).pages[0].text) == [
        "Grüße X: y",
        "From: Bob Börne",
        "Date: Thu, 03 Dec 2020 20:00:00 +0000",
        "Attachment: list.csv",
        "Deep wörds",
    ]
    assert attached(tmp_path, message, "inner.eml") == [("list.csv", b"a;b\n1;2\n")]


def test_what_was_deleted_from_an_old_word_file_is_not_read(read):
    text = "It costs five hundred pounds.\rAnd that was the whole of it, not more.\r"
    gone = [(text.index(words), text.index(words) + len(words)) for words in ("five ", "not ")]
    found = lines(read(office.old_word(text, deleted=gone), "a.doc").pages[0].text)
    assert found == ["It costs hundred pounds.", "And that was the whole of it, more."]


@pytest.mark.parametrize("at", [0xFA, 0xFE])
def test_an_old_word_file_whose_marks_make_no_sense_is_read_whole(read, at):
    data = bytearray(office.old_word("It costs five pounds.\r", deleted=[(3, 9)]))
    struct.pack_into("<I", data, data.index(bytes.fromhex("00020000"), 512) + at - 0x0A, 0xFFFFFF)
    assert "pounds." in read(bytes(data), "a.doc").pages[0].text
