"""The numbers of lists on slides, which PowerPoint counts and does not write down."""

import io

import pptx
import pytest
from lxml import etree

from tests.documents.readers.reading import lines, read_bytes

MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"


@pytest.fixture
def read(tmp_path):
    return lambda data: lines(read_bytes(tmp_path, data, "a.pptx").pages[0].text)


def slide(*items, style=""):
    """Items of text, level and properties, in one box; `style` is that of the box."""
    show = pptx.Presentation()
    page = show.slides.add_slide(show.slide_layouts[6])
    frame = page.shapes.add_textbox(0, 0, 9_000, 9_000).text_frame
    for place, (text, level, properties) in enumerate(items):
        paragraph = frame.paragraphs[0] if not place else frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
        if properties:
            paragraph._p.get_or_add_pPr().append(_parsed(properties))
    if style:
        frame._txBody.find(f"{{{MAIN}}}lstStyle").append(_parsed(style))
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def _parsed(markup):
    return etree.fromstring(markup.replace(" ", f' xmlns="{MAIN}" ', 1))


def auto(kind, start=1):
    return f'<buAutoNum type="{kind}" startAt="{start}"/>'


def test_items_are_numbered_as_they_are_seen(read):
    found = read(
        slide(
            ("Scope", 0, auto("arabicPeriod")),
            ("by letter", 1, auto("alphaLcParenBoth")),
            ("by mail", 1, auto("alphaLcParenBoth")),
            ("Notice", 0, auto("arabicPeriod")),
            ("again", 1, auto("alphaLcParenBoth")),
        )
    )
    assert found == ["1. Scope", "(a) by letter", "(b) by mail", "2. Notice", "(a) again"]


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("romanUcPeriod", "IV."),
        ("alphaUcParenR", "D)"),
        ("arabicPlain", "4"),
        ("thaiNumPeriod", "4."),
    ],
)
def test_each_kind_of_number_is_written_as_its_own(read, kind, label):
    assert read(slide(("Item", 0, auto(kind, 4)))) == [f"{label} Item"]


def test_what_has_no_number_begins_the_next_list_anew(read):
    found = read(
        slide(
            ("One", 0, auto("arabicPeriod")),
            ("", 0, ""),
            ("Two", 0, auto("arabicPeriod")),
            ("Between", 0, '<buChar char="x"/>'),
            ("One again", 0, auto("arabicPeriod")),
            ("other kind", 0, auto("arabicParenR")),
        )
    )
    assert found == ["1. One", "2. Two", "Between", "1. One again", "1) other kind"]


def test_the_style_of_a_box_numbers_its_items(read):
    style = f'<lvl1pPr marL="0">{auto("arabicPeriod")}</lvl1pPr>'
    found = read(
        slide(("One", 0, ""), ("plain", 0, '<buNone marL="0"/>'), ("deep", 1, ""), style=style)
    )
    assert found == ["1. One", "plain", "deep"]
