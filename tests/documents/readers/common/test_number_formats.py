"""Number formats of Excel: expected is what LibreOffice shows, without marks between thousands."""

import pytest

from documents.readers.common.cell_figures import displayed, kept

ACCOUNT = '_-* #,##0.00 [$€-407]_-;-* #,##0.00 [$€-407]_-;_-* "-"?? [$€-407]_-;_-@_-'


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (0.075, "0.0%", "7.5 %"),
        (7.5, "0.0\\%", "7.5 %"),
        (12, '0" % of list price"', "12 % of list price"),
        (-0.031, "0.0%;[Red]-0.0%", "-3.1 %"),
        (42, '"INV-"0000', "INV-0042"),
        (1734, "00-00", "17-34"),
        (5551234567, "(000) 000-0000", "(555) 123-4567"),
        (1234.5, "#,##0.00 [$€-407]", "1234.50 €"),
        (1234.5, "[$¥-411]#,##0", "¥1235"),
        (-1234.567, "$#,##0.00;[Red]($#,##0.00)", "($1234.57)"),
        (-1234.5, ACCOUNT, "-1234.50 €"),
        (0, ACCOUNT, "- €"),
        (1234567, '0.0,,"M"', "1.2M"),
        (1500, '[>=1000]0.0,"k";0', "1.5k"),
        (15, '[>=1000]0.0,"k";0', "15"),
        (2.5, "# ?/?", "2 1/2"),
        (0.3125, "# ??/16", "5/16"),
        (1.5e10, "0.00E+00", "1.50E+10"),
        (12345, "##0.0E+0", "12.3E+3"),
        (-3, '0" Cr";0" Dr"', "3 Dr"),
        (1, '"Yes";"No";"No"', "Yes"),
        (0, "0;-0;;@", ""),
        (1.005, "0.00", "1.01"),
        (-7, '"INV-"0000', "-INV-0007"),
    ],
)
def test_a_figure_stands_as_its_format_says(value, form, expected):
    assert displayed(value, form) == expected


def test_what_is_red_alone_keeps_its_sign():
    assert displayed(-5, "0;[Red]0") == "-5"


def test_what_a_format_hides_says_that_it_is_hidden():
    assert [displayed(5, ";;;"), displayed("x", ";;;")] == ["[hidden: 5]", "[hidden: x]"]


def test_a_text_stands_among_the_words_of_its_format():
    assert displayed("Ann", '"Dr. "@') == "Dr. Ann"


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (1.005, "0.00", "1.005"),
        (0.125, "0%", "12.5 %"),
        (7.5, '0.0"%"', "7.5 %"),
        (1234.567, '#,##0.00 "CHF"', "1234.567 CHF"),
        (5, '0 "kg"', "5"),
        (1234567, '0.0,,"M"', "1234567"),
        (42, '"INV-"0000', "INV-0042"),
        (1067, "00000", "01067"),
        (5, '"CHF"0', "5 CHF"),
        (5, '"Nr. "0', "5"),
    ],
)
def test_what_is_computed_with_is_what_is_kept_but_for_what_is_called_so(value, form, expected):
    assert kept(value, form) == expected


@pytest.mark.parametrize("value", [1e300, -1e22, float("inf"), float("nan"), 1e-300, 0, 3])
@pytest.mark.parametrize(
    "form", ["0.00", "%" * 200 + "0", "# ?/?", ",,,0,,,", '["', "[>1.2.3]0", "/"]
)
def test_no_figure_and_no_format_is_too_much(value, form):
    assert isinstance(displayed(value, form) + kept(value, form), str)
