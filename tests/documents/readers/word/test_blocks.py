import io

import docx as library
import openpyxl

from documents.readers.office import docx
from tests.documents.readers.word.making import NAMES, letter, page, paragraph, root, run, told

OLDER = 'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"'


def cell(text: str, about: str = "") -> str:
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{paragraph(text)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def test_a_row_that_begins_further_right_stays_in_its_columns():
    body = table(
        cell("Year") + cell("Rent") + cell("Deposit"),
        cell("2024") + cell("900") + cell("1800"),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("950") + cell("1900"),
    )
    assert told(body) == ["Year | Rent | Deposit", "2024 | 900 | 1800", " | 950 | 1900"]


def test_cells_that_older_programs_merged_are_told_in_each_column():
    across = '<w:hMerge w:val="restart"/>'
    body = table(
        cell("Region") + cell("Sales", across) + cell("", "<w:hMerge/>"),
        cell("North") + cell("1") + cell("2"),
    )
    assert told(body) == ["Region | Sales | Sales", "North | 1 | 2"]


def test_deleted_rows_are_gone_and_hidden_ones_say_so():
    body = table(
        cell("Room") + cell("Rent"),
        "<w:trPr><w:del w:id='1'/></w:trPr>" + cell("Attic") + cell("640"),
        "<w:trPr><w:hidden/></w:trPr>" + cell("Cellar") + cell("120"),
    )
    assert told(body) == ["Room | Rent", "[hidden: Cellar] | [hidden: 120]"]


def header(kind: str, *lines: str) -> tuple[str, str]:
    return kind, root("hdr" if kind == "header" else "ftr", "".join(map(paragraph, lines)))


def test_headers_and_footers_are_read_once_as_they_are_shown():
    parts = {
        "h1": header("header", "Contract KV-77"),
        "h2": header("header", "First page only"),
        "h3": header("header", "Never shown"),
        "f1": header("footer", "Page 3 of 7", "Confidential"),
        "h4": header("header", "Contract KV-77", "Annex"),
    }
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="h1"/>'
        '<w:headerReference w:type="first" r:id="h2"/><w:headerReference w:type="even" r:id="h3"/>'
        '<w:footerReference w:type="default" r:id="f1"/><w:titlePg/></w:sectPr>'
    )
    later = '<w:sectPr><w:headerReference w:type="default" r:id="h4"/></w:sectPr>'
    body = paragraph("One.", properties=section) + paragraph("Two.") + later
    wanted = ["Contract KV-77", "First page only", "Annex", "One.", "Two.", "Confidential"]
    assert told(body, parts) == wanted
    even = {"s": ("settings", root("settings", "<w:evenAndOddHeaders/>"))}
    assert "Never shown" in told(body, parts | even)


def drawn(inner: str, about: str = "", size: int = 9_000) -> str:
    extent = f'<wp:extent cx="{size}" cy="{size}"/>'
    shown = f"<a:graphic><a:graphicData>{inner}</a:graphicData></a:graphic>"
    inline = f'<wp:inline>{extent}<wp:docPr id="1" name="x" {about}/>{shown}</wp:inline>'
    return f"<w:r><w:drawing>{inline}</w:drawing></w:r>"


def test_charts_and_diagrams_are_read_where_they_stand():
    chart = (
        f"<c:chart {NAMES}><c:title><a:p><a:r><a:t>Visitors</a:t></a:r></a:p></c:title></c:chart>"
    )
    point = '<d:pt modelId="1"><d:t><a:p><a:r><a:t>Open the gate</a:t></a:r></a:p></d:t></d:pt>'
    parts = {
        "c1": ("chart", chart),
        "d1": ("diagramData", f"<d:dataModel {NAMES}>{point}</d:dataModel>"),
    }
    body = (
        paragraph(run("See."), drawn('<c:chart r:id="c1"/>'))
        + paragraph(drawn('<d:relIds r:dm="d1"/>'))
        + paragraph("After.")
    )
    assert told(body, parts) == ["See.", "Visitors", "Open the gate", "After."]


def test_what_an_author_says_of_a_picture_is_read():
    picture = "<pic:pic/>"
    body = (
        paragraph(drawn(picture, 'descr="The gate is beside the oak&#10;AI-generated content"'))
        + paragraph(drawn(picture, 'descr="IMG_0012.jpg"'))
        + paragraph("End.")
    )
    assert told(body) == ["Picture: The gate is beside the oak", "End."]


def test_pictures_and_objects_that_nobody_could_read_are_counted():
    body = (
        paragraph(drawn("<pic:pic/>", size=2_000_000))
        + paragraph(drawn("<pic:pic/>", size=2_000))
        + paragraph(drawn('<c:chart r:id="none"/>'))
        + paragraph('<w:r><w:object><o:OLEObject ProgID="Equation.3" r:id="e"/></w:object></w:r>')
        + paragraph("End.")
    )
    assert page(body).unread == ("picture", "chart", "formula")


def test_a_sheet_in_a_letter_is_read():
    book = openpyxl.Workbook()
    book.active.append(["Hull", 31000])
    out = io.BytesIO()
    book.save(out)
    body = paragraph(
        '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12" r:id="x"/></w:object></w:r>'
    )
    assert "Hull | 31000" in told(body, {"x": ("package", out.getvalue())})


BOX = "<w:txbxContent>{}</w:txbxContent>"


def test_a_text_box_is_read_once_however_it_is_drawn():
    new, old = BOX.format(paragraph("Boxed")), BOX.format(paragraph("As before"))
    ways = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{new}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{old}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    only_old = ways.replace(new, "")
    body = paragraph(run("Before."), f"<w:r>{ways}</w:r>") + paragraph(f"<w:r>{only_old}</w:r>")
    assert told(body) == ["Before.", "Boxed", "As before"]


def test_pieces_of_other_formats_are_read_where_they_stand():
    made = library.Document()
    made.add_paragraph("From Word.")
    out = io.BytesIO()
    made.save(out)
    web = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        "<p>K=C3=B6ln</p>\n--x--\n"
    )
    parts = {
        "a": ("aFChunk", "<html><body><h1>Minutes</h1><p>The board.</p></body></html>"),
        "b": ("subDocument", web),
        "c": ("package", out.getvalue()),
        "d": ("frame", "Plain words."),
        "e": ("video", r"{\rtf1 In \b RTF\b0 .}"),
        "f": (
            "audio",
            f"<w:wordDocument {OLDER}><w:body>{paragraph('Older.')}</w:body></w:wordDocument>",
        ),
    }
    kinds = {
        "audio": "application/xml",
        "subDocument": "message/rfc822",
        "frame": "text/plain",
        "package": "application/docx",
    }
    body = "".join(f'<w:altChunk r:id="{key}"/>' for key in parts)
    wanted = ["Minutes", "The board.", "Köln", "From Word.", "Plain words.", "In RTF.", "Older."]
    assert told(body, parts, kinds=kinds) == wanted
    assert [each.text for each in page(body, parts, kinds=kinds).headings] == ["Minutes"]


def test_links_in_notes_are_those_of_the_notes():
    note = paragraph('<w:hyperlink r:id="rId1"><w:r><w:t>Source</w:t></w:r></w:hyperlink>')
    parts = {"f": ("footnotes", root("footnotes", f'<w:footnote w:id="2">{note}</w:footnote>'))}
    body = paragraph(run("Text"), '<w:r><w:footnoteReference w:id="2"/></w:r>')
    links = {"rId1": "https://wrong.example.org"}
    assert told(body, parts, links) == ["Text", "Note: Source"]


def test_all_pictures_of_a_group_are_described():
    group = '<pic:pic><pic:cNvPr descr="The gate"/></pic:pic><pic:pic><pic:cNvPr descr="The oak"/></pic:pic>'
    assert told(paragraph(drawn(group, 'descr="The gate"'))) == [
        "Picture: The gate",
        "Picture: The oak",
    ]


def test_a_watermark_is_read():
    mark = '<w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r>'
    parts = {"h1": ("header", root("hdr", paragraph(mark)))}
    body = (
        paragraph("One.") + '<w:sectPr><w:headerReference w:type="default" r:id="h1"/></w:sectPr>'
    )
    assert told(body, parts) == ["DRAFT", "One."]


def test_files_in_files_in_files_end():
    data = letter(paragraph("Innermost."))
    for depth in range(6):
        body = paragraph(f"Level {depth}.") + '<w:altChunk r:id="a"/>'
        data = letter(body, {"a": ("aFChunk", data)})
    [read] = docx.parse(io.BytesIO(data)).pages
    assert "Level 3." in read.text
    assert "Innermost." not in read.text
    assert "Level 5." in read.text
