"""Deleted conversations are gone for everybody at once, and for good a little later."""

from datetime import timedelta
from uuid import uuid4

import pytest
import redis
from django.urls import reverse
from django.utils import timezone

from chat import asking
from chat.keeping import changing, deleting, search
from chat.kept_notes import KeptNote
from chat.models import Conversation, Message, Provenance, Source
from chat.question_parsing import Wish
from localchat.lib import events
from localchat.lib.errors import NotFound
from localchat.web.background import sweep_jobs
from tests.factories import make_answer, make_conversation, make_document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_folder", "no_engine")]


def past_its_time(**which) -> None:
    Conversation.objects.filter(**which).update(expires=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def answer(alice):
    return make_answer(alice, document=make_document(alice))


def test_what_is_deleted_is_seen_by_nobody(alice, alice_client, answer):
    pk = answer.conversation_id
    deleting.delete(alice, [pk])
    assert Message.objects.filter(pk=answer.pk).exists(), "it can still be taken back"
    for road in (
        f"/c/{pk}/",
        f"/m/{answer.pk}/",
        f"/m/{answer.pk}/sources/1/",
        f"/api/conversations/{pk}",
        f"/api/messages/{answer.pk}",
        f"/api/messages/{answer.pk}/sent",
    ):
        assert alice_client.get(road).status_code == 404, road
    assert alice_client.get("/api/conversations").json() == []
    assert search.find(alice, "dredged", Conversation.objects.for_user(alice)) == []
    with pytest.raises(NotFound):
        asking.store(alice, "And then?", Wish(), answer.ref, pk)


def test_what_is_deleted_comes_back_whole(alice, answer):
    deleting.delete(alice, [answer.conversation_id])
    assert deleting.undo(alice, [answer.conversation_id]) == 1
    deleting.sweep()
    assert Message.objects.for_user(alice).count() == 2
    assert Source.objects.for_user(alice).count() == 1


def test_only_its_owner_takes_it_back(alice, bob, answer):
    assert deleting.delete(bob, [answer.conversation_id]) == []
    deleting.delete(alice, [answer.conversation_id])
    assert deleting.undo(bob, [answer.conversation_id]) == 0
    assert deleting.last_deleted(bob)[0] == []
    assert [row.pk for row in deleting.last_deleted(alice)[0]] == [answer.conversation_id]


def test_there_is_half_a_minute_and_more_to_take_it_back(alice, answer):
    deleting.delete(alice, [answer.conversation_id])
    end = Conversation.objects.get().expires
    assert timedelta(seconds=30) < end - timezone.now() <= deleting.UNDO


def test_past_its_time_it_is_not_taken_back(alice, answer):
    deleting.delete(alice, [answer.conversation_id])
    past_its_time()
    assert deleting.undo(alice, [answer.conversation_id]) == 0
    sweep_jobs()
    assert not Conversation.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_leaves_no_event_of_it(alice, answer, settings):
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.xadd(events.key(answer.topic), {"text": "secret"})
        before = [key for key in client.scan_iter() if answer.topic.encode() in key]
        deleting.delete(alice, [answer.conversation_id])
        past_its_time()
        sweep_jobs()
        left = [key for key in client.scan_iter() if answer.topic.encode() in key]
    assert before
    assert left == []


def test_what_is_being_written_is_stopped(alice):
    writing = make_answer(alice, "It was", status="writing", attempt=1)
    deleting.delete(alice, [writing.conversation_id])
    assert Message.objects.get(pk=writing.pk).stopping


def test_kept_ones_are_never_cleared_away(alice, answer):
    make_conversation(alice)
    sweep_jobs()
    assert Conversation.objects.count() == 2


def test_the_api_deletes_for_good(alice, alice_client, answer):
    assert alice_client.delete(f"/api/conversations/{answer.conversation_id}").status_code == 200
    assert not Conversation.objects.exists()


# Temporary ones.


def asked(user, **wish) -> Message:
    answer, _ = asking.store(user, "A secret of the harbour?", Wish(**wish), uuid4(), None)
    return answer


def test_a_temporary_one_is_in_no_list_and_not_found(alice, alice_client):
    answer = asked(alice, temporary=True)
    Message.objects.filter(pk=answer.pk).update(status="done", text="The harbour is old.")
    assert alice_client.get("/api/conversations").json() == []
    assert search.find(alice, "harbour", Conversation.objects.for_user(alice)) == []
    assert "secret of the harbour" not in alice_client.get("/").content.decode()
    assert changing.folders(alice) == []
    shown = alice_client.get(f"/c/{answer.conversation_id}/").content.decode()
    assert "Temporary" in shown


def test_a_temporary_one_lasts_an_hour_after_its_last_question(alice):
    answer = asked(alice, temporary=True)
    end = Conversation.objects.get().expires
    assert timedelta(minutes=59) < end - timezone.now() <= timedelta(hours=1)
    past_its_time()
    sweep_jobs()
    assert not Conversation.objects.exists()
    assert not Message.objects.filter(pk=answer.pk).exists()
    assert not Provenance.objects.exists()


def test_who_leaves_a_temporary_one_has_it_gone_in_a_moment(alice, alice_client):
    pk = asked(alice, temporary=True).conversation_id
    alice_client.post(reverse("conversation_leave", args=[pk]))
    assert Conversation.objects.get().expires - timezone.now() <= deleting.LEFT


def test_loading_its_page_again_keeps_it(alice, alice_client):
    pk = asked(alice, temporary=True).conversation_id
    alice_client.post(reverse("conversation_leave", args=[pk]))
    assert alice_client.get(f"/c/{pk}/").status_code == 200
    assert Conversation.objects.get().expires - timezone.now() > timedelta(minutes=59)


def test_a_kept_one_cannot_be_left(alice, alice_client):
    pk = make_conversation(alice).pk
    alice_client.post(reverse("conversation_leave", args=[pk]))
    assert Conversation.objects.get().expires is None


def test_a_temporary_one_that_is_deleted_does_not_come_back(alice):
    pk = asked(alice, temporary=True).conversation_id
    deleting.delete(alice, [pk])
    assert not Conversation.objects.exists()


def test_what_a_temporary_one_noted_of_documents_goes_with_it(alice):
    content = make_document(alice).current.content
    before = KeptNote.objects.create(
        owner=alice, content=content, key="before", text="An old note."
    )
    pk = asked(alice, temporary=True).conversation_id
    KeptNote.objects.create(owner=alice, content=content, key="secret", text="What it was about.")
    kept = KeptNote.objects.create(
        owner=alice, content=content, key="kept", text="Of another talk."
    )
    Provenance.objects.create(
        message=make_answer(alice), turns=[{"pieces": [{"note": content.pk, "key": "kept"}]}]
    )
    deleting.delete(alice, [pk])
    assert set(KeptNote.objects.all()) == {before, kept}
