"""Who claims something has the words of the texts; who asks or tells has words of his own."""

import pytest

from documents.text.claims import is_claim


@pytest.mark.parametrize(
    "text",
    ["Ivermectin is used to treat onchocerciasis.", "Die Pacht endet im März.", "It rained. "],
)
def test_a_sentence_with_its_full_stop_is_a_claim(text):
    assert is_claim(text)


@pytest.mark.parametrize(
    "text",
    [
        "how do I stop it from asking",
        "Wo liegt der Hafen?",
        "Show me the rent.",
        "The screen stays black when I am offline.",
        "notice period flat 3B",
        "file names get cut off in the middle",
        "",
        "v2.4.1",
    ],
)
def test_questions_complaints_and_names_are_none(text):
    assert not is_claim(text)
