"""What a conversation keeps of how it is asked: its model, its scope and its settings."""

from uuid import uuid4

import pytest
from django.db import IntegrityError

from chat import asking, question_parsing
from chat.models import Assistant, Conversation, Message, SavedPrompt
from localchat.lib.errors import BadRequest
from tests.factories import make_document


def stored(user, conversation=None, **said) -> Message:
    asked = question_parsing.parse({"question": "What?", **said})
    answer, _ = asking.store(
        user, asked.text, asked.wish, uuid4(), conversation, asked.place, asked.said
    )
    return answer


def test_what_is_said_once_is_asked_with_from_then_on(alice):
    first = stored(alice, instructions="Be short.", temperature=0.7, window=4096, length=200)
    then = stored(alice, first.conversation_id)
    assert then.wish.instructions == "Be short."
    assert (then.wish.temperature, then.wish.window, then.wish.length) == (0.7, 4096, 200)
    last = stored(alice, first.conversation_id, instructions="", temperature="", window="")
    assert last.wish.instructions is last.wish.temperature is last.wish.window is None
    assert last.wish.length == 200


def test_a_temperature_of_zero_is_kept_as_one(alice):
    answer = stored(alice, temperature=0)
    assert answer.request["temperature"] == 0.0
    assert Message.objects.get(pk=answer.pk).wish.temperature == 0.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 3),
        ("temperature", "nan"),
        ("temperature", "warm"),
        ("temperature", True),
        ("window", 5),
        ("window", [4096]),
        ("length", 0),
        ("instructions", "x" * 8001),
    ],
)
def test_what_no_model_could_heed_is_refused(name, value):
    with pytest.raises(BadRequest):
        question_parsing.parse({"question": "What?", name: value})


def test_the_database_refuses_it_too(alice):
    with pytest.raises(IntegrityError):
        Conversation.objects.create(owner=alice, temperature=7)


def test_a_scope_of_several_is_all_of_them_together(alice):
    town = make_document(alice, "town.pdf", collection="Town")
    port = make_document(alice, "port.pdf", collection="Port")
    far = make_document(alice, "far.pdf", collection="Far")
    one = stored(alice, collections=[town.collection_id])
    assert (one.wish.collection, one.wish.documents) == ("Town", None)
    ids = [town.collection_id, port.collection_id]
    two = stored(alice, one.conversation_id, collections=ids)
    assert set(two.wish.documents) == {town.pk, port.pk}
    mixed = stored(alice, one.conversation_id, collections=[town.collection_id], documents=[far.pk])
    assert set(mixed.wish.documents) == {town.pk, far.pk}
    assert set(stored(alice, one.conversation_id).wish.documents) == {town.pk, far.pk}
    everything = stored(alice, one.conversation_id, collections=[])
    assert everything.wish.documents is everything.wish.collection is None


def test_what_is_deleted_does_not_widen_the_scope(alice):
    town = make_document(alice, "town.pdf", collection="Town")
    make_document(alice, "port.pdf", collection="Port")
    answer = stored(alice, collections=[town.collection_id])
    town.collection.delete()
    assert stored(alice, answer.conversation_id).wish.documents == []


def test_nobody_asks_about_anothers_collection(alice, bob):
    hers = make_document(alice, "hers.pdf", collection="Hers")
    assert stored(bob, collections=[hers.collection_id]).wish.documents == []


def test_an_assistant_is_where_a_conversation_begins(alice, bob):
    town = make_document(alice, "town.pdf", collection="Town")
    guide = Assistant.objects.create(
        owner=alice,
        name="Guide",
        instructions="You show people around.",
        model="tiny-chat",
        collections=[town.collection_id],
    )
    answer = stored(alice, assistant=guide.pk)
    talk = answer.conversation
    assert (talk.assistant, talk.model, answer.wish.collection) == (guide, "tiny-chat", "Town")
    assert answer.wish.instructions == "You show people around."
    guide.delete()
    assert stored(alice, talk.pk).wish.instructions == "You show people around."


def test_names_are_there_once_for_each_person(alice, bob):
    SavedPrompt.objects.create(owner=alice, name="short", text="Be short.")
    SavedPrompt.objects.create(owner=bob, name="short", text="Be short.")
    with pytest.raises(IntegrityError):
        SavedPrompt.objects.create(owner=alice, name="Short", text="Again.")
