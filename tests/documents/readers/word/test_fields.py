import io

import docx as library
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from documents.readers.office import docx
from tests.documents.readers.word.making import NAMES, OFFICE, paragraph, run, told


def form(data: str, instruction: str, result: str = "") -> str:
    kind = '<w:r><w:fldChar w:fldCharType="{}">{}</w:fldChar></w:r>'.format
    shown = f"{kind('separate', '')}{run(result)}" if result else ""
    begun = kind("begin", f"<w:ffData>{data}</w:ffData>" if data else "")
    return f"{begun}<w:r><w:instrText>{instruction}</w:instrText></w:r>{shown}{kind('end', '')}"


@pytest.mark.parametrize(
    ("data", "box"),
    [
        ("<w:checked/>", "☑"),
        ('<w:default w:val="1"/>', "☑"),
        ('<w:default w:val="1"/><w:checked w:val="0"/>', "☐"),
        ("", "☐"),
    ],
)
def test_a_box_of_an_old_form_is_ticked_or_empty(data, box):
    body = paragraph(form(f"<w:checkBox>{data}</w:checkBox>", " FORMCHECKBOX "), run(" yes"))
    assert told(body) == [f"{box} yes"]


def test_the_choice_of_an_old_form_is_told_once():
    entries = "".join(f'<w:listEntry w:val="{word}"/>' for word in ("Meat", "Fish", "Nuts"))
    chosen = f'<w:ddList><w:result w:val="2"/>{entries}</w:ddList>'
    assert told(paragraph(run("Meal: "), form(chosen, "FORMDROPDOWN", "Nuts"))) == ["Meal: Nuts"]
    first = f"<w:ddList>{entries}</w:ddList>"
    assert told(paragraph(run("Meal: "), form(first, "FORMDROPDOWN"))) == ["Meal: Meat"]


def test_the_text_of_an_old_form_is_read():
    body = paragraph(run("Name: "), form("<w:textInput/>", "FORMTEXT", "Robin"))
    assert told(body) == ["Name: Robin"]


def test_what_a_field_only_makes_use_of_is_not_text():
    kind = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    inner = form("", "PAGE", "7")
    body = paragraph(kind("begin"), inner, kind("separate"), run("Page seven"), kind("end"))
    assert told(body) == ["Page seven"]


def controlled(about: str, content: str) -> str:
    return f"<w:sdt><w:sdtPr>{about}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


@pytest.mark.parametrize(
    ("state", "shown", "box"), [("1", "☒", "☒"), ("0", "☐", "☐"), ("1", "X", "☑"), ("0", "", "☐")]
)
def test_a_box_that_is_a_control_is_ticked_or_empty(state, shown, box):
    about = f'<w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox>'
    assert told(paragraph(controlled(about, run(shown)), run(" yes"))) == [f"{box} yes"]


def test_the_text_of_a_placeholder_is_nobody_s():
    about = "<w:showingPlcHdr/><w:dropDownList/>"
    body = (
        paragraph(run("Size: "), controlled(about, run("Choose an item.")))
        + controlled("<w:showingPlcHdr/>", paragraph("Click here."))
        + controlled("<w:date/>", paragraph("14 June 2026"))
    )
    assert told(body) == ["Size: ", "14 June 2026"]


def test_links_tell_where_they_lead():
    link = '<w:hyperlink r:id="{}">{}</w:hyperlink>'.format
    body = (
        paragraph(run("The form is "), link("one", run("here")), run("."))
        + paragraph(link("one", run("portal.example.org/b")))
        + paragraph(link("two", run("Write")))
        + paragraph(form("", ' HYPERLINK "https://example.net/x" ', "There"))
    )
    links = {"one": "https://portal.example.org/b", "two": "mailto:office@example.org?subject=a"}
    assert told(body, links=links) == [
        "The form is here (https://portal.example.org/b).",
        "portal.example.org/b",
        "Write (office@example.org)",
        "There (https://example.net/x)",
    ]


@pytest.mark.parametrize(
    ("instruction", "seen"),
    [
        (r" EQ \f(3;4) ", "3/4"),
        (r"eq 10\s\up8(-6)", "10^-6"),
        (r"EQ \r(16)", "√16"),
        (r"EQ \r(3,a+b)", "∛(a+b)"),
        (r"EQ \f(a\,b;\r(2))", "(a,b)/(√2)"),
        (r"EQ x\s\do4(1)=\f(1;2)", "x1=1/2"),
        (r"EQ \i\su(i=1;n;i)", "∑_(i=1)^n i"),
        (r"EQ \f(3", "3"),
        (r' SYMBOL 163 \f "Symbol" \s 12', "≤"),
        (r"SYMBOL 0xF0FE \f Wingdings", "☑"),
    ],
)
def test_what_a_field_draws_without_text_is_read(instruction, seen):
    assert told(paragraph(run("is "), form("", instruction), run(" of it"))) == [f"is {seen} of it"]


def test_a_control_shows_the_data_that_it_is_bound_to():
    made = library.Document()
    made.add_paragraph("Customer: ")
    path = '<w:dataBinding w:xpath="/n:order[1]/n:name[1]" w:storeItemID="{A1}"/>'
    control = controlled(f"<w:showingPlcHdr/>{path}", run("Click here."))
    made.paragraphs[0]._p.append(
        etree.fromstring(control.replace("<w:sdt>", f"<w:sdt {NAMES}>", 1))
    )
    item = Part(
        PackURI("/customXml/item7.xml"), "application/xml", b"<order><name>Robin</name></order>"
    )
    schema = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    about = f'<d:datastoreItem d:itemID="{{a1}}" xmlns:d="{schema}"/>'.encode()
    props = Part(PackURI("/customXml/itemProps7.xml"), "application/xml", about)
    item.relate_to(props, f"{OFFICE}/relationships/customXmlProps")
    made.part.relate_to(item, f"{OFFICE}/relationships/customXml")
    out = io.BytesIO()
    made.save(out)
    [page] = docx.parse(out).pages
    assert page.text.strip() == "Customer: Robin"
