import pytest

from documents.readers.old_word.word_equations import linear
from tests.documents.readers.reading import lines, read_bytes

FONTS = (
    rb"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\froman\fcharset2 Symbol;}"
    rb"{\f2\fnil\fcharset128{\*\falt MS Mincho}\'82\'6c\'82\'72;}{\f3\fcharset204 Arial Cyr;}"
    rb"{\f4\fnil\fcharset2 Wingdings;}}"
)


@pytest.fixture
def read(tmp_path):
    def read(body):
        data = rb"{\rtf1\ansi\ansicpg1252\deff0" + FONTS + body + b"}"
        return lines(read_bytes(tmp_path, data, "a.rtf").pages[0].text)

    return read


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (rb"{\f1 \'a3} 5 {\f1 m}g", "\u2264 5 \u03bcg"),
        (rb"{\f1\uc1\u-3933\'3f} 5", "\u2264 5"),
        (rb"{\f4\'fe} yes {\f4\'a8} no", "\u2611 yes \u2610 no"),
        (rb'{\field{\*\fldinst SYMBOL 179 \\f "Symbol" \\s 10}{\fldrslt}} 30', "\u2265 30"),
        (rb"{\listtext\pard\plain \u61623\'3f\tab}Herons", "\u2022\tHerons"),
    ],
)
def test_symbols_are_what_their_font_draws(read, body, shown):
    assert read(body) == [shown]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (rb"{\f2\'83\'5c\'83t\'83g}", "\u30bd\u30d5\u30c8"),  # the second half of one is a letter
        (rb"\f3\'c4\'e0\plain , yes", "\u0414\u0430, yes"),
        (rb"{\uc2\u1044\'84\'44\u1072\'84\'61!}", "\u0414\u0430!"),
        (rb"{\uc0\u8364 5}", "\u20ac5"),
        (rb"\u-10179?\u-8704?", "\U0001f600"),
        (rb"{\upr{\u63?}{\*\ud{\u1044?}}}", "\u0414"),
        (rb"a\~b\_c\-d\{\\", "a b-cd{\\"),
        (rb"{\i0\*\cs7 A fox} {\*\unknown lost}runs", "A fox runs"),
        (rb"a {\*\unknown {\b lost} words}b{\pict\bin4 {}}}}c", "a bc"),
    ],
)
def test_letters_are_read_whatever_code_page_they_are_in(read, body, shown):
    assert read(body) == [shown]


def test_long_figures_are_text_outside_of_pictures_alone(read):
    figures = b"d41d8cd98f00b204e9800998ecf8427e"
    picture = rb"{\pict\pngblip " + figures * 40 + b"}"
    assert read(b"The sum is " + figures + b"." + picture) == [f"The sum is {figures.decode()}."]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            rb"10{\super 6} cells on 25 m\super 2\nosupersub , CO{\sub 2}",
            "10^6 cells on 25 m^2, CO2",
        ),
        (rb"1,234{\up6 3} million", "1,234 3 million"),
        (rb"It costs {\strike 18 }{\striked1 19 }23.", "It costs 23."),
        (
            rb"Seen. {\v Not seen.}\v  Nor this.\v0  Seen.",
            "Seen. [hidden: Not seen.] [hidden: Nor this.] Seen.",
        ),
    ],
)
def test_letters_are_told_as_they_are_set(read, body, shown):
    assert read(body) == [shown]


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (
            rb"{\*\fldinst HYPERLINK \"https://x.example/B\"}{\fldrslt form}",
            "form (https://x.example/B)",
        ),
        (rb"{\*\fldinst{ HYPERLINK mailto:a@x.example }}{\fldrslt{a@x.example}}", "a@x.example"),
        (rb"{\*\fldinst PAGEREF _Toc1 \\h}{\fldrslt 7}", "7"),
        (
            rb"{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres25\ffdefres1}}}{\fldrslt}",
            "\u2611",
        ),
        (
            rb"{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres0\ffdefres1}}}{\fldrslt}",
            "\u2610",
        ),
        (
            rb"{\*\fldinst FORMDROPDOWN {\*\formfield{\fftype2\ffres1{\*\ffl A}{\*\ffl K\'e4se}}}}",
            "K\u00e4se",
        ),
        (rb"{\*\fldinst FORMTEXT {\*\formfield{\fftype0}}}{\fldrslt Robin}", "Robin"),
        (rb"{\*\fldinst EQ \\f(3,4)}{\fldrslt}", "3/4"),
    ],
)
def test_fields_show_their_results_and_never_their_codes(read, field, shown):
    assert read(rb"Here: {\field" + field + rb"} there") == [f"Here: {shown} there"]


@pytest.mark.parametrize(
    ("code", "formula"),
    [
        (r"\r(16)+\f(a+b,2c)", "\u221a16+(a+b)/2c"),
        (r"10\s\up8(-6)", "10^-6"),
        (r'\* jc2 \* "Font:MS" \o\ad(\s\up 10(ka),ga)', "ga"),
        ("((", "()"),
    ],
)
def test_a_formula_of_a_field_is_read_as_a_line(code, formula):
    assert linear(code) == formula


def test_a_formula_is_read_as_a_line(read):
    formula = rb"{\mmath{\*\moMath{\mf{\mnum{\mr 3}}{\mden{\mr 4}}}}{\mmathPict lost}}"
    assert read(b"They get " + formula + b" of it") == ["They get 3/4 of it"]


ROW = rb"\trowd\cellx1000\cellx2000\cellx3000"


def test_a_cell_is_one_however_many_paragraphs_and_tables_are_in_it(read):
    nested = (
        rb"\pard\intbl\itap2 in\nestcell{\nonesttables\par}ner\nestcell"
        rb"{\*\nesttableprops\trowd\cellx9\nestrow}{\nonesttables\par}\pard\intbl sweet"
    )
    body = (
        ROW + rb"\pard\intbl Item\cell Note\cell Price\cell\row" + ROW + rb"\pard\intbl Apple\cell "
        rb"red\par "
        + nested
        + rb"\line firm\cell 5\cell\row"
        + ROW
        + rb"\pard\intbl Pear\cell\cell"
        rb" 7\cell\row\pard End."
    )
    assert read(body) == [
        "Item | Note | Price",
        "Apple | red in ner sweet firm | 5",
        "Pear |  | 7",
        "End.",
    ]


def test_cells_that_are_merged_keep_the_columns_of_the_others(read):
    body = (
        rb"\trowd\clvmgf\cellx1000\cellx2000\cellx3000\pard\intbl North\cell May\cell 5\cell\row"
        rb"\trowd\clvmrg\cellx1000\cellx2000\cellx3000\pard\intbl\cell June\cell 7\cell\row"
        rb"\trowd\cellx1000\cellx3010\pard\intbl South\cell none\cell\row"
        rb"\trowd\cellx1000\clmgf\cellx2000\clmrg\cellx3000\pard\intbl West\cell all\cell\cell\row"
    )
    assert read(body) == [
        "North | May | 5",
        "North | June | 7",
        "South | none | none",
        "West | all | all",
    ]


def test_what_runs_along_the_edges_is_told_once(read):
    page = rb"{\field{\*\fldinst PAGE}{\fldrslt 3}}"
    body = (
        rb"{\header\pard Contract KV-77\par}{\headerf\pard Contract KV-77\par Draft\par}"
        rb"{\footer Page " + page + rb" of 9\par Confidential\par}Body.\par"
    )
    assert read(body) == ["Contract KV-77", "Draft", "Body.", "Confidential"]


def test_headings_of_rtf_are_known_by_their_styles(tmp_path):
    data = (
        rb"{\rtf1\ansi{\stylesheet{\s0 Normal;}{\s1\sbasedon0\b \ltrch heading 1;}"
        rb"{\s5\outlinelevel1 Mine;}}\pard\s1 Herons\par\pard\s5 Nests\par\pard Text.\par}"
    )
    reading = read_bytes(tmp_path, data, "a.rtf")
    found = [(heading.level, heading.text) for heading in reading.pages[0].headings]
    assert (reading.title, found) == ("Herons", [(1, "Herons"), (2, "Nests")])


def test_the_description_of_a_picture_is_told(read):
    described = rb"{\*\picprop{\sp{\sn wzDescription}{\sv Map of K\'f6ln}}}"
    picture = rb"{\*\shppict{\pict" + described + rb"\pngblip 8950}}{\nonshppict{\pict 00}}"
    assert read(b"A " + picture + b"is shown.") == ["A is shown.", "Picture: Map of K\u00f6ln"]
