"""A page has the last turns of a long talk, and an export has all."""

import pytest

from chat.exchange import markdown
from chat.record import shown_turns
from tests.factories import make_answer, make_conversation

pytestmark = pytest.mark.django_db


def talk(owner, *lengths: int):
    conversation = make_conversation(owner)
    for n, length in enumerate(lengths):
        text = f"Answer {n}. ".ljust(length, "x")
        make_answer(owner, text, question=f"Question {n}?", conversation=conversation)
    return conversation


def whole_ones(turns) -> list[str]:
    return [turn.question.text for turn in turns if not turn.folded]


def test_of_long_answers_fewer_are_shown_at_once(alice):
    short = shown_turns.of(talk(alice, *[100] * 20))
    assert whole_ones(short) == [f"Question {n}?" for n in range(20 - shown_turns.WHOLE, 20)]
    long = shown_turns.of(talk(alice, *[3_000] * 8))
    assert whole_ones(long) == [f"Question {n}?" for n in range(8 - shown_turns.LEAST, 8)]
    assert [turn.question.text for turn in long] == [f"Question {n}?" for n in range(8)]
    assert len(whole_ones(shown_turns.of(long[0].question.conversation, whole=True))) == 8


def test_the_page_has_little_of_what_is_folded(alice, alice_client):
    conversation = talk(alice, *[3_000] * 8)
    page = alice_client.get(f"/c/{conversation.pk}/").content.decode()
    assert page.count("data-folded") == 8 - shown_turns.LEAST
    assert page.count('<textarea class="edit__text"') == shown_turns.LEAST
    assert "Question 0?" in page


def test_the_markdown_of_a_long_talk_has_every_answer(alice):
    written = markdown.of_conversation(talk(alice, *[3_000] * 15))
    assert [f"Answer {n}." in written for n in range(15)] == [True] * 15
