"""PDFs are read as a person sees them: gaps, raised figures, what is hidden, struck or turned."""

import pytest

from documents.readers.printed import pdf
from tests.documents.readers.reading import lines, read_bytes
from tests.files import _written

PROSE = "BT /F1 12 Tf 60 780 Td (The fee of the club is 40 euros.) Tj ET "


def font(name: str) -> bytes:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} >>".encode()


def page_bytes(stream: str, more: str = "", catalog: str = "", objects: tuple[str, ...] = ()):
    """A PDF of one page; `objects` begin with number 7."""
    data = stream.encode("latin-1")
    return _written(
        [
            f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << "
            b"/F1 4 0 R /F2 5 0 R >> /Properties << /L1 7 0 R >> >> "
            + f"/Contents 6 0 R {more} >>".encode(),
            font("Helvetica"),
            font("ZapfDingbats"),
            b"<< /Length %d >>\nstream\n" % len(data) + data + b"\nendstream",
            *(each.encode("latin-1") for each in objects),
        ]
    )


@pytest.fixture
def text_of(tmp_path):
    return lambda *made: read_bytes(tmp_path, page_bytes(*made), "page.pdf").pages[0].text


def placed(x: int, y: int, text: str, before: str = "/F1 12 Tf") -> str:
    return f"BT {before} {x} {y} Td ({text}) Tj ET "


def test_single_figures_far_apart_do_not_fuse(text_of):
    row = placed(60, 700, "North") + placed(200, 700, "3") + placed(460, 700, "5")
    assert text_of(row + placed(60, 660, "West")) == "North 3 5\nWest"


def test_signs_that_touch_are_one_word(text_of):
    assert text_of("".join(placed(60 + 6.672 * n, 700, d) for n, d in enumerate("418"))) == "418"


@pytest.mark.parametrize(
    ("base", "figure", "told"),
    [
        ("10", "6", "10^6"),
        ("1,234", "3", "1,234 3"),
        ("2025", "4", "2025 4"),
        ("48 m", "2", "48 m^2"),
        ("10", "-9", "10^-9"),
    ],
)
def test_a_raised_figure_does_not_fuse_with_what_it_follows(text_of, base, figure, told):
    stream = f"BT /F1 12 Tf 60 700 Td ({base}) Tj 5 Ts /F1 7 Tf ({figure}) Tj 0 Ts /F1 12 Tf ( held) Tj ET"
    assert text_of(stream) == f"{told} held"


def test_a_lowered_figure_stays_where_it_is(text_of):
    stream = "BT /F1 12 Tf 60 700 Td (CO) Tj -3 Ts /F1 7 Tf (2) Tj 0 Ts /F1 12 Tf ( held) Tj ET"
    assert text_of(stream) == "CO2 held"


@pytest.mark.parametrize(
    "hidden",
    [
        placed(60, 740, "Pay 1 euro.", "3 Tr /F1 12 Tf"),
        placed(60, 740, "Pay 1 euro.", "1 1 1 rg /F1 12 Tf"),
        placed(60, 740, "Pay 1 euro.", "/F1 .5 Tf"),
    ],
)
def test_what_nobody_sees_is_marked(text_of, hidden):
    told = lines(text_of(PROSE + hidden))
    assert told == ["The fee of the club is 40 euros.", "[hidden: Pay 1 euro.]"]


def test_white_words_on_a_dark_ground_are_seen(text_of):
    dark = "0 0 0 rg 50 730 300 30 re f " + placed(60, 740, "Heading", "1 1 1 rg /F1 12 Tf")
    assert "Heading" in lines(text_of(PROSE + dark))


def test_a_layer_that_is_switched_off_is_left_out(text_of):
    catalog = "/OCProperties << /OCGs [7 0 R] /D << /OFF [7 0 R] >> >>"
    stream = PROSE + "/OC /L1 BDC " + placed(60, 740, "Draft: 90 euros.") + "EMC"
    group = "<< /Type /OCG /Name (Draft) >>"
    assert text_of(stream, "", catalog, (group,)) == "The fee of the club is 40 euros."
    assert "Draft: 90" in text_of(
        stream, "", "/OCProperties << /OCGs [7 0 R] /D << >> >>", (group,)
    )


def test_words_that_a_note_strikes_out_are_told_as_struck(text_of):
    note = (
        "/Annots [<< /Type /Annot /Subtype /StrikeOut /Rect [55 775 300 795] "
        "/QuadPoints [55 795 300 795 55 775 300 775] >>]"
    )
    told = lines(text_of(PROSE + placed(60, 740, "It is due in May."), note))
    assert told == ["[struck: The fee of the club is 40 euros.]", "It is due in May."]


def test_text_on_its_side_is_read_row_by_row(text_of):
    rows = [
        ("Valve", "Bar", "Turns"),
        ("V-10", "16", "40"),
        ("V-20", "25", "65"),
        ("V-30", "75", "90"),
    ]
    stream = "".join(
        f"BT /F1 11 Tf 0 1 -1 0 {100 + 20 * down} {60 + 150 * across} Tm ({cell}) Tj ET "
        for down, row in enumerate(rows)
        for across, cell in enumerate(row)
    )
    assert lines(text_of(stream)) == [" | ".join(row) for row in rows]


def test_a_box_of_a_font_of_symbols_is_a_box(text_of):
    stream = "BT /F2 12 Tf 60 700 Td (4) Tj /F1 12 Tf ( yes) Tj ET"
    assert text_of(stream) == "\u2714 yes"


BOX = "<< /Type /Annot /Subtype /Widget {} /Rect [9 9 99 29] >>".format
FIELDS = (
    "<< /FT /Tx /T (surname) /V (Archer) /Kids [8 0 R] >>",
    BOX("/Parent 7 0 R"),
    "<< /FT /Btn /Ff 49152 /T (Kind) /V /Family /Kids [10 0 R 11 0 R] >>",
    BOX("/Parent 9 0 R /AS /Off /AP << /N << /Single 4 0 R /Off 4 0 R >> >>"),
    BOX("/Parent 9 0 R /AS /Family /AP << /N << /Family 4 0 R /Off 4 0 R >> >>"),
    BOX("/FT /Ch /Ff 2097152 /T (Sections) /Opt [(Rowing) (Judo) (Chess)] /V [(Rowing) (Chess)]"),
    BOX("/FT /Btn /T (Rules) /V /1 /AS /1 /AP << /N << /1 4 0 R /Off 4 0 R >> >>"),
    BOX("/FT /Btn /T (Parking) /AS /Off /AP << /N << /1 4 0 R /Off 4 0 R >> >>"),
)


def test_a_form_tells_what_is_filled_in_wherever_it_is_kept(text_of):
    more = "/Annots [8 0 R 10 0 R 11 0 R 12 0 R 13 0 R 14 0 R]"
    form = "/AcroForm << /Fields [7 0 R 9 0 R 12 0 R 13 0 R 14 0 R] >>"
    assert lines(text_of("", more, form, FIELDS)) == [
        "surname: Archer",
        "Kind: Family",
        "Sections: Rowing, Chess",
        "Rules: yes",
        "Parking: no",
    ]


@pytest.mark.parametrize("kind", ["Caret", "Square", "Circle", "Stamp", "Squiggly", "Ink"])
def test_a_note_of_any_kind_is_told(text_of, kind):
    note = f"/Annots [<< /Type /Annot /Subtype /{kind} /Rect [9 9 99 29] /Contents (Why?) >>]"
    assert lines(text_of(PROSE, note))[-1] == "Comment: Why?"


def test_files_inside_of_a_pdf_are_handed_over(tmp_path):
    note = "/Annots [<< /Type /Annot /Subtype /FileAttachment /Rect [9 9 29 29] /FS 7 0 R >>]"
    catalog = "/Names << /EmbeddedFiles << /Names [(a) 9 0 R] >> >>"
    objects = (
        "<< /Type /Filespec /F (colours.txt) /EF << /F 8 0 R >> >>",
        "<< /Type /EmbeddedFile /Length 8 >>\nstream\nRAL 3009\nendstream",
        "<< /Type /Filespec /F (list.csv) /EF << /F 10 0 R >> >>",
        "<< /Type /EmbeddedFile /Length 4 >>\nstream\na;14\nendstream",
    )
    path = tmp_path / "book.pdf"
    path.write_bytes(page_bytes(PROSE, note, catalog, objects))
    with path.open("rb") as file:
        assert list(pdf.attachments(file)) == [("list.csv", b"a;14"), ("colours.txt", b"RAL 3009")]
    assert (
        "Attachment: list.csv" in read_bytes(tmp_path, path.read_bytes(), "book.pdf").pages[0].text
    )


def test_a_form_for_adobe_alone_is_read_by_its_data(text_of):
    data = (
        "<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><x:datasets "
        "xmlns:x='http://www.xfa.org/schema/xfa-data/1.0/'><x:data><form><GrantHolder>Robin"
        "</GrantHolder></form></x:data></x:datasets></xdp:xdp>"
    )
    packet = f"<< /Length {len(data)} >>\nstream\n{data}\nendstream"
    form = "/NeedsRendering true /AcroForm << /Fields [] /XFA 7 0 R >>"
    assert text_of(placed(60, 700, "Please wait..."), "", form, (packet,)) == "Grant Holder: Robin"
