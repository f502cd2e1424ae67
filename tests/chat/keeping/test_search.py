"""All that was said is found again, by words, by their beginnings and by parts of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.keeping import search
from chat.models import Conversation, Message
from tests.factories import make_answer, make_conversation

pytestmark = pytest.mark.django_db


def find(user, text):
    return search.find(user, text, Conversation.objects.for_user(user).kept())


def marked(passage) -> list[str]:
    return [text for text, is_marked in passage.pieces if is_marked]


@pytest.mark.parametrize(
    ("text", "asked", "mark"),
    [
        ("The harbour was dredged in 1987.", "dredging", "dredged"),
        ("The harbour was dredged in 1987.", "harb", "harbour"),
        ("Die Verträge wurden gekündigt.", "Vertrag", "Verträge"),
        ("Das Hafenbecken wurde vertieft.", "becken", "becken"),
        ("港口于一九八七年疏浚。", "疏浚", "疏浚"),
        ("100% o'clock", "o'clock", "o'clock"),
        ("It's 'quoted' \\ and %wild_card%", "wild_card", "wild_card"),
    ],
)
def test_words_are_found_and_marked(alice, text, asked, mark):
    answer = make_answer(alice, text, question="What?")
    other = make_conversation(alice, title="Another")
    make_answer(alice, "Nothing of the kind.", question="Why?", conversation=other)
    (hit,) = find(alice, asked)
    assert hit.message == answer
    assert mark in marked(hit.said)


def test_every_word_has_to_be_there(alice):
    make_answer(alice, "The harbour was dredged in 1987.", question="What?")
    assert find(alice, "harbour 1988") == []
    assert len(find(alice, "harbour 1987")) == 1


def test_titles_come_first_then_the_newest(alice):
    titled = make_conversation(alice, title="Harbour dues")
    old = make_answer(alice, "Of the harbour.", question="What?", conversation=None)
    new = make_answer(alice, "Of the harbour too.", question="What?")
    for answer in (old, new):
        Conversation.objects.filter(pk=answer.conversation_id).update(title="Another")
    assert [hit.conversation for hit in find(alice, "harbour")] == [
        titled,
        new.conversation,
        old.conversation,
    ]


def test_a_conversation_is_found_once_at_its_newest_place(alice):
    first = make_answer(alice, "The harbour.", question="A harbour?")
    later = make_answer(
        alice, "The harbour again.", question="More?", conversation=first.conversation
    )
    (hit,) = find(alice, "harbour again")
    assert hit.message == later


def test_nobody_finds_what_another_said(alice, bob):
    make_answer(alice, "The harbour was dredged.")
    assert find(bob, "harbour") == []


@pytest.mark.parametrize("nothing", ["", "  ", "!!!", "\0", "'", "\\"])
def test_nothing_is_found_by_nothing(alice, nothing):
    make_answer(alice, "The harbour was dredged.")
    assert find(alice, nothing) == []


def test_the_marks_are_characters_of_the_piece(alice):
    text = "word " * 100 + "harbour master " + "word " * 100
    make_answer(alice, text, question="What?")
    (hit,) = find(alice, "harbour master")
    assert [hit.said.text[a:b] for a, b in hit.said.marks] == ["harbour", "master"]
    assert len(hit.said.text) < 230


def test_the_index_is_used_among_many(alice):
    rows = [
        Message(owner=alice, conversation=make_conversation(alice), role="user", text=f"no {n}")
        for n in range(2)
    ]
    Message.objects.bulk_create(
        Message(owner=alice, conversation=rows[0].conversation, role="user", text=f"term{n} here")
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE chat_message")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            find(alice, "term77")
        said = next(q["sql"] for q in caught if "@@" in q["sql"] and "chat_message" in q["sql"])
        cursor.execute("EXPLAIN " + said)
        assert "message_terms" in str(cursor.fetchall())


def test_a_hit_in_a_version_that_is_not_shown_shows_it(alice, alice_client):
    first = make_answer(alice, "The lighthouse keeper was Margarethe.", question="Who?")
    talk = first.conversation
    other = talk.messages.create(
        owner=alice, role="assistant", text="No idea.", previous=first.previous
    )
    Conversation.objects.filter(pk=talk.pk).update(shown=other)
    assert "Margarethe" not in alice_client.get(f"/c/{talk.pk}/").content.decode()
    page = alice_client.get("/conversations/?q=margarethe").content.decode()
    assert f'href="/c/{talk.pk}/?at={first.pk}#message-{first.pk}"' in page
    assert "Margarethe" in alice_client.get(f"/c/{talk.pk}/?at={first.pk}").content.decode()
