"""Slides of OpenDocument: their order, and what is hidden or stands beside them."""

import io

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
