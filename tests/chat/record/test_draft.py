"""An answer while it is written."""

from hypothesis import given
from hypothesis import strategies as st

from chat.record.draft import groups_of_words


@given(st.text() | st.from_regex(r"(\s*\S+\s*){0,30}"))
def test_the_groups_of_words_are_the_text(text):
    assert "".join(groups_of_words(text)) == text
    assert all(groups_of_words(text))


def test_groups_are_a_few_words_each():
    assert groups_of_words("one two three four five six") == ["one two three four", " five six"]
