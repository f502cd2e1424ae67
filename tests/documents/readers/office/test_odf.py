import pytest

from tests.documents.readers.reading import lines, read_bytes

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (
        *(("office", "office"), ("text", "text"), ("style", "style"), ("table", "table")),
        *(("draw", "drawing"), ("form", "form"), ("chart", "chart"), ("svg", "svg-compatible")),
    )
)
OTHERS = (
    ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:field="urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"'
    ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
STYLES = (
    '<office:font-face-decls><style:font-face style:name="S1" svg:font-family="Symbol"/>'
    "</office:font-face-decls><office:automatic-styles>"
    '<style:style style:name="V" style:family="text"><style:text-properties text:display="none"/>'
    '</style:style><style:style style:name="Up" style:family="text">'
    '<style:text-properties style:text-position="33% 58%"/></style:style>'
    '<style:style style:name="Down" style:family="text">'
    '<style:text-properties style:text-position="-33% 58%"/></style:style>'
    '<style:style style:name="Out" style:family="text">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="In" style:family="text" style:parent-style-name="Out">'
    '<style:text-properties style:text-line-through-style="none"/></style:style>'
    '<style:style style:name="Sy" style:family="text">'
    '<style:text-properties style:font-name="S1"/></style:style>'
    '<style:style style:name="P" style:family="paragraph" style:master-page-name="Other"/>'
    "</office:automatic-styles>"
)


@pytest.fixture
def read(tmp_path):
    def read(body, more="", name="a.fodt"):
        data = (
            f'<?xml version="1.0"?>\n<office:document {SPACES}{OTHERS}>{STYLES}{more}<office:body>'
            f"<office:text>{body}</office:text></office:body></office:document>"
        )
        return lines(read_bytes(tmp_path, data.encode(), name).pages[0].text)

    return read


@pytest.mark.parametrize(
    ("paragraph", "shown"),
    [
        ('Nets<text:s text:c="2"/>are <text:span>forbid</text:span>den', "Nets are forbidden"),
        ("Nets\n   are\nforbidden", "Nets are forbidden"),
        ('Seen. <text:span text:style-name="V">Not so.</text:span>', "Seen. [hidden: Not so.]"),
        ('10<text:span text:style-name="Up">6</text:span> cells', "10^6 cells"),
        ('CO<text:span text:style-name="Down">2</text:span>', "CO2"),
        ('<text:span text:style-name="Out">18</text:span> 23 euros', " 23 euros"),
        ('<text:span text:style-name="In">18</text:span> euros', "18 euros"),
        ('<text:span text:style-name="Sy">\uf0a3</text:span> 5', "\u2264 5"),
        (
            'See <text:a xlink:href="https://x.example/B">it</text:a>',
            "See it (https://x.example/B)",
        ),
        ('See <text:a xlink:href="#Nets">there</text:a>', "See there"),
        (
            (
                "<text:ruby><text:ruby-base>\u6771</text:ruby-base><text:ruby-text>to</text:ruby-text>"
                "</text:ruby>"
            ),
            "\u6771",
        ),
        (
            '<text:hidden-text text:is-hidden="true" text:string-value="Secret"/> Seen',
            "[hidden: Secret] Seen",
        ),
    ],
)
def test_letters_of_an_open_document_are_told_as_they_are_set(read, paragraph, shown):
    assert read(f"<text:p>{paragraph}</text:p>") == [shown]


def test_a_section_that_is_hidden_says_so_in_each_of_its_lines(read):
    table = "<table:table><table:table-row>" + 2 * (
        "<table:table-cell><text:p>b</text:p></table:table-cell>"
    )
    body = (
        '<text:section text:display="none"><text:p>One. Two.</text:p>'
        f"{table}</table:table-row></table:table></text:section><text:p>Seen</text:p>"
    )
    assert read(body) == ["[hidden: One. Two.]", "[hidden: b] | [hidden: b]", "Seen"]


FORMS = (
    '<office:forms><form:form><form:checkbox form:id="c1" form:current-state="checked"/>'
    '<form:radio form:id="c2" form:label="by rail"/><form:listbox form:id="c3">'
    '<form:option form:label="Fish"/><form:option form:label="Egg" form:current-selected="true"/>'
    '</form:listbox><form:text form:id="c4" form:current-value="Robin"/></form:form></office:forms>'
)


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ('<field:fieldmark field:type="x.FORMCHECKBOX"/>', "\u2610"),
        (
            (
                '<field:fieldmark field:type="x.FORMCHECKBOX">'
                '<field:param field:name="Checkbox_Checked" field:value="true"/></field:fieldmark>'
            ),
            "\u2611",
        ),
        (
            (
                '<field:fieldmark field:type="x.FORMDROPDOWN">'
                '<field:param field:name="Dropdown_ListEntry" field:value="Fish"/>'
                '<field:param field:name="Dropdown_ListEntry" field:value="Egg"/>'
                '<field:param field:name="Dropdown_Selected" field:value="1"/></field:fieldmark>'
            ),
            "Egg",
        ),
        (
            '<field:fieldmark-start field:type="x.FORMTEXT"/>Robin<field:fieldmark-end/>',
            "Robin",
        ),
        (
            (
                '<loext:content-control loext:checkbox="true" loext:checked="true">\u2612'
                "</loext:content-control>"
            ),
            "\u2612",
        ),
        (
            '<loext:content-control loext:showing-place-holder="true">Click</loext:content-control>',
            "",
        ),
        (
            (
                '<text:drop-down><text:label text:value="Fish"/><text:label text:value="Egg" '
                'text:current-selected="true"/>Egg</text:drop-down>'
            ),
            "Egg",
        ),
        ('<draw:control draw:control="c1"/>', "\u2611"),
        ('<draw:control draw:control="c2"/>', "\u2610 by rail"),
        ('<draw:control draw:control="c3"/>', "Egg"),
        ('<draw:control draw:control="c4"/>', "Robin"),
    ],
)
def test_fields_and_controls_say_what_was_filled_in(read, field, shown):
    assert read(f"{FORMS}<text:p>Is: {field}.</text:p>") == [f"Is: {shown}."]


MATH = (
    '<draw:frame><draw:object>\n<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mn>3</mn>'
    "<mn>4</mn></mfrac></math></draw:object></draw:frame>"
)


def test_a_formula_stands_in_its_sentence(read):
    assert read(f"<text:p>They get {MATH} of it.</text:p>") == ["They get 3/4 of it."]


def test_a_chart_is_told_with_its_table_and_a_picture_with_what_is_said_of_it(read):
    rows = "".join(
        f"<table:table-row><table:table-cell><text:p>{name}</text:p></table:table-cell>"
        f"<table:table-cell><text:p>{count}</text:p></table:table-cell></table:table-row>"
        for name, count in (("Season", "Guests"), ("Spring", "4310"))
    )
    chart = (
        f"<draw:frame><draw:object><office:document><office:body><office:chart><chart:chart>"
        f"<chart:title><text:p>Visitors</text:p></chart:title><table:table>{rows}</table:table>"
        f"</chart:chart></office:chart></office:body></office:document></draw:object></draw:frame>"
    )
    picture = "<draw:frame><draw:image/><svg:desc>Map of the pond</svg:desc></draw:frame>"
    assert read(f"<text:p>See.{chart}{picture}</text:p>") == [
        *("See.", "Visitors", "Season | Guests", "Spring | 4310", "Picture: Map of the pond"),
    ]


def test_a_large_picture_without_words_is_not_read(tmp_path):
    data = (
        f"<office:document {SPACES}><office:body><office:text><text:p>A<draw:frame "
        'svg:width="2in" svg:height="40mm"><draw:image/></draw:frame></text:p></office:text>'
        "</office:body></office:document>"
    )
    assert read_bytes(tmp_path, data.encode(), "a.xml").pages[0].unread == ("picture",)


def test_headers_and_footers_of_the_pages_that_are_used_are_told_once(read):
    page = "<style:{0}><text:p>{1}</text:p></style:{0}>"
    pages = (
        "<office:master-styles>"
        f'<style:master-page style:name="Standard">{page.format("header", "Contract KV-77")}'
        f"{page.format('footer', 'Page <text:page-number>1</text:page-number> of 9')}"
        f'</style:master-page><style:master-page style:name="Other">'
        f"{page.format('header', 'Contract KV-77')}{page.format('footer', 'Confidential')}"
        f'</style:master-page><style:master-page style:name="Unused">'
        f"{page.format('header', 'Draft')}</style:master-page></office:master-styles>"
    )
    body = '<text:p text:style-name="P">Body.</text:p>'
    assert read(body, pages) == ["Contract KV-77", "Body.", "Confidential"]


WORD_2003 = """<?xml version="1.0"?><?mso-application progid="Word.Document"?>
<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"
 xmlns:aml="http://schemas.microsoft.com/aml/2001/core"
 xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint">
<w:styles><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style></w:styles>
<w:body><wx:sect><w:p><w:pPr><w:pStyle w:val="H1"/></w:pPr><w:r><w:t>Lease</w:t></w:r></w:p>
<w:p><w:r><w:t>Rent 10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>6</w:t>
</w:r><w:r><w:rPr><w:vanish w:val="off"/></w:rPr><w:t> euros.</w:t></w:r><w:r><w:footnote><w:p><w:r>
<w:t>Since May.</w:t></w:r></w:p></w:footnote></w:r></w:p>
<w:p><aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:delText>old</w:delText></w:r>
</aml:content></aml:annotation><aml:annotation w:type="Word.Insertion"><aml:content><w:r><w:t>new</w:t>
</w:r></aml:content></aml:annotation><w:hlink w:dest="https://x.example/B"><w:r>
<w:t xml:space="preserve"> form</w:t></w:r></w:hlink></w:p>
<w:p><w:pPr><w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/><wx:t wx:val="b)"/></w:listPr></w:pPr>
<w:r><w:t>Rule</w:t></w:r></w:p><w:sectPr><w:hdr w:type="odd"><w:p><w:r><w:t>Contract KV-77</w:t></w:r>
</w:p></w:hdr></w:sectPr></wx:sect></w:body></w:wordDocument>"""


def test_word_xml_of_2003_is_read_as_a_newer_word_file(tmp_path):
    reading = read_bytes(tmp_path, WORD_2003.encode(), "lease.xml")
    assert reading.title == "Lease"
    assert lines(reading.pages[0].text) == [
        *("Contract KV-77", "Lease", "Rent 10^6 euros.", "Note: Since May."),
        *("new form (https://x.example/B)", "b) Rule"),
    ]


def test_an_office_file_in_one_piece_of_xml_is_taken_apart(tmp_path):
    package = 'xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"'
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    data = (
        f'<pkg:package {package}><pkg:part pkg:name="/_rels/.rels" pkg:contentType="x"><pkg:xmlData>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="{main}" Target="word/document.xml"/></Relationships>'
        f'</pkg:xmlData></pkg:part><pkg:part pkg:name="/word/document.xml" pkg:contentType="{word}">'
        "<pkg:xmlData><w:document xmlns:w="
        '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>Nets are forbidden.</w:t></w:r></w:p></w:body></w:document></pkg:xmlData></pkg:part>"
        '<pkg:part pkg:name="/word/media/a.png" pkg:contentType="image/png"><pkg:binaryData>iVBORw=='
        "</pkg:binaryData></pkg:part></pkg:package>"
    )
    found = read_bytes(tmp_path, data.encode(), "a.xml").pages[0].text
    assert lines(found) == ["Nets are forbidden."]


def test_xml_of_another_kind_stays_a_text(tmp_path):
    assert lines(
        read_bytes(tmp_path, b'<?xml version="1.0"?><document>x</document>', "a.xml").pages[0].text
    ) == ['<?xml version="1.0"?><document>x</document>']
