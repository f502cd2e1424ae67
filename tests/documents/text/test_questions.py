"""Who asks, and who names a thing."""

import pytest

from documents.text.questions import is_question


@pytest.mark.parametrize(
    "text",
    [
        "how do I stop it from asking",
        "What is the notice period",
        "Wo liegt der Hafen?",
        "港口在哪里？",  # noqa: RUF001
        "Show me the rent",
        "the screen stays black when I'm offline",
    ],
)
def test_questions_and_complaints_are_in_a_persons_own_words(text):
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    ["Ivermectin is used to treat onchocerciasis.", "notice period flat 3B", "", "42", "Iowa"],
)
def test_claims_and_names_are_not(text):
    assert not is_question(text)
