"""Formulas become MathML; money, and what cannot be converted, stays as it is written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat.html.render import Blocks, render
from documents.text.markdown_escape import escaped, literal, unescaped


def formulas(text, sources=()):
    return render(text, sources).count("<math")


@pytest.mark.parametrize(
    "text",
    [
        r"So \(x^2\) it is.",
        r"So $x^2$ it is.",
        "$x$, $2n$ and $f(x)$",
        r"$\alpha$",
        "$$a = b$$",
        r"\[a = b\]",
        "$$\na\n= b\n- c\n+ d\n> e\n$$",
        "- item\n\n  \\[\n  a\n  - b\n  \\]",
        "> $$a\n> = 2$$",
        "| a |\n|---|\n| $x^2$ |",
        r"$\text{Return on equity} = \frac{1}{2}$",
        r"**bold \(x\)**",
    ],
)
def test_a_formula_is_shown_as_one(text):
    html = render(text)
    assert "<math" in html
    assert "$" not in html
    assert "\\" not in html


@pytest.mark.parametrize(
    "text",
    [
        "It cost $5 in 2016 and $7 in 2017.",
        "Sales ($m): 5; cost ($m): 6",
        "US$5/US$6, A$7 and $8-$9",
        "between $1,577 and $1,600 (in $)",
        "a $b c$ d",
        "$revenue = cost$",
        "the price ($) and the share ($)",
        r"\[1\] and \[2, 3\]",
        r"so \[z\](https://a.example) and \[v = 2\].pdf",
        r"\[see the note below\]",
        "`$x^2$`",
        "```\n$$x$$\n```",
        "    $$x$$",
        "$ x^2 $",
        "$x^2$3",
        r"\$x^2\$",
    ],
)
def test_what_only_has_the_signs_stays_as_it_is(text):
    assert formulas(text) == 0


def test_what_cannot_be_converted_is_shown_as_it_was_written():
    assert render(r"So \(\nosuchthing{x}\) it is.") == "<p>So \\(\\nosuchthing{x}\\) it is.</p>\n"
    assert "$$\nx &lt;" in render("$$\nx < \\nosuchthing\n$$")
    assert formulas(f"$${'x' * 2_100}$$") == 0


@example("[$]")
@example("[$1]")
@given(st.text(alphabet="ab x[]()$=^_\\12.\n", max_size=60))
def test_a_text_that_is_escaped_has_no_formula(text):
    assert formulas(escaped(text)) == 0
    assert formulas(literal(text)) == 0
    assert unescaped(literal(text)) == text


def test_a_sign_that_browsers_do_not_draw_is_not_left_out():
    assert render(r"So $\cancel{x} = 2$.") == "<p>So $\\cancel{x} = 2$.</p>\n"


def test_what_stands_after_a_formula_cites():
    html = render("\\[\na\n\\] [1]\n\nSo $x^2$ [2].", {1, 2})
    assert html.count('class="cite"') == 2
    assert html.count("<math") == 2


def test_a_formula_that_is_never_closed_hides_nothing():
    html = render("$$\na = b\n\n- one\n- two")
    assert "$$\na = b" in html
    assert html.count("<li>") == 2


def test_columns_keep_their_alignment_without_a_style():
    html = render(r"$$\begin{aligned} a &= b \\ &= c \end{aligned}$$")
    assert "style=" not in html.replace("displaystyle=", "")
    assert '<mtd class="right">' in html
    assert '<mtd class="left">' in html


TEXT = "So \\(x^2\\) and\n\n$$\na\n- b\n$$\n\n\\[ c \\] then $y^2$ [1].\n"


def test_no_half_formula_is_seen_while_it_is_written():
    blocks = Blocks({1})
    shown = [block.html for letter in TEXT for block in blocks.feed(letter)]
    assert shown
    for html in shown:
        assert "\\" not in html
        assert "$$" not in html


@pytest.mark.parametrize(
    "latex",
    [r"\href{javascript:alert(1)}{x}", r"\text{<script>alert(1)</script>}", r"\style{color:red}{x}",
     r"\color{red}{x}", r"\mathrm{<img src=x onerror=alert(1)>}", r"\class{cite}{x}"],
)  # fmt: skip
def test_nothing_but_mathematics_comes_out_of_a_formula(latex):
    html = render(f"$${latex}$$")
    for bad in ("<script", "<img", "javascript", "style=", 'class="cite"'):
        assert bad not in html.replace(f"$${latex}$$", "")
