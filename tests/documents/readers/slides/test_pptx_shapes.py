"""What is on a slide: read in order, as it is seen, with what stands beside it."""

import io
import zipfile

import pptx
import pytest
from lxml import etree
from PIL import Image
from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Cm

from documents.readers.page import Page
from documents.readers.slides import pptx as reader
from tests import files_office as office

MAIN = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
TEN = 'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"'

NEWER = f"""<p:cmLst xmlns:p="http://schemas.microsoft.com/office/powerpoint/2018/8/main" {MAIN}>
<p:cm><p:replyLst><p:reply><p:txBody><a:p><a:r><a:t>Yes</a:t></a:r></a:p></p:txBody></p:reply>
</p:replyLst><p:txBody><a:p><a:r><a:t>Is it</a:t></a:r><a:r><a:t> 340?</a:t></a:r></a:p></p:txBody>
</p:cm></p:cmLst>"""


class Show:
    def __init__(self):
        self.book = pptx.Presentation()
        self.slide = self.book.slides.add_slide(self.book.slide_layouts[6])
        self.shapes = self.slide.shapes

    def box(self, text="", left=0, top=0, height=2, shapes=None):
        box = (self.shapes if shapes is None else shapes).add_textbox(
            Cm(left), Cm(top), Cm(5), Cm(height)
        )
        box.text_frame.text = text
        return box

    def paragraph(self, markup):
        made = f"<a:p {MAIN} {MATH} {TEN}>{markup}</a:p>"
        body = self.box().text_frame._txBody
        body.replace(body.p_lst[0], etree.fromstring(made))

    def data(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()

    def page(self) -> Page:
        return next(iter(reader.parse(io.BytesIO(self.data())).pages))

    def lines(self) -> list[str]:
        return [line for line in self.page().text.splitlines() if line]


def run(text, **look):
    told = " ".join(f'{name}="{value}"' for name, value in look.items())
    return f"<a:r><a:rPr {told}/><a:t>{text}</a:t></a:r>"


def test_boxes_are_read_row_by_row_wherever_they_were_drawn():
    show = Show()
    for text, left, top in [
        ("last", 0, 9),
        ("right", 12, 4.4),
        ("middle", 6, 3.9),
        ("left", 0, 4),
        ("top", 3, 0),
    ]:
        show.box(text, left, top)
    assert show.lines() == ["top", "left", "middle", "right", "last"]


def test_a_tall_box_stands_beside_those_that_are_stacked():
    show = Show()
    show.box("low", 8, 5)
    show.box("high", 8, 0.5)
    show.box("tall", 0, 0, 12)
    assert show.lines() == ["tall", "high", "low"]


def test_the_boxes_of_a_group_stay_together():
    show = Show()
    group = show.shapes.add_group_shape()
    show.box("below", 0, 8, shapes=group.shapes)
    show.box("above", 0, 2, shapes=group.shapes)
    show.box("between", 0, 5)
    assert show.lines() == ["above", "below", "between"]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        (run("10") + run("6", baseline="30000") + run(" cells"), "10^6 cells"),
        (run("1,234") + run("3", baseline="30000") + run(" million"), "1,234 3 million"),
        (run("H") + run("2", baseline="-25000") + run("O"), "H2O"),
        (run("Fee 300", strike="sngStrike") + run("340"), "340"),
        (
            '<a:r><a:rPr><a:latin typeface="Symbol"/></a:rPr><a:t>\uf0a3</a:t></a:r>' + run(" 5"),
            "\u2264 5",
        ),
        (
            '<a:r><a:rPr><a:sym typeface="Wingdings"/></a:rPr><a:t>no \uf0fe</a:t></a:r>',
            "no \u2611",
        ),
        (
            '<a:pPr><a:buFont typeface="Wingdings"/><a:buChar char="&#xfe;"/></a:pPr>' + run("Bus"),
            "\u2611 Bus",
        ),
        ('<a:pPr><a:buFont typeface="Arial"/><a:buChar char="•"/></a:pPr>' + run("Bus"), "Bus"),
        (
            run("Law ") + "<a14:m><m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r>"
            "<m:t>4</m:t></m:r></m:den></m:f></m:oMath></a14:m>" + run(" of it"),
            "Law 3/4 of it",
        ),
        (
            "<a14:m><m:oMathPara><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></m:oMathPara></a14:m>",
            "x",
        ),
    ],
)
def test_words_are_read_as_they_are_seen(markup, wanted):
    show = Show()
    show.paragraph(markup)
    assert show.lines() == [wanted]


def test_a_link_tells_where_it_leads():
    show = Show()
    paragraph = show.box().text_frame.paragraphs[0]
    for text in ("the ", "form"):
        made = paragraph.add_run()
        made.text = text
        made.hyperlink.address = "https://a.example/B-2"
    paragraph.add_run().text = " is here"
    assert show.lines() == ["the form is here (https://a.example/B-2)"]


def test_a_picture_is_told_by_its_description_or_counted_as_unread():
    show = Show()
    picture = io.BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    for description in ("The gate behind the tower", "photo.png", ""):
        shape = show.shapes.add_picture(picture, 0, 0, Cm(4), Cm(4))
        shape._element.nvPicPr.cNvPr.set("descr", description)
    show.shapes.add_picture(picture, 0, 0, Cm(1), Cm(1))
    assert show.lines() == ["Picture: The gate behind the tower"]
    assert show.page().unread == ("picture", "picture")


def test_a_hidden_slide_says_so_in_its_heading():
    titled = pptx.Presentation()
    slide = titled.slides.add_slide(titled.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "Plan", "The takeover"
    slide._element.set("show", "0")
    out = io.BytesIO()
    titled.save(out)
    (page,) = reader.parse(out).pages
    assert page.text == "Plan (hidden)\n\nThe takeover\n"
    assert page.headings == [(0, 1, "Plan (hidden)")]
    show = Show()
    show.box("Words")
    show.slide._element.set("show", "0")
    assert show.page().headings == [(0, 1, "Slide 1 (hidden)")]
    assert show.lines() == ["Slide 1 (hidden)", "Words"]


def test_a_hidden_box_is_told_as_hidden():
    show = Show()
    show.box("Seen", 0, 0)
    show.box("Not seen", 0, 4)._element.nvSpPr.cNvPr.set("hidden", "1")
    assert show.lines() == ["Seen", "[hidden: Not seen]"]


@pytest.mark.parametrize(
    ("comments", "wanted"),
    [
        (
            '<p:cmLst xmlns:p="x"><p:cm><p:pos/><p:text>Now 340</p:text></p:cm></p:cmLst>',
            ["Comment: Now 340"],
        ),
        (
            NEWER,
            ["Comment: Is it 340?", "Comment: Yes"],
        ),
    ],
)
def test_comments_of_both_kinds_are_read(comments, wanted):
    show = Show()
    show.box("Words")
    name, package = PackURI("/ppt/comments/comment1.xml"), show.slide.part.package
    part = Part(name, "application/xml", package, comments.encode())
    show.slide.part.relate_to(part, RELATIONSHIP_TYPE.COMMENTS)
    assert show.lines() == ["Words", *wanted]


def test_an_embedded_workbook_is_read():
    show = Show()
    sheet = io.BytesIO(office.sheets({"Stock": [["Part", "Count"], ["Valve", 912]]}))
    show.shapes.add_ole_object(sheet, "Excel.Sheet.12", 0, 0)
    show.shapes.add_ole_object(io.BytesIO(b"PK\3\4 no sheet"), "Excel.Sheet.12", 0, 0)
    assert show.lines() == ["Stock", "Part | Count", "Valve | 912"]
    assert show.page().unread == ("embedded file",)


def test_a_scatter_chart_tells_both_of_its_axes():
    show, data = Show(), XyChartData()
    series = data.add_series("Depth")
    for point in ((12.5, 301), (48.25, 520)):
        series.add_data_point(*point)
    show.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, 0, 0, Cm(9), Cm(9), data)
    assert {"12.5 | 301", "48.25 | 520"} <= set(show.lines())


@pytest.mark.parametrize("kind", ["slideshow.main+xml", "template.main+xml"])
def test_shows_and_templates_are_read(kind):
    show, out = Show(), io.BytesIO()
    show.box("Words")
    with zipfile.ZipFile(io.BytesIO(show.data())) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name).replace(b"presentation.main+xml", kind.encode())
            after.writestr(name, data)
    assert [page.text for page in reader.parse(out).pages] == ["Words\n"]
