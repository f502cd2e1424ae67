"""A new conversation begins from an answer of another one, and neither needs the other."""

import asyncio

import pytest
from channels.db import database_sync_to_async
from django.urls import reverse

from chat import answering, asking
from chat.keeping import deleting, forking
from chat.models import Conversation, Message, Source
from documents.desk import deleting as deleting_documents
from localchat.lib.errors import Conflict, NotFound
from tests.documents import traces
from tests.factories import make_answer, make_conversation, make_document

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture
def document(alice):
    return make_document(alice, "harbour-plan.pdf")


@pytest.fixture
def talk(alice, document):
    """Two answers, of which the first has another version, which is not shown."""
    conversation = make_conversation(
        alice, folder="Ports", tags=["old"], pinned=True, instructions="Be brief.", model="tiny"
    )
    conversation.documents = [document.pk]
    conversation.save()
    first = make_answer(alice, conversation=conversation, document=document)
    Message.objects.create(
        owner=alice, conversation=conversation, role="assistant", previous=first.previous
    )
    make_answer(alice, "By a dredger.", question="By whom?", conversation=conversation)
    return conversation


def answers(conversation):
    return list(conversation.messages.answers().order_by("pk"))


def told(client, conversation):
    return client.get(f"/api/conversations/{conversation.pk}").json()


@pytest.mark.django_db
class TestBegun:
    pytestmark = pytest.mark.usefixtures("no_engine")

    def test_it_has_the_branch_up_to_that_answer(self, alice, alice_client, talk):
        before = told(alice_client, talk)
        pk = alice_client.post(f"/api/messages/{answers(talk)[0].pk}/fork").json()["id"]
        new = told(alice_client, Conversation.objects.get(pk=pk))
        assert [each["text"] for each in new["messages"]] == [
            "When was the harbour dredged?",
            "In 1987 [1].",
        ]
        assert [each["versions"] for each in new["messages"]] == [
            [each["id"]] for each in new["messages"]
        ]
        for mine, theirs in zip(new["messages"], before["messages"], strict=False):
            assert mine["id"] != theirs["id"]
            assert mine["sources"] == theirs["sources"]
            assert mine["created"] == theirs["created"]
        assert told(alice_client, talk) == before

    def test_it_keeps_how_is_asked_and_is_told_apart_by_its_title(self, alice, talk):
        last = answers(talk)[-1].pk
        new, again = forking.fork(alice, last), forking.fork(alice, last)
        assert new.as_manner() == talk.as_manner()
        assert (new.folder, new.tags, new.pinned) == ("Ports", ["old"], False)
        assert (new.title, again.title) == ("The harbour (2)", "The harbour (3)")
        from_the_copy = forking.fork(alice, answers(new)[-1].pk)
        assert from_the_copy.title == "The harbour (4)"

    def test_a_title_of_the_full_length_is_told_apart_too(self, alice, talk):
        Conversation.objects.update(title="x" * 200)
        new = forking.fork(alice, answers(talk)[0].pk)
        assert new.title == "x" * 196 + " (2)"

    def test_its_sources_open(self, alice, alice_client, talk):
        answer = answers(forking.fork(alice, answers(talk)[0].pk))[0]
        shown = alice_client.get(reverse("source", args=[answer.pk, 1]))
        assert shown.status_code == 200
        assert "harbour-plan.pdf" in shown.content.decode()

    def test_the_page_leads_to_it(self, alice, alice_client, talk):
        moved = alice_client.post(reverse("message_fork", args=[answers(talk)[0].pk]))
        assert moved.url == reverse("conversation", args=[Conversation.objects.latest("pk").pk])

    def test_nothing_begins_from_what_is_being_written_or_temporary(self, alice, alice_client):
        writing = make_answer(alice, "In", status="writing")
        with pytest.raises(Conflict):
            forking.fork(alice, writing.pk)
        talk = make_conversation(alice, temporary=True)
        passing = make_answer(alice, conversation=talk)
        refused = alice_client.post(f"/api/messages/{passing.pk}/fork")
        assert (refused.status_code, refused.json()["error"]) == (409, "conflict")
        page = alice_client.get(reverse("conversation", args=[talk.pk])).content.decode()
        assert reverse("message_fork", args=[passing.pk]) not in page
        assert Conversation.objects.count() == 2

    def test_nothing_begins_from_a_question_or_from_what_is_deleted(self, alice, talk):
        with pytest.raises(NotFound):
            forking.fork(alice, talk.messages.earliest("pk").pk)
        answer = answers(talk)[0].pk
        deleting.delete(alice, [talk.pk])
        with pytest.raises(NotFound):
            forking.fork(alice, answer)


@pytest.mark.django_db
class TestApart:
    pytestmark = pytest.mark.usefixtures("no_engine")

    @pytest.mark.parametrize("gone", ["original", "copy"])
    def test_either_stays_whole_when_the_other_is_deleted(self, alice, alice_client, talk, gone):
        new = forking.fork(alice, answers(talk)[-1].pk)
        goes, stays = (talk, new) if gone == "original" else (new, talk)
        before = told(alice_client, stays)
        asking.delete(goes)
        assert told(alice_client, stays) == before
        assert len(before["messages"]) == 4

    def test_what_is_deleted_of_documents_is_forgotten_in_both(self, alice, document, talk):
        first = answers(talk)[0]
        Message.objects.filter(pk=first.pk).update(
            text="“The harbour was dredged in 1987.” [1]", notes=["harbour-plan.pdf is long."]
        )
        new = forking.fork(alice, first.pk)
        assert traces.tables("harbour-plan")
        deleting_documents.delete(document)
        assert traces.tables("harbour-plan") == []
        assert set(Source.objects.values_list("text", "document")) == {("", None)}
        assert answers(new)[0].notes == answers(talk)[0].notes == ["a deleted document is long."]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("closed_hub", "fresh_choice")
async def test_the_talk_goes_on_from_what_was_sent_before(alice, alice_async, engine_server):
    await database_sync_to_async(make_document)(alice)

    async def answered(question, conversation=None):
        answer = await asking.ask(alice, question, asking.Wish(), conversation=conversation)
        await asyncio.wait_for(answering.finished(), 20)
        return answer

    engine_server.script(answer="It was dredged in 1987 [1].")
    first = await answered("When was the harbour dredged?")
    second = await answered("And the lighthouse keeper?", first.conversation_id)
    new = await database_sync_to_async(forking.fork)(alice, second.pk)
    await database_sync_to_async(asking.delete)(first.conversation)
    copy = await new.messages.answers().order_by("pk").alast()
    call = (await alice_async.get(f"/api/messages/{copy.pk}/sent")).json()["call"]
    assert call["exact"] is True
    engine_server.requests.clear()
    await answered("Was it deep?", new.pk)
    said = engine_server.asked("/api/chat")[-1]["messages"]
    assert [turn["content"] for turn in said[: len(call["turns"])]] == [
        turn["text"] for turn in call["turns"]
    ]
