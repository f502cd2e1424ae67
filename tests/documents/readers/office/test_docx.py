import io
import zipfile

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE

from tests import files
from tests import files_office as office
from tests.documents.readers.reading import lines, read_bytes

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def read(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name)


def edited(data: bytes, edits: dict[str, tuple[str, str]], more: dict[str, str]) -> bytes:
    """The archive with a text replaced in some members, and with further ones."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name).decode("latin-1") for name in archive.namelist()}
    for name, (old, new) in edits.items():
        assert old in members[name]
        members[name] = members[name].replace(old, new, 1)
    made = {name: text.encode("latin-1") for name, text in members.items()}
    return office.zipped(made | more)


def word(body: str) -> bytes:
    """A .docx of that body, with a footnote 2 and an endnote 2."""
    parts = {
        f"word/{kind}s.xml": f'<w:{kind}s {WORD}><w:{kind} w:id="2"><w:p><w:r><w:t>The {kind}.'
        f"</w:t></w:r></w:p></w:{kind}></w:{kind}s>"
        for kind in ("footnote", "endnote")
    }
    relations = "".join(
        f'<Relationship Id="x{kind}" Type="{RELATED}/{kind}s" Target="{kind}s.xml"/>'
        for kind in ("footnote", "endnote")
    )
    edits = {
        "word/document.xml": ("<w:body>", f"<w:body>{body}"),
        "word/_rels/document.xml.rels": ("</Relationships>", f"{relations}</Relationships>"),
    }
    return edited(files.word("last"), edits, parts)


def test_notes_of_a_word_file_stand_after_their_paragraph(read):
    body = (
        '<w:p><w:r><w:t>Rain</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:r><w:t> fell non</w:t><w:noBreakHyphen/><w:t>stop.</w:t></w:r>"
        '<w:del w:id="1"><w:r><w:delText>gone</w:delText></w:r></w:del>'
        '<w:r><w:endnoteReference w:id="2"/></w:r></w:p>'
    )
    text = read(word(body), "n.docx").pages[0].text
    assert lines(text) == [
        "Rain fell non-stop.",
        "Note: The footnote.",
        "Note: The endnote.",
        "last",
    ]


def test_a_cell_of_a_word_table_that_spans_others_names_each_of_them(read):
    cell = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>".format
    wide, begun, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        cell("", "Region") + cell(wide, "Sales"),
        cell(begun, "North") + cell("", "1") + cell("", "2"),
        cell(on, "") + cell("", "3") + cell("", "4"),
    ]
    controlled = f"<w:sdt><w:sdtContent><w:tr>{rows[2]}</w:tr></w:sdtContent></w:sdt>"
    table = f"<w:tbl><w:tr>{rows[0]}</w:tr><w:tr>{rows[1]}</w:tr>{controlled}</w:tbl>"
    found = lines(read(word(table), "t.docx").pages[0].text)
    assert found == ["Region | Sales | Sales", "North | 1 | 2", "North | 3 | 4", "last"]


def test_a_cell_of_a_sheet_that_spans_others_names_each_of_them(read):
    def cell(text: str, across: int = 1, down: int = 1) -> str:
        spans = f'table:number-columns-spanned="{across}" table:number-rows-spanned="{down}"'
        return f"<table:table-cell {spans}><text:p>{text}</text:p></table:table-cell>"

    covered = "<table:covered-table-cell/>"
    rows = [
        cell("All sales", 3) + covered * 2,
        cell("Region", 1, 2) + cell("2023", 2) + covered,
        covered + cell("Q1") + cell("Q2"),
    ]
    made = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    reading = read(office.odf("spreadsheet", f"<table:table>{made}</table:table>"), "s.ods")
    wanted = ["All sales", "Region | 2023 | 2023", "Region | Q1 | Q2"]
    assert lines(reading.pages[0].text) == wanted


def test_notes_and_text_boxes_of_an_old_word_file_are_read(read):
    text = "Body\x02.\rA note.\rRunning.\rIn a box.\r"
    data = office.old_word(text, parts=[7, 8, 9, 0, 0, 0, 10])
    assert lines(read(data, "n.doc").pages[0].text) == ["Body.", "A note.", "In a box."]


def show() -> pptx.presentation.Presentation:
    made = pptx.Presentation()
    made.slides.add_slide(made.slide_layouts[6])
    return made


def saved(made: pptx.presentation.Presentation) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_what_newer_programs_draw_on_a_slide_is_read_once(read):
    shape = (
        "<p:sp><p:nvSpPr><p:cNvPr id='9' name='x'/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>"
        "<p:txBody><a:bodyPr/><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>"
    ).format
    frame = (
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id='4' name='d'/><p:cNvGraphicFramePr/><p:nvPr/>"
        "</p:nvGraphicFramePr><p:xfrm/><a:graphic><a:graphicData uri='x'><d:relIds r:dm='rId7'"
        f" xmlns:d='{DRAWN}/diagram' xmlns:r='{RELATED}'/></a:graphicData></a:graphic></p:graphicFrame>"
    )
    ways = (
        "<m:AlternateContent xmlns:m='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<m:Choice Requires='a14'>{shape('new')}</m:Choice><m:Fallback>{shape('old')}</m:Fallback>"
        "</m:AlternateContent>"
    )
    point = "<d:pt modelId='{0}'><d:t><a:p><a:r><a:t>Step {0}</a:t></a:r></a:p></d:t></d:pt>".format
    diagram = f"<d:m xmlns:d='{DRAWN}/diagram' xmlns:a='{DRAWN}/main'>{point(1)}{point(2)}</d:m>"
    related = f"<Relationship Id='rId7' Type='{RELATED}/diagramData' Target='../diagrams/d.xml'/>"
    edits = {
        "ppt/slides/slide1.xml": ("</p:spTree>", f"{ways}{frame}</p:spTree>"),
        "ppt/slides/_rels/slide1.xml.rels": ("</Relationships>", f"{related}</Relationships>"),
    }
    data = edited(saved(show()), edits, {"ppt/diagrams/d.xml": diagram})
    assert lines(read(data, "d.pptx").pages[0].text) == ["new", "Step 1", "Step 2"]


def test_the_names_of_a_chart_s_axes_are_read(read):
    made = show()
    facts = CategoryChartData()
    facts.categories = ["East", "West"]
    facts.add_series("Sales", (1.5, 2))
    chart = made.slides[0].shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, 9, 9, facts).chart
    chart.chart_title.text_frame.text = "Growth"
    chart.value_axis.axis_title.text_frame.text = "Millions"
    wanted = ["Growth", "Millions", "Sales", "East | 1.5", "West | 2"]
    assert lines(read(saved(made), "c.pptx").pages[0].text) == wanted
