import pytest

from documents.readers.common.raised import raised


@pytest.mark.parametrize(
    ("before", "text", "line"),
    [
        ("about 10", "6", "about 10^6"),
        ("5·10", "-6", "5·10^-6"),
        ("3 x 10", "\u22126", "3 x 10^-6"),
        ("6x10", "23", "6x10^23"),
        ("25 m", "2", "25 m^2"),
        ("25m", "2", "25m^2"),
        ("(km", "2", "(km^2"),
        ("9.81 m/s", "2", "9.81 m/s^2"),
        ("kg m", "-3", "kg m^-3"),
        ("20 g/cm", "3", "20 g/cm^3"),
        ("so that x", "2", "so that x^2"),
        ("E=mc", "2", "E=mc^2"),
        ("A = 4\u03c0r", "2", "A = 4\u03c0r^2"),
    ],
)
def test_figures_after_a_ten_or_a_unit_are_exponents(before, text, line):
    assert before + raised(before, text) == line


@pytest.mark.parametrize(
    ("before", "text", "line"),
    [
        ("1,234", "3", "1,234 3"),
        ("1,210", "6", "1,210 6"),
        ("2.10", "3", "2.10 3"),
        ("in 2025", "4", "in 2025 4"),
        ("210", "6", "210 6"),
        ("the ponds", "3", "the ponds 3"),
        ("the ponds.", "12", "the ponds. 12"),
        ("25 m", "1", "25 m 1"),
        ("the 1990s", "5", "the 1990s 5"),
        ("25 m", "12", "25 m 12"),
        ("1,234", "[3]", "1,234 [3]"),
        ("1,234", "3,4", "1,234 3,4"),
    ],
)
def test_other_figures_are_set_apart(before, text, line):
    assert before + raised(before, text) == line


@pytest.mark.parametrize(("before", "text"), [("1", "st"), ("", "14"), ("a ", "3"), ("M", "me")])
def test_letters_and_what_is_apart_already_stay(before, text):
    assert raised(before, text) == text
