"""The numbers of lists and headings in OpenDocument, in texts and on slides."""

import pytest

from tests import files_office as office
from tests.documents.readers.reading import lines, read_bytes
from tests.documents.readers.word.test_numbering import told


@pytest.fixture
def read(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name)


NUMBERS = (
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" '
    'style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2" '
    'style:num-format="1" text:display-levels="2"/><text:list-level-style-number text:level="3" '
    'style:num-format="a" style:num-prefix="(" style:num-suffix=")" text:start-value="2"/>'
    '</text:list-style><text:list-style style:name="L2"><text:list-level-style-bullet '
    'text:level="1" text:bullet-char="&#57356;"/></text:list-style>'
)


def entries(*texts, style="", more="", first=""):
    """A list; what is no text is a list in the item of the text before it."""
    named = f'text:style-name="{style}"' if style else ""
    items = "".join(
        text
        if text.startswith("<")
        else f"</text:list-item><text:list-item><text:p>{text}</text:p>"
        for text in texts
    )
    inside = items.removeprefix("</text:list-item>").replace("list-item>", f"list-item{first}>", 1)
    return f"<text:list {named} {more}>{inside}</text:list-item></text:list>"


def test_the_lists_of_an_opendocument_have_their_numbers(read):
    inner = entries("by letter", "by fax")
    body = entries("Scope", "Term", entries("Notice", inner, "Renewal"), "Fees", style="L1")
    body += entries("one", style="L2") + entries("again", style="L1")
    body += entries("on", style="L1", more='text:continue-numbering="true"')
    body += entries("seven", "eight", style="L1", first=' text:start-value="7"')
    body += "<text:p>last</text:p>"
    assert told(read(office.odf("text", body, styles=NUMBERS), "c.odt")) == [
        "1. Scope",
        "2. Term",
        "2.1 Notice",
        "(b) by letter",
        "(c) by fax",
        "2.2 Renewal",
        "3. Fees",
        "• one",
        "1. again",
        "2. on",
        "7. seven",
        "8. eight",
    ]


def test_the_headings_of_an_opendocument_have_the_numbers_of_its_outline(read):
    levels = "".join(
        f'<text:outline-level-style text:level="{place}" style:num-format="{form}" '
        f'text:display-levels="{place}"/>'
        for place, form in enumerate(["1", "1", ""], start=1)
    )
    outline = f"<text:outline-style>{levels}</text:outline-style>"
    heading = '<text:h text:outline-level="{}" {}>{}</text:h>'.format
    body = heading(1, "", "Term") + heading(2, "", "Notice") + heading(2, "", "End")
    body += heading(3, "", "Plain") + heading(1, 'text:is-list-header="true"', "Annex")
    body += heading(1, "", "Fees") + heading(2, "", "<text:number>2.1</text:number> Due")
    reading = read(office.odf("text", body, styles=outline), "c.odt")
    assert [heading.text for heading in reading.pages[0].headings] == [
        "1 Term",
        "1.1 Notice",
        "1.2 End",
        "Plain",
        "Annex",
        "2 Fees",
        "2.1 Due",
    ]


def test_a_list_in_a_note_or_a_box_of_an_opendocument_has_its_numbers(read):
    box = f"<draw:frame><draw:text-box>{entries('boxed', style='L1')}</draw:text-box></draw:frame>"
    note = "<text:note><text:note-body><text:p>See</text:p>{}</text:note-body></text:note>".format
    on = 'text:continue-numbering="true"'
    body = entries("one" + note(entries("a", "b", style="L1")), style="L1")
    body += entries("two", style="L1", more=on)
    body += (
        f"<text:p>Plain{note(entries('c', style='L1', more=on))}{box}</text:p><text:p>end</text:p>"
    )
    assert told(read(office.odf("text", body, styles=NUMBERS), "c.odt")) == [
        "1. one",
        "Note: See",
        "1. a",
        "2. b",
        "2. two",
        "Plain",
        "1. boxed",
        "Note: See",
        "3. c",
    ]


def test_a_heading_that_was_deleted_is_not_counted(read):
    level = '<text:outline-level-style text:level="1" style:num-format="1"/>'
    gone = "<text:changed-region><text:deletion><text:h>Old</text:h></text:deletion>"
    body = f"<text:tracked-changes>{gone}</text:changed-region></text:tracked-changes>"
    body += "<text:h>Scope</text:h>"
    styles = f"<text:outline-style>{level}</text:outline-style>"
    reading = read(office.odf("text", body, styles=styles), "c.odt")
    assert lines(reading.pages[0].text) == ["1 Scope"]


def slide(*boxes):
    frame = "<draw:frame><draw:text-box>{}</draw:text-box></draw:frame>".format
    return f"<draw:page>{''.join(map(frame, boxes))}</draw:page>"


def test_the_numbers_of_slides_are_shown_and_their_bullets_are_not(read):
    inner = entries("by letter", "by fax")
    body = slide(entries("Scope", entries("Notice", inner), "Fees", style="L1"))
    body += slide(entries("point", "other", style="L2"))
    reading = read(office.odf("presentation", body, styles=NUMBERS), "c.odp")
    assert [lines(page.text) for page in reading.pages] == [
        ["1. Scope", "1.1 Notice", "(b) by letter", "(c) by fax", "2. Fees"],
        ["point", "other"],
    ]


def test_items_of_one_kind_count_on_in_a_box_of_a_slide_whatever_list_they_are_in(read):
    """As LibreOffice shows them: it begins a new list wherever the look of another level changes."""
    again = NUMBERS.replace('"L1"', '"L3"')
    later = (
        '<text:list-style style:name="L4"><text:list-level-style-number text:level="1" '
        'style:num-format="1" style:num-suffix="." text:start-value="5"/></text:list-style>'
    )
    box = (
        entries("one", "two", style="L1") + "<text:p>plain</text:p>" + entries("three", style="L3")
    )
    box += entries("point", style="L2") + entries("anew", style="L1") + entries("five", style="L4")
    box += entries("six", style="L3") + entries("nine", style="L3", first=' text:start-value="9"')
    other = entries("first", style="L1", more='text:continue-numbering="true"')
    styles = NUMBERS + again + later
    (page,) = read(office.odf("presentation", slide(box, other), styles=styles), "c.odp").pages
    assert lines(page.text) == [
        "1. one",
        "2. two",
        "plain",
        "3. three",
        "point",
        "1. anew",
        "5. five",
        "6. six",
        "9. nine",
        "1. first",
    ]
