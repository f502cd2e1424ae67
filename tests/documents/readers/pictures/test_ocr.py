"""Scans and pictures, by the engines that the tests' requirements bring."""

import importlib
import shutil
import sys
import uuid

import pytest
from PIL import Image

from documents import readers
from documents.pages.recognised import Recognised
from documents.readers.common.quality import State
from documents.readers.pictures import image, ocr
from documents.readers.pictures.ocr_lines import Line, in_order
from tests import files, pictures
from tests.documents.readers.common.test_quality import ENGLISH, shifted
from tests.documents.readers.reading import read_bytes, refused

UPRIGHT = "The harbour was dredged\nin the spring of 1987."
TURNED = "The lighthouse keeper\nwas called Margarethe."


@pytest.fixture
def read(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name)


@pytest.fixture
def no_engine(monkeypatch):
    """As on a machine on which neither of them was installed."""
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    monkeypatch.setenv("PATH", "/nonexistent")


def words(text: str) -> list[str]:
    return text.replace("\n", " ").split()


def test_each_page_of_a_mixed_file_is_read_in_the_way_that_it_needs(read):
    data = files.joined(
        files.pdf("a text of its own"),
        pictures.scanned(pictures.sheet(UPRIGHT), pictures.sheet(TURNED, turned=180)),
        files.pdf(""),
        pictures.with_layer(pictures.sheet(UPRIGHT), shifted(ENGLISH)),
    )
    pages = read(data, "mixed.pdf").pages
    assert [(page.number, page.state) for page in pages] == [
        (1, State.TEXT),
        (2, State.OCR),
        (3, State.OCR),
        (4, State.EMPTY),
        (5, State.OCR),
    ]
    assert pages[0].text == "a text of its own"
    assert words(pages[1].text) == words(UPRIGHT)
    assert words(pages[2].text) == words(TURNED)
    assert words(pages[4].text) == words(UPRIGHT)
    assert pages[1].confidence > 90


def test_the_frames_of_a_tiff_are_its_pages_also_one_on_its_side(read):
    one = pictures.sheet(UPRIGHT).convert("1")
    pages = read(pictures.as_file(one, "TIFF", [pictures.sheet(TURNED, turned=90)]), "t.tif").pages
    assert [page.number for page in pages] == [1, 2]
    assert words(pages[0].text) == words(UPRIGHT)
    assert words(pages[1].text) == words(TURNED)


def test_a_wish_decides_where_the_text_of_a_page_comes_from(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(pictures.with_layer(pictures.sheet(UPRIGHT), "another text altogether"))

    def text(wishes):
        quiet = {"progress": lambda *_: None, "cancelled": lambda: False}
        page = readers.read_file(path, "pdf", wishes, **quiet).pages[0]
        return page.state, words(page.text)

    assert text({1: "text"}) == (State.TEXT, ["another", "text", "altogether"])
    state, found = text({1: "ocr"})
    assert state == State.OCR
    assert {"harbour", "dredged"} <= set(found)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_common_kind_of_picture_is_known_and_opened(tmp_path, kind):
    data = pictures.as_file(pictures.sheet("words").convert("RGB"), kind)
    assert readers.kind_of(data[:8192], "named.txt") == "picture"
    path = tmp_path / "file"
    path.write_bytes(data)
    with path.open("rb") as file:
        assert [page.number for page in image.parse(file).pages] == [1]
        assert image.frame(file, 1).size == (700, 900)


def test_what_can_be_seen_through_lies_on_white(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(pictures.as_file(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG"))
    with path.open("rb") as file:
        assert image.frame(file, 1).getpixel((4, 4)) == (255, 255, 255)


def test_a_picture_too_large_to_unpack_is_refused_by_its_head(read):
    error = refused(read, pictures.png_that_claims(60_000, 60_000), "huge.png")
    assert error.code == "too_large"
    assert "60,000 x 60,000" in error.message


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP"])
def test_a_picture_that_was_cut_off_is_refused_in_a_sentence(read, kind):
    whole = pictures.as_file(pictures.sheet(UPRIGHT).convert("RGB"), kind)
    error = refused(read, whole[: len(whole) // 3], "half")
    assert error.code in {"damaged", "scan"}


def test_without_an_engine_a_scan_is_refused_with_the_line_that_mends_it(read, no_engine):
    error = refused(read, pictures.scanned(pictures.sheet(UPRIGHT)), "scan.pdf")
    assert error.code == "scan"
    assert error.message == (
        "No text could be read from this file: its only page is a picture. "
        "Install text recognition with `make ocr`, then try again."
    )


def test_without_an_engine_the_pages_that_are_pictures_are_marked(read, no_engine):
    data = files.joined(files.pdf("words"), files.scan(), files.pdf(""))
    states = [page.state for page in read(data, "mixed.pdf").pages]
    assert states == [State.TEXT, State.UNREADABLE, State.EMPTY]


def test_a_garbled_page_keeps_its_letters_where_nothing_better_is_known(read, no_engine):
    page = read(files.pdf(shifted(ENGLISH)), "garbled.pdf").pages[0]
    assert page.state == State.GARBAGE
    assert page.text


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_tesseract_reads_a_page_however_it_lies(turned):
    if not shutil.which("tesseract"):
        pytest.skip("Tesseract is not installed here: apt install tesseract-ocr")
    engine = importlib.import_module(ocr.ENGINES["Tesseract"]).load()
    text = f"{UPRIGHT}\n{TURNED}\n{ENGLISH[:70]}"
    sheet = pictures.sheet(text, (1200, 900), turned=turned)
    found = engine(sheet)
    assert words(found.text) == words(text) == [place.text for place in found.places]
    assert found.confidence > 0.8
    assert sum(ink(sheet, place) for place in found.places) > 0.95


def column(left: float, texts: list[str], top: float = 100) -> list[Line]:
    return [
        Line(left, top + 20 * row, left + 300, top + 20 * row + 16, text, 0.9)
        for row, text in enumerate(texts)
    ]


def test_two_columns_are_read_one_after_the_other_under_their_title():
    title = Line(50, 20, 650, 40, "title", 0.9)
    foot = Line(50, 300, 650, 320, "foot", 0.9)
    left, right = column(0, ["a", "b", "c", "d"]), column(350, ["e", "f", "g", "h"])
    mixed = [line for pair in zip(left, right, strict=True) for line in pair]
    found = in_order([foot, *mixed, title])
    assert found.text.split() == ["title", "a", "b", "c", "d", "e", "f", "g", "h", "foot"]
    assert found.confidence == pytest.approx(0.9)


def test_the_rows_of_a_table_stay_on_their_lines():
    cells = [
        Line(x, y, x + 60, y + 16, f"{name}{row}", 1)
        for row, y in enumerate((0, 20, 40))
        for name, x in (("a", 0), ("b", 200), ("c", 400))
    ]
    assert in_order(cells).text == "a0 | b0 | c0\na1 | b1 | c1\na2 | b2 | c2"


def test_nothing_seen_is_no_text():
    assert in_order([]) == ("", 0, [])


def test_a_picture_stands_upright_as_its_camera_says(tmp_path):
    path = tmp_path / "file"
    picture = Image.new("RGB", (40, 20), "white")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned to the right when shown
    picture.save(path, "JPEG", exif=exif)
    with path.open("rb") as file:
        assert image.frame(file, 1).size == (20, 40)


@pytest.fixture
def seen(tmp_path):
    """The places of a page's words, as they are kept."""

    def seen(data: bytes, kind: str):
        path = tmp_path / "file"
        path.write_bytes(data)
        quiet = {"progress": lambda *_: None, "cancelled": lambda: False}
        kept = Recognised(uuid.uuid4())
        readers.read_file(path, kind, kept=kept, **quiet)
        return kept.get(1).places

    return seen


def ink(picture: Image.Image, place) -> float:
    """The share of the picture's dark dots that stand there."""
    width, height = picture.size
    corners = (place.left * width, place.top * height, place.right * width, place.bottom * height)
    dark = picture.convert("L").point(lambda dot: 255 * (dot < 128))
    return dark.crop(tuple(map(round, corners))).histogram()[255] / dark.histogram()[255]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_each_word_has_its_place_on_the_page_however_it_lies(seen, turned, data_folder):
    del data_folder
    sheet = pictures.sheet(f"{UPRIGHT}\nharbour", turned=turned)
    places = seen(pictures.as_file(sheet, "PNG"), "picture")
    assert [place.text for place in places] == [*words(UPRIGHT), "harbour"]
    whole = sum(ink(sheet, place) for place in places)
    assert 0.95 < whole < 1.05
    for place in places:
        letters = len(place.text) / len("".join(words(UPRIGHT)) + "harbour")
        assert ink(sheet, place) == pytest.approx(letters, rel=0.5)
