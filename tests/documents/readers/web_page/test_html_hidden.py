"""What nobody sees of a page is left out of its text, or told as hidden."""

import pytest

from documents.readers.web_page import html


def lines(body: str, style: str = "") -> list[str]:
    markup = f"<html><head><style>{style}</style></head><body>{body}</body></html>"
    return html.page_of(markup)[1].text.splitlines()


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "visibility: hidden",
        "opacity:0",
        "opacity: .0",
        "font-size:0",
        "font: 0/0 serif",
        "font-size:1px",
        "color:#fff;background:#fff",
        "color:white",
        "color: rgb(254, 254, 254); background-color: #ffffff",
        "color:transparent",
        "color:hsl(0, 0%, 100%)",
        "color:rgb(100%, 100%, 100%)",
        "color:hsla(120, 50%, 50%, 0)",
        "background:black;color:rgb(0,0,0)",
        "position:absolute;left:-9999px",
        "text-indent:-5000px",
        "max-height:0;overflow:hidden",
        "position:absolute;clip:rect(0,0,0,0)",
        "clip-path: inset(50%)",
        "transform:scale(0)",
    ],
)
def test_what_a_style_hides_is_left_out(style):
    assert lines(f"<p>Seen.<p style='{style}'>Never <b>seen</b>.<p>Seen too.") == [
        "Seen.",
        "Seen too.",
    ]


@pytest.mark.parametrize(
    "style",
    [
        "color:white;background:#336",
        "color:white;background-image:url(dark.png)",
        "color:white;background:linear-gradient(red, blue)",
        "opacity:.9",
        "font-size:9px",
        "color:#eee",
        "overflow:hidden;max-height:90px",
        "position:absolute;left:-9px",
        "visibility:visible",
    ],
)
def test_what_only_looks_like_hiding_is_read(style):
    assert lines(f"<p style='{style}'>Seen.") == ["Seen."]


def test_what_is_inside_may_be_seen_again():
    zero = "<div style='font-size:0'>no<span style='font-size:14px'>Seen</span></div>"
    unseen = "<div style='visibility:hidden'>no<b style='visibility:visible'>Seen too</b></div>"
    dark = "<table bgcolor=navy><tr><td><font color=white>White<td>Blue</table>"
    assert lines(zero + unseen + dark) == ["Seen", "Seen too", "White | Blue"]


def test_white_text_is_read_where_what_is_behind_it_is_not_known():
    linked = "<html><head><link rel=stylesheet href=a.css></head><p style='color:#fff'>Seen."
    assert html.page_of(linked)[1].text == "Seen.\n"
    unclear = "body:not(.x) p{background:#000}"
    assert lines("<p style='color:#fff'>Seen.", unclear) == ["Seen."]


@pytest.mark.parametrize(
    "rule",
    [
        ".x{display:none}",
        "p.x, h9{DISPLAY : NONE}",
        "#main > .x{display:none!important}",
        "div p[data-a='b']{display:none}",
        "@media screen{.x{display:none}}",
        "/* { */ .x{opacity:0}",
    ],
)
def test_what_a_style_sheet_hides_until_a_script_runs_is_told_as_hidden(rule):
    body = "<div id=main><p>Seen.<p class='x y' data-a=b>The code is five.</div>"
    wanted = ["Seen.", "[hidden: The code is five.]"]
    assert lines(body, rule) == wanted


@pytest.mark.parametrize(
    "rule",
    [
        "@media print{.x{display:none}}",
        "@media (max-width:600px){.x{display:none}}",
        ".x:hover{display:none}",
        ".y .x{display:none}",
        ".x{display:none} p.x{display:block}",
        ".x{display:none} #x{display:block}",
        "p.x{display:block!important} #x{display:none}",
    ],
)
def test_a_rule_for_something_else_hides_nothing(rule):
    assert lines("<p class=x id=x>Seen.", rule) == ["Seen."]


def test_what_is_for_screen_readers_alone_is_left_out():
    rule = ".sr-only{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)}"
    assert lines("<p>Open<span class=sr-only> in a new tab</span>.", rule) == ["Open."]


def test_what_opens_is_read():
    body = "<details><summary>More</summary>The key.</details><dialog>Sure?</dialog>"
    assert lines(body) == ["More", "The key.", "[hidden: Sure?]"]


def test_struck_words_are_left_out():
    body = "<p>The fee is <del>300</del> <s>310</s> <span class=old>320</span> 340"
    assert lines(body, ".old{text-decoration: line-through red}") == ["The fee is 340"]
    assert lines("<p><span style='text-decoration-line:line-through'>9</span> 8") == ["8"]


def test_a_hidden_cell_is_no_cell():
    table = "<table><tr><td>a<td style='display:none'>b<td>c<tr><td>d<td>e</table>"
    assert lines(table) == ["a | c", "d | e"]


def test_rules_that_try_every_way_up_end():
    deep = "<div class=a>" * 150
    rule = " ".join([".a > .a"] * 3) + " .none > .b{display:none}"
    assert lines(f"{deep}<p class=b>Seen.", rule) == ["Seen."]


@pytest.mark.parametrize("tag", ["div popover", "ruby", "sup", "span aria-label=a"])
def test_what_is_told_whole_may_be_nested_without_end(tag):
    html.page_of(f"<{tag}>" * 200 + "x")
