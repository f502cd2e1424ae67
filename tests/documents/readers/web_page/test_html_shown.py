"""What a page shows that is no running text: numbers of lists, forms, pictures, links, formulas."""

import pytest

from documents.readers.web_page import html

DRAWN = (
    "<text x=1 y=9>a</text><text x=30 y=9>b</text><text x=1 y=30>c<tspan x=1 dy=12>d</tspan></text>"
)
TWICE = "<math><semantics><mi>x</mi><annotation>x</annotation></semantics></math>"


def lines(body: str, style: str = "", *, links: bool = True) -> list[str]:
    markup = f"<html><head><style>{style}</style></head><body>{body}</body></html>"
    return html.page_of(markup, links=links)[1].text.splitlines()


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<ol><li>a<li>b</ol>", ["1. a", "2. b"]),
        ("<ol start=3><li>a<li value=7>b<li>c</ol>", ["3. a", "7. b", "8. c"]),
        ("<ol type=a><li>x<li><p>y<p>z</ol>", ["a. x", "b. y", "z"]),
        ("<ol type=I><li>x<li>y</ol>", ["I. x", "II. y"]),
        ("<ol reversed><li>x<li>y</ol>", ["2. x", "1. y"]),
        ("<ol><li>a<ol type=i><li>b<li>c</ol><li>d</ol>", ["1. a", "i. b", "ii. c", "2. d"]),
        ("<ol><li>a<ul><li>b</ul><li>c</ol>", ["1. a", "b", "2. c"]),
        ("<ol><li hidden>a<li>b<li><li>c</ol>", ["1. b", "3. c"]),
        ("<ol style='list-style-type:upper-alpha'><li>a</ol>", ["A. a"]),
        ("<ol style='list-style:none'><li>a</ol>", ["a"]),
        ("<ol><li>1. a<li>2. b</ol>", ["1. a", "2. b"]),
        ("<ol><li><table><tr><td>a<td>b</table></ol>", ["1. a | b"]),
    ],
)
def test_items_are_numbered_as_they_are_seen(markup, wanted):
    assert lines(markup) == wanted


def test_numbers_that_a_style_sheet_counts_are_read():
    rules = (
        "ol{list-style:none} .l0>li:before{content:'' counter(c0,decimal) '. '}"
        ".l1>li:before{content:counter(c0) '.' counter(c1,lower-latin) ') '}"
    )
    body = "<ol class=l0><li>a</ol><ol class=l1><li>b<li>c</ol><ol class=l0 start=2><li>d</ol>"
    assert lines(body, rules) == ["1. a", "1.a) b", "1.b) c", "2. d"]
    nested = "ol{list-style:none} li::before{content:counters(item, '.') ' '}"
    assert lines("<ol><li>a<ol><li>b<li>c</ol><li>d</ol>", nested) == [
        "1 a",
        "1.1 b",
        "1.2 c",
        "2 d",
    ]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("10<sup>6</sup> cells", "10^6 cells"),
        ("48 m<sup>2</sup>; H<sub>2</sub>O", "48 m^2; H2O"),
        (
            (
                "10<i style='position:relative;top:-.3em;font-size:.6em'>6</i>, H"
                "<i style='position:relative;top:.3em;font-size:.6em'>2</i>O"
            ),
            "10^6, H2O",
        ),
        ("10<i style='position:relative;top:-1px'>6</i>", "106"),
        ("1,234<sup>3</sup> million", "1,234 3 million"),
        ("67<sup><a href=#n>3</a></sup> ponds", "67 3 ponds"),
        ("67<a href=#n><sup>[3]</sup></a> ponds", "67 [3] ponds"),
        ("5<sup>th</sup> of May", "5th of May"),
        ("10<span style='vertical-align:super'>6</span> cells", "10^6 cells"),
        ("67<span class=up><i>3</i></span> ponds", "67 3 ponds"),
        ("year<a epub:type=noteref href=#n>2</a> of", "year 2 of"),
        ("year<a role=doc-noteref href=#n>2</a> of", "year 2 of"),
    ],
)
def test_raised_figures_never_fuse_with_what_stands_before_them(markup, wanted):
    assert lines(f"<p>{markup}", ".up{vertical-align:4pt}") == [wanted]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("Name <input value='Ann B.'>", "Name Ann B."),
        ("Name <input type=password value=x><input type=hidden value=y>!", "Name !"),
        ("<select><option>Meat<option selected>Fish</select>", "Fish"),
        ("<select><option>Meat<option>Fish</select>", "Meat"),
        ("<select multiple><option selected>A<option>B<option selected>C</select>", "A, C"),
        ("<select multiple><option>A</select>!", "!"),
        ("<label><input type=checkbox checked> Bus</label>", "\u2611 Bus"),
        ("<label>Bus <input type=checkbox checked></label>", "\u2611 Bus"),
        ("<label for=b>Bus</label> <input type=radio id=b>", "\u2610 Bus"),
        ("<input type=radio checked> Bus <input type=radio> Car", "\u2611 Bus \u2610 Car"),
        ("Bus: <input type=checkbox checked>", "Bus: yes"),
        ("Bus <input type=checkbox><br>", "Bus: no"),
        ("<span role=checkbox aria-checked=true>Bus</span>", "\u2611 Bus"),
    ],
)
def test_what_was_filled_in_is_read(markup, wanted):
    assert lines(f"<form><p>{markup}</form>") == [wanted]


def test_what_was_written_into_a_large_field_keeps_its_lines():
    assert lines("<p>Remarks <textarea>one\ntwo</textarea>") == ["Remarks", "one", "two"]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<img src=a.png alt='Gate behind the tower'>", ["[picture: Gate behind the tower]"]),
        ("<img src=a.png alt=''><img alt=DSC_01.JPG><img alt=logo>", []),
        ("So <img class=emoji alt='\u263a'>", ["So \u263a"]),
        ("<img alt='{\\displaystyle x^{2}}'>", ["x^{2}"]),
        ("<button aria-label='Close it'></button>", ["Close it"]),
        ("<span aria-label=Other>Words</span>", ["Words"]),
        ("<span role=doc-pagebreak aria-label='Page 4'></span>", []),
        ("<svg aria-label='Tide table'><path/></svg>", ["[picture: Tide table]"]),
        ("<svg><text>Height <tspan>64 m</tspan></text></svg>", ["Height 64 m"]),
        (f"<svg><title>T</title><defs><text>no</text></defs>{DRAWN}</svg>", ["a b", "c", "d"]),
    ],
)
def test_pictures_say_what_stands_for_them(markup, wanted):
    assert lines(f"<p>{markup}") == wanted


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<a href=https://a.example/B-2>the form</a>.", "the form. (https://a.example/B-2)"),
        ("<a href='mailto:ann@a.example?subject=x'>Ann</a>", "Ann (ann@a.example)"),
        ("<a href=https://www.a.example/>a.example</a>", "a.example"),
        ("<a href=#top>up</a> <a href=/b>b</a> <a href='javascript:x()'>c</a>", "up b c"),
        ("<a href=https://a.example/><img alt='Our shop'></a>", ""),
        ("<nav><a href=https://a.example/>Home</a></nav>", "Home"),
        (f"<a href=https://a.example/{'x' * 200}>long</a>", "long"),
    ],
)
def test_links_tell_where_they_lead(markup, wanted):
    wanted = wanted or "[picture: Our shop] (https://a.example/)"
    assert lines(f"<p>{markup}") == [wanted]
    assert "https" not in "".join(lines(f"<p>{markup}", links=False))


def test_a_page_that_is_made_of_links_tells_none():
    assert lines("<a href=https://a.example/>b</a> " * 101) == ["b " * 100 + "b"]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<math><mfrac><mn>3</mn><mn>4</mn></mfrac></math> of it", "3/4 of it"),
        (f"<span class=katex><span>{TWICE}</span><span class=katex-html>x</span></span>", "x"),
        ("<mjx-container><svg/><math><mi>x</mi></math></mjx-container>", "x"),
        ("<math alttext='x^2'></math>", "x^2"),
    ],
)
def test_formulas_are_told_once(markup, wanted):
    assert lines(f"<p>{markup}") == [wanted]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>へ", "東京(とうきょう)へ"),
        ("<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>へ", "東京(とうきょう)へ"),
        ("<ruby>会<rt>かい</rt></ruby><ruby>議<rt>ぎ</rt></ruby>を", "会議(かいぎ)を"),
    ],
)
def test_reading_aids_do_not_tear_words(markup, wanted):
    assert lines(f"<p>{markup}") == [wanted]


def test_words_that_are_placed_one_by_one_do_not_fuse():
    spans = "<span style='position:absolute;left:{}px'>{}</span>"
    assert lines(spans.format(1, "The") + spans.format(40, "heron")) == ["The heron"]
    assert lines("<span class=l>one</span><span class=l>two</span>", ".l{display:block}") == [
        "one",
        "two",
    ]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        (
            "<font face='Wingdings, serif'>\uf0fe</font> yes <font face=Wingdings>o</font> no",
            "☑ yes ☐ no",
        ),
        ("<span style='font-family:Symbol'>\u00a3</span> 5 <i class=s>m</i>m", "≤ 5 μm"),
        ("<i class=s>a <b style='font-family:Arial'>a</b> <sup>b</sup></i>", "\u03b1 a β"),
        ("<table><tr><td>on<td><font face='Wingdings 2'>R</font></table>", "on | ☑"),
        ("<i style='font-family:Arial, Symbol'>a</i>", "a"),
    ],
)
def test_letters_in_a_font_of_symbols_are_what_they_are_drawn_as(markup, wanted):
    assert lines(markup, "i.s{font-family:Symbol}") == [wanted]
