# ruff: noqa: RUF001
import pytest

from documents.readers.common.symbol_fonts import decoded, is_symbol_font


@pytest.mark.parametrize(
    ("font", "codes", "seen"),
    [
        ("Symbol", "\uf0a3 5 \uf06d, \uf0b12, \uf061 \uf0b3", "≤ 5 μ, ±2, α ≥"),
        ("Symbol", "abp", "αβπ"),
        ("Wingdings", "\uf0fe\uf0a8\uf06f\uf0fd", "☑☐☐☒"),
        ("Wingdings", "þ¨", "☑☐"),
        ("Wingdings", "\uf0e0 \uf0df \uf04a \uf0fc \uf0d8 \uf06c", "→ ← ☺ ✓ ➢ ●"),
        ("Wingdings 2", "\uf052\uf0a3P", "☑☐✓"),
        ("wingdings2", "R", "☑"),
        ("Wingdings 3", "\uf022\uf024", "→↓"),
        ("Webdings", "ac", "✓☐"),
        ("ZapfDingbats", "4o", "✔☐"),
    ],
)
def test_letters_of_a_symbol_font_are_what_they_are_drawn_as(font, codes, seen):
    assert decoded(font, codes) == seen


def test_letters_of_other_fonts_stay_as_they_are():
    assert decoded("Arial", "þ \uf0a3") == "þ \uf0a3"
    assert not is_symbol_font("Segoe UI Symbol")
    assert is_symbol_font("Wingdings-Regular")


def test_blanks_that_do_not_break_and_letters_of_other_scripts_stay():
    assert decoded("Symbol", "\u00a0Ж") == "\u00a0Ж"


def test_no_table_leaves_a_private_letter():
    every = "".join(map(chr, range(0xF020, 0xF100)))
    for font in ("Symbol", "Wingdings", "Wingdings 2", "Wingdings 3", "Webdings", "ZapfDingbats"):
        assert not any("\ue000" <= letter <= "\uf8ff" for letter in decoded(font, every))
