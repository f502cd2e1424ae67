import io
import zipfile

import docx
import openpyxl
import pptx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.documents.readers.reading import lines, read_bytes

WORDS = (
    (b"http://schemas.openxmlformats.org/wordprocessingml/2006/", b"wordprocessingml"),
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/", b"spreadsheetml"),
    (b"http://schemas.openxmlformats.org/presentationml/2006/", b"presentationml"),
    (b"http://schemas.openxmlformats.org/drawingml/2006/", b"drawingml"),
    (b"http://schemas.openxmlformats.org/officeDocument/2006/", b"officeDocument"),
)
OFFICE = b"application/vnd.openxmlformats-officedocument."
WORD, SHOW = OFFICE + b"wordprocessingml.document", OFFICE + b"presentationml.presentation"


@pytest.fixture
def read(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name).pages[0].text


def changed(data: bytes, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            renamed, text = change(name, old.read(name))
            new.writestr(zipfile.ZipInfo(renamed), text)
    return out.getvalue()


def strict(data: bytes) -> bytes:
    def change(name: str, text: bytes) -> tuple[str, bytes]:
        for transitional, word in WORDS:
            text = text.replace(transitional, b"http://purl.oclc.org/ooxml/" + word + b"/")
        return name, text

    return changed(data, change)


def called(data: bytes, kind: bytes, other: bytes) -> bytes:
    def change(name: str, text: bytes) -> tuple[str, bytes]:
        return name, text.replace(kind + b".main", other + b".main")

    return changed(data, change)


def saved(made) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def letter() -> bytes:
    made = docx.Document()
    made.add_paragraph("The rent is 912 euros.")
    return saved(made)


def show() -> bytes:
    made = pptx.Presentation()
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "The rent is 912 euros."
    return saved(made)


def test_files_saved_as_strict_open_xml_are_read(read):
    book = openpyxl.Workbook()
    book.active["A1"] = "The rent is 912 euros."
    for data, name in ((letter(), "s.docx"), (show(), "s.pptx"), (saved(book), "s.xlsx")):
        assert "The rent is 912 euros." in read(strict(data), name)


@pytest.mark.parametrize(
    "kind",
    [
        b"application/vnd.ms-word.document.macroEnabled",
        b"application/vnd.ms-word.template.macroEnabledTemplate",
        OFFICE + b"wordprocessingml.template",
    ],
)
def test_letters_with_macros_and_templates_are_read(read, kind):
    assert lines(read(called(letter(), WORD, kind), "m.docm")) == ["The rent is 912 euros."]


@pytest.mark.parametrize(
    "kind",
    [
        OFFICE + b"presentationml.slideshow",
        OFFICE + b"presentationml.template",
        b"application/vnd.ms-powerpoint.slideshow.macroEnabled",
    ],
)
def test_shows_and_their_templates_are_read(read, kind):
    assert lines(read(called(show(), SHOW, kind), "s.ppsx")) == ["The rent is 912 euros."]


@pytest.mark.parametrize("kind", [WORD, OFFICE + b"wordprocessingml.template"])
def test_a_whole_file_inside_of_one_is_read(read, kind):
    chunk = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    made = docx.Document()
    part = Part(PackURI("/word/inner.docx"), "application/inner", letter(), made.part.package)
    place = OxmlElement("w:altChunk")
    place.set(qn("r:id"), made.part.relate_to(part, chunk))
    made.element.body.insert(0, place)
    assert (
        read(called(saved(made), b"application/inner", kind + b".main+xml"), "a.docx").split("\n")[
            0
        ]
        == "The rent is 912 euros."
    )


def test_members_that_are_named_as_windows_does_are_found(read):
    data = changed(letter(), lambda name, text: (name.replace("/", "\\"), text))
    assert lines(read(data, "w.docx")) == ["The rent is 912 euros."]


@pytest.mark.parametrize("name", ["a.dotm", "a.potm", "a.ppsm", "a.xltm", "a.dotx"])
def test_the_endings_of_templates_are_known(read, name):
    data = letter()
    front = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(front, "w") as new:
        new.writestr("before.xml", "x" * 70_000)  # what tells the kind comes too late
        for member in old.namelist():
            new.writestr(member, old.read(member))
    assert lines(read(front.getvalue(), name)) == ["The rent is 912 euros."]
