"""PDFs whose words stand where a test wants them, drawn in the order in which they are named."""

import zlib
from collections.abc import Sequence
from typing import NamedTuple

from tests.files import _written

WIDTH, HEIGHT = 595, 842
FIRST = 7  # catalogue, page tree, three fonts and what one says stand before the pages
ALEF = 0x05D0
UPRIGHT = {
    0: "1 0 0 1 0 0",
    90: f"0 1 -1 0 {WIDTH} 0",
    180: f"-1 0 0 -1 {WIDTH} {HEIGHT}",
    270: f"0 -1 1 0 0 {HEIGHT}",
}


class Text(NamedTuple):
    """`x` and `y` in points from the upper left corner of the page as it is shown."""

    x: float
    y: float
    text: str
    size: float = 10
    bold: bool = False
    is_hebrew: bool = False  # a stands for alef, b for bet
    is_spelled: bool = False  # each letter says what it is, as browsers write Arabic


class Sheet(NamedTuple):
    texts: Sequence[Text] = ()
    rotate: int = 0
    picture: bool = False


def book(*sheets: Sheet, roman: int = 0) -> bytes:
    """A PDF; the first `roman` pages are labelled i, ii, iii and the others from 1 on."""
    kids = " ".join(f"{FIRST + 2 * place} 0 R" for place in range(len(sheets)))
    labels = f"/PageLabels << /Nums [0 << /S /r >> {roman} << /S /D >>] >>" if roman else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {labels} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>".encode(),
        _font("Helvetica"),
        _font("Helvetica-Bold"),
        _font("Helvetica", "/ToUnicode 6 0 R"),
        _stored(_letters()),
    ]
    for place, sheet in enumerate(sheets):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Rotate {sheet.rotate} /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> "
            f"/Contents {FIRST + 2 * place + 1} 0 R >>".encode()
        )
        objects.append(_stored(_stream(sheet)))
    return _written(objects)


def chinese(text: str, *, upright: bool = False) -> bytes:
    """A PDF of one page with these signs, of a font that is not in the file."""
    encoding = "UniGB-UCS2-V" if upright else "UniGB-UCS2-H"
    font = (
        f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-{encoding} /Encoding /{encoding}"
        " /DescendantFonts [6 0 R] >>"
    )
    signs = (
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
    )
    look = (
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /ItalicAngle 0 /StemV 93"
        b" /FontBBox [-25 -254 1000 880] /Ascent 880 /Descent -120 /CapHeight 880 >>"
    )
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    drawn = f"BT /F1 20 Tf 200 300 Td <{text.encode('utf-16-be').hex()}> Tj ET"
    return _written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            _stored(drawn.encode()),
            font.encode(),
            signs,
            look,
        ]
    )


def paragraph(x: float, y: float, text: str, letters: int, leading: float = 12) -> list[Text]:
    """The text in lines of at most so many letters, downwards from y."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > letters:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    return [Text(x, y + leading * number, each) for number, each in enumerate(lines)]


def across(*columns: Sequence[Text]) -> list[Text]:
    """The lines of all columns as a typesetter that goes across the page draws them."""
    return sorted((text for column in columns for text in column), key=lambda text: text.y)


def _stored(text: bytes) -> bytes:
    data = zlib.compress(text)
    head = f"<< /Length {len(data)} /Filter /FlateDecode >>\nstream\n".encode()
    return head + data + b"\nendstream"


def _letters() -> bytes:
    """What the letters of the Hebrew font stand for; its figures are figures."""
    codes = f"<61> <7A> <{ALEF:04X}> <30> <39> <0030> <20> <20> <0020>"
    head = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /H def"
    space = "1 begincodespacerange <00> <FF> endcodespacerange 3 beginbfrange"
    return f"{head} {space} {codes} endbfrange endcmap end end".encode()


def _font(name: str, more: str = "") -> bytes:
    kind = f"/Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding {more}"
    return f"<< {kind} >>".encode()


def _stream(sheet: Sheet) -> bytes:
    top = WIDTH if sheet.rotate % 180 else HEIGHT
    drawn = [f"{UPRIGHT[sheet.rotate]} cm"]
    if sheet.picture:
        drawn.append("q 300 0 0 300 100 400 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x10\x80\xc0\xf0 EI Q")
    for text in sheet.texts:
        font = "F3" if text.is_hebrew else "F2" if text.bold else "F1"
        shown = text.text.translate({40: r"\(", 41: r"\)", 92: r"\\"})
        place = f"{text.x} {top - text.y}"
        words = _spelled(text.text) if text.is_spelled else f"({shown}) Tj"
        drawn.append(f"BT /{font} {text.size} Tf {place} Td {words} ET")
    return "\n".join(drawn).encode("cp1252", "replace")


def _spelled(text: str) -> str:
    return " ".join(
        f"/Span<</ActualText <FEFF{ord(hebrew(letter)):04X}>>> BDC ({letter}) Tj EMC"
        if letter != " "
        else "( ) Tj"
        for letter in text
    )


def hebrew(text: str) -> str:
    """What a text in the Hebrew font says."""
    return "".join(chr(ALEF + ord(letter) - 97) if letter.isalpha() else letter for letter in text)
