import contextlib
import io
import random
import zipfile

import pytest

from documents import readers
from documents.readers.process.errors import Unreadable, Unsupported
from tests import files
from tests import files_office as office
from tests.documents.readers.reading import read_bytes, refused
from tests.files_ppt import show
from tests.files_xls import book

LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a 'ha'>"
    + "".join(
        f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
)
STEALING = "<!DOCTYPE x [<!ENTITY j SYSTEM 'file:///etc/hostname'>]>"
CELL = "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row>"

WHOLE = {
    "a.docx": files.word((1, "Title"), "words", [["a", "b"], ["1", "2"]]),
    "a.pptx": office.slides(("Title", "words", "notes"), table=[["a", "b"]]),
    "a.xlsx": office.sheets({"One": [["a", "b"], ["c", 1]]}),
    "a.odt": office.odf("text", "<text:p>words</text:p>"),
    "a.ods": office.odf("spreadsheet", f"<table:table>{CELL.format('x')}</table:table>"),
    "a.epub": office.epub("<p>words</p>"),
    "a.msg": office.outlook("Subject", "words", ("a.txt", b"more")),
    "a.doc": office.old_word("some words\rand more\r"),
    "a.ppt": show(("Title", "words", "notes")),
    "a.xls": book(("One", [["a", "b"], ["c", (0.5, "0%")], [True, 1.0]]), merged=[(0, 1, 0, 0)]),
    "a.eml": office.message("Subject", "words", ("a.txt", b"more"), html="<p>words</p>"),
    "a.rtf": rb"{\rtf1\ansi some \b words\par and \'fc more\par}",
    "a.ipynb": office.notebook(("markdown", "# words", ""), ("code", "1", "1")),
    "a.json": b'{"a": ["b", 1, null]}',
    "a.csv": b'a,"b"\n1,2\n',
}


@pytest.fixture
def read(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name)


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with a member in place of its own."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    return office.zipped(members | {name: content})


def claiming(data: bytes, member: str, size: int) -> bytes:
    """The archive with another size of a member in its directory."""
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(member.encode()))
    return data[: place + 24] + size.to_bytes(4, "little") + data[place + 28 :]


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("a.docx", "word/document.xml"),
        ("a.pptx", "ppt/slides/slide1.xml"),
        ("a.odt", "content.xml"),
        ("a.epub", "in/c 0.xhtml"),
    ],
)
def test_an_archive_that_unpacks_to_far_too_much_is_refused_unopened(read, name, member):
    bomb = with_member(WHOLE[name], member, bytes((64 << 20) + 1))
    assert len(bomb) < 4 << 20
    error = refused(read, bomb, name)
    assert error.code == "too_large"
    assert error.message.startswith("This file unpacks to far more than can be read at once.")


def test_an_archive_that_lies_about_its_sizes_is_never_unpacked_further(read):
    bomb = with_member(WHOLE["a.odt"], "content.xml", bytes(200 << 20))
    assert refused(read, claiming(bomb, "content.xml", 1000), "a.odt").code == "damaged"


def test_an_archive_that_claims_to_be_large_is_refused(read):
    data = with_member(WHOLE["a.xlsx"], "xl/media/film.mp4", b"short")
    assert refused(read, claiming(data, "xl/media/film.mp4", 1 << 31), "a.xlsx").code == "too_large"


def test_an_archive_of_very_many_members_is_refused(read):
    data = office.zipped({f"word/{number}.xml": "" for number in range(20_001)})
    assert refused(read, data, "a.docx").code == "too_large"


@pytest.mark.parametrize("prologue", [LAUGHS, STEALING], ids=["laughs", "stealing"])
@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("a.docx", "word/document.xml"),
        ("a.pptx", "ppt/slides/slide1.xml"),
        ("a.xlsx", "xl/worksheets/sheet1.xml"),
        ("a.odt", "content.xml"),
        ("a.epub", "in/book.opf"),
        ("a.epub", "in/c 0.xhtml"),
    ],
)
def test_entities_are_never_followed(read, name, member, prologue):
    with zipfile.ZipFile(io.BytesIO(WHOLE[name])) as archive:
        text = archive.read(member).decode().partition("?>\n")
    inside = (text[2] or text[0]).replace("words", "words &j;").replace(">a<", ">a &j;<")
    with contextlib.suppress(Unreadable):
        reading = read(with_member(WHOLE[name], member, (prologue + inside).encode()), name)
        shown = "".join(page.text for page in reading.pages)
        assert len(shown) < 1000
        assert "ha" * 20 not in shown
        with open("/etc/hostname") as file:
            assert file.read().strip() not in shown


@pytest.mark.parametrize(
    "name", ["a.docx", "a.pptx", "a.xlsx", "a.odt", "a.epub", "a.msg", "a.rtf"]
)
def test_a_lying_ending_changes_nothing(read, name):
    honest = read(WHOLE[name], name)
    for ending in [".txt", ".xlsx", ".docx", ".md", ".png", ""]:
        assert read(WHOLE[name], f"lying{ending}") == honest


def test_an_office_file_whose_first_bytes_do_not_tell_is_known_by_its_directory(read):
    with zipfile.ZipFile(io.BytesIO(WHOLE["a.docx"])) as archive:
        members = {"docProps/thumbnail.jpeg": random.Random(1).randbytes(100_000)}
        members |= {name: archive.read(name) for name in archive.namelist()}
    assert "words" in read(office.zipped(members), "late.docx").pages[0].text


def test_an_archive_of_other_things_is_called_that(read):
    data = office.zipped({"notes.txt": "hello"})
    with pytest.raises(Unsupported, match="Unpack it"):
        readers.kind_of(data, "notes.zip")
    assert "Unpack it" in refused(read, data, "notes.docx").message


def test_an_archive_with_a_password_is_refused_in_words(read):
    data = bytearray(WHOLE["a.odt"])
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert refused(read, bytes(data), "a.odt").code == "password_required"


def test_a_locked_opendocument_is_refused_in_words(read):
    error = refused(read, office.odf("text", "<text:p>x</text:p>", locked=True), "a.odt")
    assert error.code == "password_required"


def test_a_locked_old_word_file_is_refused_in_words(read):
    error = refused(read, office.old_word("secret words", encrypted=True), "a.doc")
    assert error.code == "password_required"


def test_a_book_protected_against_copying_is_refused_but_not_one_with_hidden_fonts(read):
    rights = '<e><EncryptedData><EncryptionMethod Algorithm="{}"/></EncryptedData></e>'
    locked = office.epub(
        "<p>x</p>", rights=rights.format("http://www.w3.org/2001/04/xmlenc#aes128")
    )
    assert "DRM" in refused(read, locked, "a.epub").message
    fonts = office.epub("<p>x</p>", rights=rights.format("http://www.idpf.org/2008/embedding"))
    assert read(fonts, "a.epub").pages[0].text == "x\n"


def test_a_sheet_that_claims_to_be_endless_is_read_to_its_end(read):
    with zipfile.ZipFile(io.BytesIO(WHOLE["a.xlsx"])) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    claimed = sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert claimed != sheet
    data = with_member(WHOLE["a.xlsx"], "xl/worksheets/sheet1.xml", claimed)
    assert read(data, "a.xlsx") == read(WHOLE["a.xlsx"], "a.xlsx")


def test_a_sheet_of_more_cells_than_can_be_read_is_refused(read):
    with zipfile.ZipFile(io.BytesIO(WHOLE["a.xlsx"])) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    start, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
    far = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(1, 200))
    data = with_member(
        WHOLE["a.xlsx"], "xl/worksheets/sheet1.xml", sheet[:start] + far + sheet[end:]
    )
    assert refused(read, data, "a.xlsx").code == "too_large"


@pytest.mark.parametrize("name", ["a.json", "a.ipynb", "a.csv", "a.html"])
def test_what_is_nested_too_deeply_is_read_or_refused_in_words(read, name):
    opening = {"a.html": b"<div>", "a.csv": b'"'}.get(name, b'[{"cells":')
    with contextlib.suppress(Unreadable):
        assert read(opening * 200_000 + b"x", name).pages[0].text


def test_a_message_in_a_message_in_a_message_ends(read):
    data = b"words"
    for _ in range(60):
        data = office.message("again", "look inside", ("inner.eml", data))
        if len(data) > 5_000_000:
            break
    assert read(data, "a.eml").pages[0].text.startswith("again")


@pytest.mark.parametrize("name", WHOLE)
def test_a_damaged_file_is_read_or_refused_but_never_breaks_the_reader(read, name):
    chance = random.Random(name)
    for _ in range(15):
        data = bytearray(WHOLE[name])
        for _ in range(chance.choice([1, 5, 40])):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        whole = bytes(data[: chance.choice([len(data), len(data) // 2])])
        try:
            read(whole, name)
        except Unreadable as error:
            assert not error.code.startswith("reader_"), error  # noqa: PT017
