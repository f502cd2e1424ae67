"""A conversation is a tree: questions and answers have versions, and one branch is shown."""

import asyncio
import json

import pytest
from channels.db import database_sync_to_async
from django.db import IntegrityError, transaction

from chat import answering, asking, revising
from chat.models import Conversation, Message
from chat.question_parsing import Place
from localchat.lib.errors import NotFound
from tests.factories import make_answer, make_conversation

PLAIN = asking.Wish(use_documents=False)
committed = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("closed_hub", "fresh_choice"),
]


class Talk:
    """What alice asks, and what the model then hears."""

    def __init__(self, user, server):
        self.user, self.server = user, server

    async def ask(self, question="", says="So it is.", wish=PLAIN, said=(), **place):
        self.server.script(answer=says)
        self.server.requests.clear()
        conversation = place.pop("conversation", None)
        answer = await asking.ask(
            self.user, question, wish, conversation=conversation, place=Place(**place), said=said
        )
        await asyncio.wait_for(answering.finished(), 20)
        return await database_sync_to_async(Message.objects.select_related("previous").get)(
            pk=answer.pk
        )

    @property
    def heard(self):
        messages = self.server.asked("/api/chat")[-1]["messages"]
        return [turn["content"].strip() for turn in messages[1:]]


@pytest.fixture
def talk(alice, engine_server):
    return Talk(alice, engine_server)


@pytest.fixture
def shown(alice_client):
    @database_sync_to_async
    def texts(answer):
        told = alice_client.get(f"/api/conversations/{answer.conversation_id}").json()
        return [message["text"].strip() for message in told["messages"]]

    return texts


class TestAsked:
    pytestmark = committed

    async def test_an_edited_question_is_another_version_and_hears_only_what_was_before(
        self, talk, shown
    ):
        first = await talk.ask("One?", "1.")
        second = await talk.ask("Two?", "2.", conversation=first.conversation_id)
        third = await talk.ask("Three?", "3.", conversation=first.conversation_id)
        edited = await talk.ask("Too?", "2b.", edits=second.previous_id)
        assert talk.heard == ["One?", "1.", "Too?"]
        assert await shown(first) == ["One?", "1.", "Too?", "2b."]
        assert await Message.objects.filter(pk__in=[second.pk, third.pk]).acount() == 2
        await talk.ask("And?", "4.", conversation=first.conversation_id)
        assert talk.heard == ["One?", "1.", "Too?", "2b.", "And?"]
        assert edited.previous.previous_id == second.previous.previous_id == first.pk

    async def test_the_first_question_can_be_edited_too(self, talk, shown):
        first = await talk.ask("One?", "1.")
        await talk.ask("Won?", "1b.", edits=first.previous_id)
        assert talk.heard == ["Won?"]
        assert await shown(first) == ["Won?", "1b."]

    async def test_an_answer_again_is_another_version_and_is_asked_as_before(self, talk, shown):
        wish = PLAIN._replace(think=True)
        first = await talk.ask("One?", "1.", wish=wish)
        again = await talk.ask(says="Once.", regenerates=first.pk)
        assert talk.heard == ["One?"]
        assert again.previous_id == first.previous_id
        assert again.wish == wish
        assert await shown(first) == ["One?", "Once."]
        assert await Conversation.objects.acount() == 1

    async def test_another_model_may_answer_again(self, talk):
        first = await talk.ask("One?", "1.")
        wish = PLAIN._replace(model="tiny-chat:latest")
        again = await talk.ask(regenerates=first.pk, wish=wish, said={"model"})
        assert again.model == "tiny-chat:latest"
        assert talk.server.asked("/api/chat")[-1]["model"] == "tiny-chat:latest"

    async def test_what_follows_an_answer_is_said_by_who_asks(self, talk, shown):
        first = await talk.ask("One?", "1.")
        await talk.ask("Two?", "2.", previous=first.pk)
        await talk.ask("Or?", "3.", previous=first.pk)
        assert talk.heard == ["One?", "1.", "Or?"]
        assert await shown(first) == ["One?", "1.", "Or?", "3."]

    async def test_questions_at_the_same_moment_follow_one_another(self, talk):
        first = await talk.ask("One?", "1.")
        pk = first.conversation_id
        both = await asyncio.gather(
            *(asking.ask(talk.user, each, PLAIN, conversation=pk) for each in ("Two?", "Three?"))
        )
        await asyncio.wait_for(answering.finished(), 20)
        assert both[0].previous_id != both[1].previous_id
        questions = Message.objects.filter(conversation=pk, role="user")
        assert await questions.values("previous").distinct().acount() == 3

    async def test_who_sees_less_of_it_asks_at_its_end_all_the_same(self, talk, shown):
        first = await talk.ask("One?", "1.")
        pk = first.conversation_id
        second = await talk.ask("Two?", "2.", conversation=pk, after=first.pk)
        third = await talk.ask("Three?", "3.", conversation=pk, after=first.pk)
        assert talk.heard == ["One?", "1.", "Two?", "2.", "Three?"]
        other = await talk.ask("Too?", "2b.", edits=second.previous_id)
        fourth = await talk.ask("Four?", "4.", conversation=pk, after=third.pk)
        assert fourth.previous.previous_id == third.pk
        await database_sync_to_async(asking.delete_turn)(fourth.previous)
        await database_sync_to_async(asking.delete_turn)(other.previous)
        await talk.ask("Five?", "5.", conversation=pk, after=other.pk)
        assert (await shown(first))[-3:] == ["3.", "Five?", "5."]

    @pytest.mark.parametrize("name", ["previous", "after", "edits", "regenerates", "continues"])
    async def test_a_stranger_has_no_part_in_it(self, talk, bob, name):
        first = await talk.ask("One?", "1.")
        pk = first.previous_id if name == "edits" else first.pk
        with pytest.raises(NotFound):
            await asking.ask(bob, "And?", PLAIN, place=Place(**{name: pk}))
        assert await Message.objects.acount() == 2

    async def test_over_http_an_answer_comes_again_and_is_written_on(self, alice_async, talk):
        first = await talk.ask("One?", "1.")
        talk.server.script(answer="Once, ", done_reason="length")
        told = await stream(alice_async, {"regenerates": first.pk})
        assert "".join(each.get("content", "") for each in told) == "Once, "
        pk = told[-1]["message_id"]
        assert pk != first.pk
        talk.server.script(answer="and for all.")
        told = await stream(alice_async, {"continues": pk})
        assert "".join(each.get("content", "") for each in told) == "Once, and for all."
        assert told[-1]["message_id"] == pk
        shown = (await alice_async.get(f"/api/messages/{pk}")).json()
        assert (shown["text"], shown["versions"]) == ("Once, and for all.", [first.pk, pk])
        assert shown["can_continue"] is False


async def stream(client, body):
    response = await client.post("/api/chat", body, content_type="application/json")
    sent = b"".join([part async for part in response.streaming_content]).decode()
    return [json.loads(line[6:]) for line in sent.splitlines() if line.startswith("data: ")]


@pytest.fixture
def forked(alice):
    """One?, two answers; the second of them followed by two versions of a question."""
    conversation = make_conversation(alice)
    first = make_answer(alice, "1.", question="One?", conversation=conversation)
    again = conversation.messages.create(
        owner=alice, role="assistant", text="Once.", previous=first.previous
    )
    pks = []
    for question, text in (("Two?", "2."), ("Too?", "2b.")):
        asked = conversation.messages.create(
            owner=alice, role="user", text=question, previous=again
        )
        pks.append(
            conversation.messages.create(owner=alice, role="assistant", text=text, previous=asked)
        )
    conversation.shown = pks[-1]
    conversation.save()
    return conversation


def one(conversation, text):
    return conversation.messages.get(text=text)


def texts(client, conversation):
    told = client.get(f"/api/conversations/{conversation.pk}").json()
    return [message["text"] for message in told["messages"]]


pytestmark = pytest.mark.django_db


def test_each_message_names_its_versions(alice_client, forked):
    told = alice_client.get(f"/api/conversations/{forked.pk}").json()["messages"]
    assert [message["text"] for message in told] == ["One?", "Once.", "Too?", "2b."]
    first, again = one(forked, "1."), one(forked, "Once.")
    assert told[1]["versions"] == [first.pk, again.pk]
    assert [message["version"] for message in told] == [1, 2, 2, 1]
    assert [message["previous"] for message in told] == [None, *(each["id"] for each in told[:3])]
    assert alice_client.get(f"/api/messages/{first.pk}").json()["version"] == 1


def test_the_other_version_is_shown_with_what_followed_it(alice_client, forked):
    alice_client.post(f"/api/messages/{one(forked, 'Two?').pk}/show")
    assert texts(alice_client, forked) == ["One?", "Once.", "Two?", "2."]
    alice_client.post(f"/api/messages/{one(forked, '1.').pk}/show")
    assert texts(alice_client, forked) == ["One?", "1."]
    alice_client.post(f"/api/messages/{one(forked, 'Once.').pk}/show")
    assert texts(alice_client, forked) == ["One?", "Once.", "Too?", "2b."]


def test_a_link_to_a_message_shows_its_branch_and_changes_nothing(alice_client, forked):
    pk = one(forked, "2.").pk
    page = alice_client.get(f"/c/{forked.pk}/?at={pk}").content.decode()
    assert f'id="message-{pk}"' in page
    assert texts(alice_client, forked)[-1] == "2b."
    for at in ("9999999", "x", "-1"):
        assert "2b." in alice_client.get(f"/c/{forked.pk}/?at={at}").content.decode()


def test_a_turn_goes_with_what_follows_it_and_its_other_versions_stay(alice_client, forked):
    pk = one(forked, "Too?").pk
    assert alice_client.delete(f"/api/messages/{pk}").json() == {"success": True}
    assert texts(alice_client, forked) == ["One?", "Once.", "Two?", "2."]
    assert not forked.messages.filter(text__in=["Too?", "2b."]).exists()


def test_a_turn_that_is_not_shown_can_go_too(alice_client, forked):
    alice_client.delete(f"/api/messages/{one(forked, 'Two?').pk}")
    assert texts(alice_client, forked) == ["One?", "Once.", "Too?", "2b."]


def test_the_conversation_goes_with_its_last_question(alice_client, forked):
    alice_client.delete(f"/api/messages/{one(forked, 'One?').pk}")
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()


def test_only_a_question_is_taken_out(alice_client, forked):
    assert alice_client.delete(f"/api/messages/{one(forked, '1.').pk}").status_code == 404
    assert forked.messages.count() == 7


def test_a_shown_message_that_goes_leaves_the_conversation(forked):
    one(forked, "2b.").delete()
    forked.refresh_from_db()
    assert forked.shown is None


@pytest.mark.parametrize(
    "facts",
    [
        {"role": "assistant", "previous": None},
        {"role": "user", "verdict": "good"},
        {"role": "assistant", "verdict": "fine"},
        {"role": "assistant", "verdict_words": "Long."},
    ],
)
def test_the_database_keeps_no_message_that_makes_no_sense(alice, forked, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        forked.messages.create(**{"owner": alice, "previous": one(forked, "One?"), **facts})


def test_no_message_follows_itself_or_a_later_one(forked):
    for later in (one(forked, "One?"), one(forked, "2b.")):
        with pytest.raises(IntegrityError), transaction.atomic():
            forked.messages.filter(text="One?").update(previous=later)


def test_a_verdict_is_kept_and_taken_back(alice_client, alice, forked):
    answer = one(forked, "1.")
    address = f"/api/messages/{answer.pk}/verdict"
    alice_client.post(address, {"verdict": "bad", "words": "Too short."}, "application/json")
    told = alice_client.get(f"/api/messages/{answer.pk}").json()
    assert (told["verdict"], told["verdict_words"]) == ("bad", "Too short.")
    alice_client.post(address, {"verdict": ""}, "application/json")
    told = alice_client.get(f"/api/messages/{answer.pk}").json()
    assert (told["verdict"], told["verdict_words"]) == ("", "")
    assert alice_client.post(address, {"verdict": "fine"}, "application/json").status_code == 400


def test_the_admin_counts_verdicts_and_shows_no_word_of_them(admin_client, alice, forked):
    revising.judge(one(forked, "1."), "bad", "Unhelpful.")
    revising.judge(one(forked, "Once."), "good")
    page = admin_client.get("/admin/chat/conversation/").content.decode()
    assert 'class="field-bad">1<' in page
    assert 'class="field-good">1<' in page
    assert "Unhelpful" not in page
