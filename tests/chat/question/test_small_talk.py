"""Greetings and verses are not looked for in documents; anything that may be in one is."""

import pytest

from chat.question.small_talk import is_small_talk

TALK = [
    "Hello", "hello!", "Hi there", "Thanks!", "Thank you so much.", "Good morning", "How are you?",
    "Guten Morgen", "Vielen Dank!", "Danke schön", "Tschüss", "Merci beaucoup !", "¡Hola!",
    "Grazie mille", "Obrigado", "Привет!", "你好", "ありがとう", "What's up?", "Who are you?",
    "Write a poem about rain", "Please write me a short poem about the sea", "Tell me a joke",
    "Schreib mir ein Gedicht über den Regen", "Erzähl mir bitte einen Witz", "What is 17 * 23?",
    "17 * 23", "How much is (3 + 4) / 2?",
]  # fmt: skip
QUESTIONS = [
    "Hello, when was the harbour dredged?", "Thanks, and in 2016?", "Who are you on the board?",
    "Write a poem about my contract", "Write a summary of the report", "Which poem is about rain?",
    "Write a song about what is in these documents", "Who wrote the poem about rain?",
    "What is 3M?", "What is the 10-K?", "Write a letter to the landlord", "Hello Kitty",
    "What did they say good morning to?", "Danke für welchen Auftrag?", "Help desk hours",
    "Write a haiku from notes.md", "What is a 401-k?", "Schreib ein Gedicht aus meinen Notizen",
    "What is 2022?", "Tell me a story", "And you?", "Why?", "Ok and the other one?",
]  # fmt: skip


@pytest.mark.parametrize("said", TALK)
def test_this_is_said_and_not_asked_of_documents(said):
    assert is_small_talk(said)


@pytest.mark.parametrize("question", QUESTIONS)
def test_this_could_be_about_documents(question):
    assert not is_small_talk(question)
