"""An answer whose source is no longer shared with who asked: it stays, the passage is not shown."""

import json

import pytest

from chat.answers import quotes
from chat.keeping import forking
from chat.models import Message, Source
from chat.record import sources
from documents.desk import collections, sharing
from documents.models import Collection
from localchat.lib import events
from tests.factories import make_answer, make_document

TEXT = "The harbour was dredged in 1987."


@pytest.fixture
def plans(alice, data_folder):
    return make_document(alice, "plans.pdf", [TEXT], collection="Plans")


@pytest.fixture
def grant(plans, bob):
    return sharing.share(plans.collection, person="bob", role="reader")


@pytest.fixture
def answer(plans, grant, bob):
    return make_answer(bob, "In 1987 [1].", document=plans)


def take_back(plans, grant):
    sharing.revoke(plans.collection, grant.pk)


def lock_group(plans, grant):
    grant.delete()


def move_out(plans, grant):
    collections.move(
        Collection.objects.create(owner=plans.owner, name="Mine"), [plans.pk], plans.owner
    )


def get(client, url):
    answer = client.get(url)
    said = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, said.decode()


@pytest.mark.parametrize("end", [take_back, lock_group, move_out])
def test_the_answer_stays_and_says_that_its_source_is_not_shared(
    end, answer, plans, grant, bob_client
):
    roads = (
        f"/api/messages/{answer.pk}",
        f"/api/messages/{answer.pk}/sent",
        f"/api/conversations/{answer.conversation_id}",
        f"/c/{answer.conversation_id}/",
        f"/m/{answer.pk}/sources/1/",
        f"/m/{answer.pk}/copy/",
        f"/m/{answer.pk}/export/html/",
        f"/m/{answer.pk}/export/markdown/",
        f"/m/{answer.pk}/export/json/",
        f"/c/{answer.conversation_id}/export/json/",
    )
    assert any(TEXT in get(bob_client, road)[1] for road in roads)
    end(plans, grant)
    for road in roads:
        status, said = get(bob_client, road)
        assert status == 200, road
        assert TEXT not in said, road
        assert "plans.pdf" not in said, road
    told = json.loads(get(bob_client, f"/api/messages/{answer.pk}")[1])
    assert told["text"] == "In 1987 [1]."
    assert [each["change"] for each in told["stale"]] == ["withdrawn"]
    assert "no longer shared with you" in get(bob_client, f"/c/{answer.conversation_id}/")[1]
    assert "no longer shared with you" in get(bob_client, f"/m/{answer.pk}/sources/1/")[1]


def test_shared_again_it_is_shown_again(answer, plans, grant, bob_client):
    take_back(plans, grant)
    assert Source.objects.get().text == ""
    sharing.share(plans.collection, person="bob", role="reader")
    assert Source.objects.get().text == TEXT


def test_the_owner_sees_it_as_before(answer, plans, grant, alice):
    hers = make_answer(alice, document=plans)
    take_back(plans, grant)
    assert sources.as_json(hers.sources.all())[0]["text"] == TEXT


def test_a_fork_does_not_bring_it_back(answer, plans, grant, bob, bob_client):
    take_back(plans, grant)
    copied = forking.fork(bob, answer.pk)
    texts = Source.objects.filter(message__conversation=copied).values_list("text", flat=True)
    assert list(texts) == [""]


def test_quotes_and_events_go(plans, grant, bob, django_capture_on_commit_callbacks):
    quoted = make_answer(bob, f"{quotes.BEGINNING}\n\n> {TEXT} [1]", document=plans)
    events.Log(quoted.topic, 1).publish("sources", sources=[{"text": TEXT}])
    with django_capture_on_commit_callbacks(execute=True):
        take_back(plans, grant)
    assert TEXT not in Message.objects.get(pk=quoted.pk).text
    assert not events._redis().exists(events.key(quoted.topic))


def test_an_answer_that_is_being_written_from_it_is_stopped(
    plans, grant, bob, django_capture_on_commit_callbacks
):
    writing = make_answer(bob, "In", document=plans, status="writing", attempt=1)
    with django_capture_on_commit_callbacks(execute=True):
        take_back(plans, grant)
    assert Message.objects.get(pk=writing.pk).stopping
