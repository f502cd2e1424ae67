import pytest

from tests.documents.readers.word.making import page, paragraph, root, run, told

RAISED, LOWERED = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
WINGDINGS = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'


def styled(*styles: tuple[str, str, str]) -> dict[str, tuple[str, str]]:
    """Of a type, an id and what it has inside."""
    made = "".join(
        f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{key}"/>{inner}</w:style>'
        for kind, key, inner in styles
    )
    return {"styles": ("styles", root("styles", made))}


def test_symbols_are_what_their_font_draws():
    body = paragraph(
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
        run(" yes "),
        run("\uf0a8", WINGDINGS),
        run(" no, "),
        run("o", '<w:rStyle w:val="Box"/>'),
        run(" perhaps, at most "),
        '<w:r><w:sym w:font="Symbol" w:char="00A3"/></w:r>',
        run("5"),
    )
    box = styled(("character", "Box", f"<w:rPr>{WINGDINGS}</w:rPr>"))
    assert told(body, box) == ["☑ yes ☐ no, ☐ perhaps, at most ≤5"]


def test_raised_figures_never_fuse_with_those_before_them():
    body = paragraph(
        run("10"),
        run("6", RAISED),
        run(" cells on 25 m"),
        run("2", RAISED),
        run("; 1,234"),
        run("1", RAISED),
        run("2", RAISED),
        run(" of CO"),
        run("2", LOWERED),
        run(" and 10"),
        run("-9", '<w:position w:val="8"/>'),
    )
    assert told(body) == ["10^6 cells on 25 m^2; 1,234 12 of CO2 and 10^-9"]


def test_figures_are_raised_by_a_style_too():
    parts = styled(
        ("character", "Ref", f"<w:rPr>{RAISED}</w:rPr>"),
        ("character", "Mark", '<w:basedOn w:val="Ref"/>'),
    )
    assert told(paragraph(run("2025"), run("4", '<w:rStyle w:val="Mark"/>')), parts) == ["2025 4"]


@pytest.mark.parametrize("strike", ["<w:strike/>", '<w:dstrike w:val="true"/>'])
def test_struck_text_is_left_out(strike):
    body = paragraph(run("It costs "), run("18 euros", strike), run(" 23 euros."))
    assert told(body) == ["It costs 23 euros."]
    assert told(paragraph(run("Kept."), run(" Too.", '<w:strike w:val="0"/>'))) == ["Kept. Too."]


def test_text_that_is_struck_by_its_style_is_left_out():
    parts = styled(("paragraph", "Old", "<w:rPr><w:strike/></w:rPr>"))
    body = paragraph("gone", properties='<w:pStyle w:val="Old"/>') + paragraph("there")
    assert told(body, parts) == ["there"]


def test_hidden_text_says_that_it_is_hidden():
    parts = styled(
        ("paragraph", "Notes", "<w:rPr><w:vanish/></w:rPr>"),
        ("character", "Shown", '<w:rPr><w:vanish w:val="0"/></w:rPr>'),
    )
    body = (
        paragraph(run("The award is 5. "), run("It is 1.", "<w:vanish/>"), run(" Right."))
        + paragraph("All of it.", properties='<w:pStyle w:val="Notes"/>')
        + paragraph(
            run("But this.", '<w:rStyle w:val="Shown"/>'), properties='<w:pStyle w:val="Notes"/>'
        )
    )
    assert told(body, parts) == [
        "The award is 5. [hidden: It is 1.] Right.",
        "[hidden: All of it.]",
        "But this.",
    ]


def test_small_elements_keep_words_apart_or_together():
    body = paragraph(
        run("date"),
        "<w:r><w:ptab w:alignment='right'/></w:r>",
        run("14 June, co"),
        "<w:r><w:softHyphen/></w:r>",
        run("operate, B"),
        "<w:r><w:noBreakHyphen/></w:r>",
        run("9 "),
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>とう</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>東</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        run("京"),
    )
    assert told(body) == ["date\t14 June, cooperate, B-9 東京"]


def test_formulas_are_read_in_their_sentence():
    fraction = (
        "<m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f>"
    )
    assert told(paragraph(run("They get "), f"<m:oMath>{fraction}</m:oMath>", run(" of it."))) == [
        "They get 3/4 of it."
    ]


def test_paragraphs_whose_end_was_deleted_are_one():
    mark = "<w:rPr><w:del w:id='1'/></w:rPr>"
    moved = "<w:moveFrom w:id='2'><w:r><w:t>Moved.</w:t></w:r></w:moveFrom>"
    body = (
        paragraph("Notice is six ", properties=mark)
        + paragraph("months.")
        + f"<w:p>{moved}</w:p>"
        + f"<w:p>{moved.replace('moveFrom', 'moveTo')}</w:p>"
    )
    assert told(body) == ["Notice is six months.", "Moved."]


def test_an_outline_level_makes_a_heading():
    parts = styled(("paragraph", "Heading1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'))
    body = (
        paragraph("Herons", properties='<w:outlineLvl w:val="1"/>')
        + paragraph("Text.")
        + paragraph("Storks", properties='<w:pStyle w:val="Heading1"/>')
        + paragraph("Not one", properties='<w:pStyle w:val="Heading1"/><w:outlineLvl w:val="9"/>')
    )
    found = [(heading.level, heading.text) for heading in page(body, parts).headings]
    assert found == [(2, "Herons"), (1, "Storks")]


def test_a_number_goes_with_the_text_that_it_counts():
    parts = {
        "numbering": (
            "numbering",
            root(
                "numbering",
                '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
                '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
                '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>',
            ),
        )
    }
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = (
        paragraph(run("Seen."), properties=numbered)
        + paragraph(run("Struck.", "<w:strike/>"), properties=numbered)
        + paragraph(run("Unseen.", "<w:vanish/>"), properties=numbered)
    )
    assert told(body, parts) == ["1. Seen.", "[hidden: 3. Unseen.]"]


def test_bullets_that_are_boxes_say_whether_they_are_ticked():
    def kind(key: int, code: str, font: str) -> str:
        fonts = f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>'
        level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="{code}"/>{fonts}</w:lvl>'
        abstract = f'<w:abstractNum w:abstractNumId="{key}">{level}</w:abstractNum>'
        return abstract + f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>'

    marks = (("\uf0a8", "Wingdings"), ("\uf052", "Wingdings 2"), ("\uf0b7", "Symbol"))
    made = "".join(kind(key, *mark) for key, mark in enumerate(marks, start=1))
    body = "".join(
        paragraph(
            "Milk", properties=f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{key}"/></w:numPr>'
        )
        for key in (1, 2, 3)
    )
    parts = {"numbering": ("numbering", root("numbering", made))}
    assert told(body, parts) == ["☐ Milk", "☑ Milk", "• Milk"]
