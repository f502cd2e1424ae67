"""Slides of OpenDocument: their order, and what is hidden or stands beside them."""

import io
import zipfile

from documents.readers.office import odf
from documents.readers.page import Page
from tests import files_office as office
from tests.documents.readers.reading import lines


def page(content: str, styles: str = "") -> Page:
    data = office.odf("presentation", content, styles=styles)
    return next(iter(odf.parse(io.BytesIO(data)).pages))


def frame(words: str, x: str = "0cm", y: str = "0cm", role: str = "") -> str:
    told = f' presentation:class="{role}"' if role else ""
    return (
        f'<draw:frame svg:x="{x}" svg:y="{y}" svg:width="5cm" svg:height="2cm"{told}>'
        f"<draw:text-box><text:p>{words}</text:p></draw:text-box></draw:frame>"
    )


def test_frames_are_read_row_by_row_wherever_they_were_drawn():
    group = f"<draw:g>{frame('below', y='8cm')}{frame('above', y='6cm')}</draw:g>"
    shapes = frame("right", "12cm", "3.3cm") + frame("left", "0cm", "3cm") + group
    made = frame("last", "0cm", "20cm") + shapes + frame("Plan", "0cm", "30cm", "title")
    found = page(f"<draw:page>{made}</draw:page>")
    assert lines(found.text) == ["Plan", "left", "right", "above", "below", "last"]
    assert [heading.text for heading in found.headings] == ["Plan"]


def test_comments_notes_and_descriptions_stand_with_their_slide():
    picture = "<draw:frame><draw:image/><svg:desc>The gate</svg:desc></draw:frame>"
    comment = "<office:annotation><text:p>Now 340</text:p></office:annotation>"
    notes = f"<presentation:notes>{frame('Wave')}</presentation:notes>"
    found = page(f"<draw:page>{frame('Words')}{picture}{comment}{notes}</draw:page>")
    assert lines(found.text) == ["Words", "Picture: The gate", "Comment: Now 340", "Notes: Wave"]


def test_a_hidden_slide_says_so():
    style = (
        '<style:style style:name="dp1" style:family="drawing-page"><style:drawing-page-properties'
        ' presentation:visibility="hidden"/></style:style>'
    )
    slide = '<draw:page draw:style-name="dp1">{}</draw:page>'
    found = page(slide.format(frame("Plan", role="title") + frame("Takeover", y="3cm")), style)
    assert lines(found.text) == ["Plan (hidden)", "Takeover"]
    assert [heading.text for heading in found.headings] == ["Plan (hidden)"]
    assert lines(page(slide.format(frame("Words")), style).text) == ["Slide 1 (hidden)", "Words"]


def test_charts_and_formulas_on_a_slide_are_read():
    cell = '<table:table-cell office:value="{0}"><text:p>{0}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{cell.format(day)}{cell.format(level)}</table:table-row>"
        for day, level in (("47488", "3.25"), ("47520", "NaN"))
    )
    scale = '<x:date-scale xmlns:x="http://openoffice.org/2010/chart"/>'
    chart = (
        "<draw:frame><draw:object><office:document><office:body><office:chart>"
        f"{scale}<table:table>{rows}</table:table>"
        "</office:chart></office:body></office:document></draw:object></draw:frame>"
    )
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mn>3</mn><mn>4</mn></mfrac></math>'
    formula = f"<draw:frame><draw:object>{math}</draw:object></draw:frame>"
    found = page(f"<draw:page>{chart}{formula}</draw:page>")
    assert lines(found.text) == ["2030-01-05 | 3.25", "2030-02-06", "3/4"]


def test_a_chart_that_has_a_caption_beside_its_link_is_read():
    linked = '<draw:object xmlns:l="http://www.w3.org/1999/xlink" l:href="./Object 1"><text:p/></draw:object>'
    book = office.odf("presentation", f"<draw:page><draw:frame>{linked}</draw:frame></draw:page>")
    chart = office.odf("text", "<text:p>Visitors</text:p>")
    with zipfile.ZipFile(io.BytesIO(chart)) as inner:
        content = inner.read("content.xml")
    made = io.BytesIO(book)
    with zipfile.ZipFile(made, "a") as outer:
        outer.writestr("Object 1/content.xml", content)
    book = made.getvalue()
    assert "Visitors" in next(iter(odf.parse(io.BytesIO(book)).pages)).text


def test_a_shape_that_is_not_shown_says_so_and_notes_have_no_page_number():
    hides = "xmlns:o='http://openoffice.org/2010/draw' o:display='none' svg:x"
    notes = (
        f"<presentation:notes>{frame('1', role='page-number')}{frame('Wave')}</presentation:notes>"
    )
    found = page(f"<draw:page>{frame('Words').replace('svg:x', hides, 1)}{notes}</draw:page>")
    assert lines(found.text) == ["[hidden: Words]", "Notes: Wave"]
