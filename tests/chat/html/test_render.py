"""The whole render: what is shown, what is cited, and what never gets through."""

import re
import time

import pytest

from chat.html.render import Blocks, render

CITE = '<a class="cite" href="#source-{0}" data-n="{0}">{0}</a>'


def cited(html):
    return [int(n) for n in re.findall(r'<a class="cite" href="#source-(\d+)"', html)]


def test_ordinary_markdown_is_shown():
    html = render("# Title\n\nSome *text*, ~~gone~~, `x`.\n\n> quoted\n\n1. one\n2. two\n")
    for part in ("<h1>Title</h1>", "<em>text</em>", "<s>gone</s>", "<code>x</code>"):
        assert part in html
    assert "<blockquote>" in html
    assert html.count("<li>") == 2


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("So it is [1].", [1]),
        ("[1, 2] and [1][3] and [1-3]", [1, 2, 1, 3, 1, 2, 3]),
        ("【2】 and 【3†L4-L5】", [2, 3]),
        ("**bold [1]** and *[2]*", [1, 2]),
        ("# Heading [1]\n\n- item [2]\n\n> quote [3]", [1, 2, 3]),
        ("| a |\n|---|\n| in a table [1] [9] |", [1]),
        ("[0] and [9] and [01234] and [1-9]", []),
        ("[1, 9]", [1]),
        ("`[1]` and ``a [1]``\n\n```\n[1]\n```\n\n    [1]", []),
        ("[1](https://example.org) and [see [1]](https://example.org)", []),
        (r"\[1\] and &#91;1&#93;", []),
        ("A list of sources:\n\n[1]: report.pdf\n[2]: https://example.org\n\nSo [1].", [1, 2, 1]),
        ("[1](javascript:alert(1))", [1]),
    ],
)
def test_numbers_of_sources_become_links_and_nothing_else_does(text, numbers):
    assert cited(render(text, {1, 2, 3})) == numbers


def test_a_citation_is_a_link_to_its_source():
    assert render("So [2].", [1, 2]) == f"<p>So <sup>{CITE.format(2)}</sup>.</p>\n"
    assert render("So [2].") == "<p>So [2].</p>\n"
    assert "[9]" in render("Both [1, 9].", [1])


def test_a_numbered_definition_does_not_take_a_citation_away():
    html = render("So [1].\n\n[1]: https://evil.example/\n", [1])
    assert cited(html) == [1, 1]
    assert html.count("<a ") == 3  # the address is one of its own


HOSTILE = [
    r"\(\text{<img src=x onerror=alert(1)>}\)",
    r"$$\href{javascript:alert(1)}{x}$$",
    "$a^{<script>alert(1)</script>}$",
    "[^n]: <script>alert(1)</script>",
    "[^<b>] javascript:alert(1) https://a.example/<script>",
    "<script>alert(1)</script>",
    "a <img src=x onerror=alert(1)> b",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](/admin/logout)",
    "[x](#message-1)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "onmouseover=alert(1) \\"><script>")',
    '```"><script>alert(1)</script>\n<script>alert(2)</script>\n```',
    "```python onclick=alert(1)\n</code></pre><script>alert(1)</script>\n```",
    "| <script> | <img src=x> |\n|:-:|-:|\n| <svg onload=alert(1)> | `<b>` |",
    "# <iframe src=x>\n\n- <style>*{}</style>\n\n> <base href=x>",
    "<!-- <script> -->\n\n<a href='javascript:x' style='x'>a</a>",
    "- [x] <input onfocus=alert(1) autofocus>",
    "\u0000<scr\u0000ipt>alert(1)</script>",
    '[1" onmouseover="alert(1)]',
]
ALLOWED = re.compile(
    r'</?label>|<p class="footnote">|</?m[a-z]+(?: [a-z]+="[\w. #-]*")*>'
    r"|</?(?:p|h1|ul|li|code|span|em|strong|s|sup|thead|tbody|tr|blockquote)>|<br>|<hr>"
    r'|</?(?:ul|li)(?: class="[a-z -]+")?>|</?table>|</?pre(?: data-language="[\w+#.-]+")?>'
    r'|<t[hd](?: class="(?:center|right)")?>|</t[hd]>|<span class="[a-z0-9]+">'
    r'|<input class="task-list-item-checkbox"(?: checked="checked")? disabled="disabled" type="checkbox">'
    r'|<a href="(?:https?://|mailto:)[^"<>]*" rel="noopener noreferrer nofollow" target="_blank">|</a>'
    r'|<sup class="footnote-mark">|<span class="formula">'
    r'|<a class="cite" href="#source-\d+" data-n="\d+">'
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_hostile_answer_gets_through(text):
    for whole in (text, f"- {text}", f"> {text}", f"**{text}**", f"|a|\n|-|\n|{text}|"):
        seen = [render(whole, {1})]
        blocks = Blocks({1})
        for char in whole:
            seen += [block.html for block in blocks.feed(char)]
        for html in seen:
            assert "<" not in ALLOWED.sub("", html)


def test_links_open_elsewhere_and_tell_nobody_where_they_were():
    html = render("[x](https://a.example) <https://b.example> <mailto:a@b.example>")
    assert html.count('rel="noopener noreferrer nofollow" target="_blank"') == 3


def test_a_picture_is_its_description():
    assert render("A ![small map](https://a.example/x.png).") == "<p>A small map.</p>\n"


def test_code_is_highlighted_by_classes_alone():
    html = render("```python\nx = 'a'\n```\n\n```nonsense\n<x>\n```")
    assert '<pre data-language="python"><code><span class="n">x</span>' in html
    assert "<pre><code>&lt;x&gt;\n</code></pre>" in html
    assert "style=" not in html


def test_columns_are_aligned_by_classes():
    html = render("| a | b |\n|:-:|--:|\n| 1 | 2<br>3 |")
    assert '<th class="center">a</th>' in html
    assert '<td class="right">2<br>' in html


def test_tasks_have_boxes_that_nobody_can_tick():
    html = render("- [ ] open\n- [x] done\n")
    assert html.count('type="checkbox"') == html.count('disabled="disabled"') == 2
    assert html.count('checked="checked"') == 1


def test_items_of_a_list_keep_their_numbers_and_say_that_they_go_on():
    html = render("3. c\n3. d\n\n   more\n3. e\n\ntext\n\n- a\n")
    assert re.findall(r"<ol[^>]*>", html) == [
        '<ol start="3">', '<ol class="continued" start="4">', '<ol class="continued" start="5">',
    ]  # fmt: skip
    assert "<ul>\n<li>a</li>" in html


def test_a_list_is_as_tight_as_each_item():
    assert "<p>" not in render("- a\n\n- b\n\n- c\n")


def test_long_tables_and_code_come_in_pieces_that_each_stand_alone():
    table = "| a | b |\n|---|---|\n" + "".join(f"| {n} | x |\n" for n in range(250))
    html = render(table)
    assert html.count("<th>a</th>") == html.count("<table") == 5
    assert html.count('<table class="continued">') == 4
    assert [int(n) for n in re.findall(r"<td>(\d+)</td>", html)] == list(range(250))
    code = render("```\n" + "".join(f"{n}\n" for n in range(450)) + "```\n")
    assert code.count("<pre") == 3
    assert re.findall(r"\d+", re.sub("<.*?>", "", code)) == [str(n) for n in range(450)]


@pytest.mark.parametrize(
    "text",
    [
        "> " * 5000 + "a", "- " * 5000 + "a", "[" * 10_000, "![[]()" * 1500, "![" * 50_000, "![[](" * 20_000, "*a_ " * 5000,
        "`" * 20_000, "<" * 20_000, "**a " * 5000, "|" * 5000 + "\n" + "|-" * 5000,
        "\n".join("  " * n + "- a" for n in range(300)), "[a](" * 5000, "a\n" * 5000,
        "```python\n" + "x = [1, 'two', None]  # three\n" * 10_000,
        "[x]: http://a.example\n" * 1000, "> - a\n" * 1000, "* " * 20_000, "~~a " * 5000,
    ],
    ids=lambda text: f"{text[:8]!r}",
)  # fmt: skip
def test_nothing_takes_long(text):
    began = time.process_time()
    render(text, {1})
    blocks = Blocks({1})
    for at in range(0, len(text), 2000):
        blocks.feed(text[at : at + 2000])
    blocks.finish()
    assert time.process_time() - began < 10


def test_a_block_of_very_many_pictures_is_shown_as_it_is_written():
    text = "![a](http://a.example) and [1] " * 200
    html = render(text, {1})
    assert html.count("![a](http://a.example)") == 200
    assert html.count('class="cite"') == 200


def test_strange_texts_are_shown_too():
    for text in (
        "",
        "\n",
        "\r",
        "\x00",
        "\ud800".encode("utf-8", "replace").decode(),
        "\u2028",
        "[",
        "]:",
    ):
        assert isinstance(render(text), str)
