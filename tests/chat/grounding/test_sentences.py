"""Where a sentence ends, in texts that are no Markdown."""

import pytest

from chat.grounding.sentences import split


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Bo came at 5 p.m. on Monday.", "He left."],
        ["Die Pest blieb bis ins 19. Jahrhundert.", "Dann ging sie."],
        ["“It is late.”", "So he said."],
        ["これは本です。", "それは猫です。"],
        ["Is it 3.5 m, i.e. too long?", "No!"],
        ["The number of ships rose to 12.", "The year before it was 9.", "We expect more."],
    ],
)
def test_a_text_is_split_where_its_sentences_end(sentences):
    seam = "" if sentences[0].endswith("。") else " "
    assert split(seam.join(sentences)) == sentences


def test_nothing_has_no_sentences():
    assert split(" \n ") == []
