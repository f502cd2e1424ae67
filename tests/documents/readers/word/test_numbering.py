"""The numbers of lists and headings, which a word processor counts and does not write down."""

import pytest

from tests.documents.readers.office.test_docx import RELATED, WORD, edited, files
from tests.documents.readers.reading import lines, read_bytes


@pytest.fixture
def read(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name)


def level(number, form, text, more="", start=1):
    how = f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
    return f'<w:lvl w:ilvl="{number}">{how}<w:lvlText w:val="{text}"/></w:lvl>'


def item(text, of=None, depth=None, style=""):
    """A paragraph, on that level of the numbering `of`."""
    deep = "" if depth is None else f'<w:ilvl w:val="{depth}"/>'
    numbered = "" if of is None else f'<w:numPr>{deep}<w:numId w:val="{of}"/></w:numPr>'
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    said = f"<w:r><w:t>{text}</w:t></w:r>" if text else ""
    return f"<w:p><w:pPr>{styled}{numbered}</w:pPr>{said}</w:p>"


def word(body, schemes, numbers=None, styles="", notes=()):
    """A .docx whose numbering `n` is that of the n-th of `schemes`, unless `numbers` says more.

    `notes` are footnotes 0, 1 and so on, and endnotes too.
    """
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{place}">{levels}</w:abstractNum>'
        for place, levels in enumerate(schemes, start=1)
    )
    usual = "".join(
        f'<w:num w:numId="{place}"><w:abstractNumId w:val="{place}"/></w:num>'
        for place in range(1, len(schemes) + 1)
    )
    numbering = f"<w:numbering {WORD}>{abstract}{numbers or usual}</w:numbering>"
    relation = f'<Relationship Id="xn" Type="{RELATED}/numbering" Target="numbers.xml"/>'
    edits = {
        "word/document.xml": ("<w:body>", f"<w:body>{body}"),
        "word/styles.xml": ("</w:styles>", f"{styles}</w:styles>"),
    }
    data = edited(files.word("last"), edits, {"word/numbers.xml": numbering})
    old = f'Type="{RELATED}/numbering" Target="numbering.xml"'
    with_ours = {"word/_rels/document.xml.rels": (old, f'Type="{RELATED}/x" Target="settings.xml"')}
    data = edited(data, with_ours, {})
    ends = {"word/_rels/document.xml.rels": ("</Relationships>", f"{relation}</Relationships>")}
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
    declared = f'<Override PartName="/word/numbers.xml" ContentType="{kind}"/></Types>'
    data = edited(data, ends | {"[Content_Types].xml": ("</Types>", declared)}, {})
    return noted(data, notes) if notes else data


def noted(data, notes):
    """The .docx with these as footnotes and, once more, as endnotes."""
    parts, relations = {}, ""
    for kind in ("footnote", "endnote"):
        made = (f'<w:{kind} w:id="{at}">{note}</w:{kind}>' for at, note in enumerate(notes))
        parts[f"word/{kind}s.xml"] = f"<w:{kind}s {WORD}>{''.join(made)}</w:{kind}s>"
        relations += f'<Relationship Id="{kind}" Type="{RELATED}/{kind}s" Target="{kind}s.xml"/>'
    ends = {"word/_rels/document.xml.rels": ("</Relationships>", f"{relations}</Relationships>")}
    return edited(data, ends, parts)


def told(reading):
    return lines(reading.pages[0].text)[:-1]


CLAUSES = (
    level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2") + level(2, "lowerLetter", "(%3)")
)


def test_the_clauses_of_a_contract_have_their_numbers(read):
    body = item("Scope", 1, 0) + item("Term", 1, 0) + item("Notice", 1, 1) + item("Renewal", 1, 1)
    body += (
        item("by letter", 1, 2) + item("by fax", 1, 2) + item("End", 1, 1) + item("as such", 1, 2)
    )
    body += item("Fees", 1, 0) + item("Due", 1, 1) + item("not numbered")
    assert told(read(word(body, [CLAUSES]), "c.docx")) == [
        "1. Scope",
        "2. Term",
        "2.1 Notice",
        "2.2 Renewal",
        "(a) by letter",
        "(b) by fax",
        "2.3 End",
        "(a) as such",
        "3. Fees",
        "3.1 Due",
        "not numbered",
    ]


@pytest.mark.parametrize(
    ("form", "labels"),
    [
        ("decimal", ["3", "4"]),
        ("decimalZero", ["03", "04"]),
        ("lowerLetter", ["c", "d"]),
        ("upperLetter", ["C", "D"]),
        ("lowerRoman", ["iii", "iv"]),
        ("upperRoman", ["III", "IV"]),
        ("ordinal", ["3rd", "4th"]),
        ("aRareOne", ["3", "4"]),
    ],
)
def test_numbers_are_written_in_the_form_that_is_asked_for(read, form, labels):
    schemes = [level(0, form, "&#167; %1)", start=3)]
    found = told(read(word(item("a", 1) + item("b", 1), schemes), "c.docx"))
    assert found == [f"§ {labels[0]}) a", f"§ {labels[1]}) b"]


def test_letters_go_on_after_the_last_one(read):
    schemes = [level(0, "lowerLetter", "%1.", start=26)]
    assert told(read(word(item("x", 1) + item("y", 1), schemes), "c.docx")) == ["z. x", "aa. y"]


def test_a_bullet_is_one_whatever_font_it_is_drawn_with(read):
    schemes = [level(0, "bullet", "&#61623;") + level(1, "bullet", "o") + level(2, "none", "")]
    body = item("one", 1, 0) + item("two", 1, 1) + item("three", 1, 2)
    assert told(read(word(body, schemes), "c.docx")) == ["• one", "• two", "three"]


def test_lists_of_one_kind_count_on_unless_they_start_anew(read):
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{}"/></w:lvlOverride>'.format
    numbers = "".join(
        f'<w:num w:numId="{place}"><w:abstractNumId w:val="1"/>{more}</w:num>'
        for place, more in enumerate(["", "", again(1), again(7)], start=1)
    )
    body = "".join(item("x", of) for of in (1, 1, 2, 3, 3, 1, 4, 4))
    found = told(read(word(body, [level(0, "decimal", "%1")], numbers), "c.docx"))
    assert [each.split()[0] for each in found] == ["1", "2", "3", "1", "2", "3", "7", "8"]


def test_an_item_above_that_is_not_there_is_counted(read):
    levels = level(0, "upperLetter", "%1.") + level(1, "decimal", "%1.%2")
    body = item("x", 1, 1) + item("y", 1, 1) + item("z", 1, 0)
    assert told(read(word(body, [levels]), "c.docx")) == ["A.1 x", "A.2 y", "B. z"]


def test_a_level_restarts_as_it_is_told(read):
    never = level(0, "decimal", "%1.") + level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>')
    body = item("a", 1, 0) + item("b", 1, 1) + item("c", 1, 0) + item("d", 1, 1)
    assert told(read(word(body, [never]), "c.docx")) == ["1. a", "1) b", "2. c", "2) d"]


def test_legal_numbering_writes_the_levels_above_in_figures(read):
    levels = level(0, "upperRoman", "Article %1") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    body = item("Scope", 1, 0) + item("Goods", 1, 1)
    assert told(read(word(body, [levels]), "c.docx")) == ["Article I Scope", "1.1 Goods"]


def test_headings_numbered_by_their_style_have_their_number_in_the_path(read):
    def style(name, depth, based=""):
        deep = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>'
        return (
            f'<w:style w:type="paragraph" w:styleId="{name}">{based}<w:pPr>{deep}'
            f'<w:outlineLvl w:val="{depth}"/></w:pPr></w:style>'
        )

    own = '<w:style w:type="paragraph" w:styleId="Own"><w:basedOn w:val="Sub"/></w:style>'
    body = item("Term", style="Top") + item("Notice", style="Sub") + item("More", style="Own")
    body += item("Not this", 0, style="Sub")
    reading = read(word(body, [CLAUSES], styles=style("Top", 0) + style("Sub", 1) + own), "c.docx")
    headings = [(heading.level, heading.text) for heading in reading.pages[0].headings]
    assert headings == [(1, "1. Term"), (2, "1.1 Notice"), (2, "1.2 More"), (2, "Not this")]


def test_a_style_that_a_level_names_is_on_that_level(read):
    levels = CLAUSES.replace('<w:lvl w:ilvl="1">', '<w:lvl w:ilvl="1"><w:pStyle w:val="Sub"/>')
    deep = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = f'<w:style w:type="paragraph" w:styleId="Sub">{deep}</w:style>'
    body = item("Term", 1, 0) + item("Notice", style="Sub")
    assert told(read(word(body, [levels], styles=styles), "c.docx")) == ["1. Term", "1.1 Notice"]


def test_what_was_deleted_is_not_counted_and_an_empty_item_has_no_line(read):
    mark = "<w:pPr><w:rPr><w:del/></w:rPr>"
    gone = item("", 1).replace("<w:pPr>", mark)
    body = item("a", 1) + gone + item("b", 1) + item("", 1) + item("d", 1)
    assert told(read(word(body, [level(0, "decimal", "%1")]), "c.docx")) == ["1 a", "2 b", "4 d"]


@pytest.mark.parametrize(
    "levels",
    [
        level(0, "lowerLetter", "%1", start=99999999999999),
        level(0, "upperRoman", "%1" * 50_000, start=999999999),
        level(0, "decimal", "%1%9%0", start=-1),
        '<w:numStyleLink w:val="none"/>',
        '<w:lvl w:ilvl="x"/>',
    ],
)
def test_numbering_that_makes_no_sense_costs_nothing(read, levels):
    found = told(read(word(item("a", 1), [levels]), "c.docx"))
    assert len(found) == 1
    assert found[0].endswith("a")
    assert len(found[0]) < 1_000


def test_a_list_goes_on_from_note_to_note_and_leaves_those_of_the_text_alone(read):
    def pointing(*notes):
        marks = "".join(f'<w:{kind}Reference w:id="{at}"/>' for kind, at in notes)
        return f"<w:p><w:r><w:t>see</w:t>{marks}</w:r></w:p>"

    body = item("one", 1) + pointing(("footnote", 1)) + item("two", 1)
    body += pointing(("footnote", 0), ("endnote", 0)) + item("three", 1)
    notes = [item("of the second", 1), item("of the first", 1) + item("more", 1)]
    found = told(read(word(body, [level(0, "decimal", "%1.")], notes=notes), "c.docx"))
    assert found == [
        "1. one",
        "see",
        "Note: 1. of the first",
        "2. more",
        "2. two",
        "see",
        "Note: 3. of the second",
        "Note: 1. of the second",
        "3. three",
    ]


def test_a_level_of_signs_has_no_number_in_the_labels_below_it(read):
    scheme = level(0, "bullet", "x") + level(1, "decimal", "%1.%2")
    assert told(read(word(item("a", 1, 0) + item("b", 1, 1), [scheme]), "c.docx")) == [
        "\u2022 a",
        ".1 b",
    ]
