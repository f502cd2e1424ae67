"""Two ways to leave out accents: for comparing, and for what is indexed."""

import pytest

from documents.text.folding import fold, unaccented


@pytest.mark.parametrize("one", ["Café", "CAFÉ", "cafe\u0301", "ｃａｆé"])
def test_words_that_are_compared_lose_case_accents_and_width(one):
    assert fold(one) == "cafe"


def test_words_that_are_indexed_lose_the_accents_of_latin_and_greek_letters():
    assert [unaccented(word) for word in ("café", "größe", "άλφα")] == ["cafe", "grosse", "αλφα"]


def test_the_marks_of_hindi_stay_in_what_is_indexed_alone():
    assert unaccented("हिन्दी") == "हिन्दी"
    assert fold("हिन्दी") != "हिन्दी"
