"""Many documents at once: the line they wait in, stopping, trying again, deleting."""

import json

import pytest
import redis
from django.conf import settings
from django.contrib.auth.models import Permission

from documents import tasks, topics
from documents.desk import cancelling
from documents.ingest import queue_places
from documents.models import Document
from localchat.lib import events
from tests.factories import make_document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_folder", "no_engine")]


@pytest.fixture(autouse=True)
def _new_second(monkeypatch):
    monkeypatch.setattr(queue_places, "_told", 0.0)


@pytest.fixture
def line(alice, bob):
    """Three of alice's that wait, with one of bob's before the last."""
    owners = [alice, alice, bob, alice]
    return [
        make_document(owner, f"{number}.pdf", [f"Number {number}."], ready=False, attempt=1)
        for number, owner in enumerate(owners)
    ]


def post(client, road, **body):
    answer = client.post(f"/api/documents/{road}", body, "application/json")
    return answer.status_code, answer.json()


def told(document) -> list[dict]:
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as client:
        entries = client.xrange(events.key(document.topic))
    return [json.loads(fields["event"]) for _, fields in entries]


def states():
    return list(Document.objects.order_by("pk").values_list("status", "error"))


def test_everybody_sees_the_true_place_in_the_line(line, alice_client, bob_client):
    listed = {row["name"]: row["place"] for row in alice_client.get("/api/documents").json()}
    assert listed == {"0.pdf": 1, "1.pdf": 2, "3.pdf": 4}
    assert bob_client.get(f"/api/documents/{line[2].pk}").json()["place"] == 3


def test_what_does_not_wait_has_no_place(alice, alice_client):
    document = make_document(alice)
    assert alice_client.get(f"/api/documents/{document.pk}").json()["place"] is None


def test_the_places_of_thousands_take_one_query(alice, alice_client, django_assert_max_num_queries):
    first = make_document(alice, "first.pdf", ready=False)
    facts = {"owner": alice, "collection": first.collection, "status": "queued"}
    Document.objects.bulk_create(Document(name=f"{n}.txt", **facts) for n in range(3000))
    with django_assert_max_num_queries(7):  # one of them notes the log-in
        rows = alice_client.get("/api/documents").json()
    assert sorted(row["place"] for row in rows) == list(range(1, 3002))


def test_those_who_wait_hear_that_they_moved_up(line):
    Document.objects.claim(line[0].pk)
    queue_places.tell()
    assert [event["place"] for document in line[1:] for event in told(document)] == [1, 2, 3]
    assert told(line[0]) == []
    queue_places.tell()
    assert len(told(line[1])) == 1  # not at every step


def test_who_begins_to_follow_sees_the_place_at_once(line, alice):
    snapshot = topics.DocumentTopics().snapshot(alice, line[3].pk)
    assert snapshot.events[0]["place"] == 4


def test_the_events_of_the_work_come_after_those_of_the_line(line):
    queue_places.tell()
    claimed = Document.objects.claim(line[0].pk)
    events.Log(claimed.topic, claimed.attempt).publish("progress", stage="reading")
    queue_places.tell()
    assert [event["stage"] for event in told(line[0])] == ["queued", "reading"]


def test_those_that_wait_are_stopped_at_once(line, alice_client):
    status, answer = post(alice_client, "cancel", documents=[line[0].pk, line[1].pk])
    assert (status, answer["count"]) == (200, 2)
    stopped = ("failed", "stopped")
    assert states() == [stopped, stopped, ("queued", ""), ("queued", "")]
    assert told(line[0])[-1]["type"] == "failed"
    tasks.ingest(line[0].pk)
    assert states()[0] == stopped


def test_all_means_all_of_mine(line, alice_client):
    assert post(alice_client, "cancel", all=True)[1]["count"] == 3
    assert [status for status, _ in states()] == ["failed", "failed", "queued", "failed"]


def test_what_is_being_read_is_asked_to_stop(alice, alice_client):
    document = make_document(alice, status="reading", attempt=1)
    make_document(alice, "ready.pdf", ["Ready."])
    assert post(alice_client, "cancel", all=True)[1]["count"] == 1
    document.refresh_from_db()
    assert (document.status, document.stopping) == ("reading", True)


def test_one_that_waits_can_be_stopped_by_its_topic(line, alice_client):
    assert alice_client.post(f"/api/streams/{line[0].topic}/stop").status_code == 200
    assert states()[0] == ("failed", "stopped")


def test_all_that_failed_are_tried_again(line, alice, alice_client):
    cancelling.cancel(Document.objects.for_user(alice))
    assert post(alice_client, "retry-failed", documents=[line[0].pk])[1]["count"] == 1
    assert post(alice_client, "retry-failed", all=True)[1]["count"] == 2
    assert {status for status, _ in states()} == {"queued"}
    line[0].refresh_from_db()
    assert (line[0].attempt, line[0].tries, line[0].problem) == (2, 0, "")


def test_many_are_deleted_or_none(line, alice_client):
    mine, bobs = [line[0].pk, line[1].pk], line[2].pk
    assert post(alice_client, "delete", documents=[*mine, bobs])[0] == 404
    assert Document.objects.count() == 4
    _, answer = post(alice_client, "delete", documents=mine)
    assert answer["receipt"]["documents"] == 2
    assert answer["message"].startswith("2 documents were deleted: 2 versions, 0 passages,")
    assert Document.objects.count() == 2


@pytest.mark.parametrize("body", [{}, {"all": True, "documents": [1]}, {"documents": [2**63]}])
def test_what_is_not_clear_is_not_done(line, alice_client, body):
    status, answer = post(alice_client, "cancel", **body)
    assert (status, answer["error"]) == (400, "bad_request")
    assert {status for status, _ in states()} == {"queued"}


def test_the_admin_stops_and_tries_again(line, admin_client):
    for action, expected in (("stop_selected", "failed"), ("retry_selected", "queued")):
        wish = {"action": action, "_selected_action": [document.pk for document in line]}
        assert admin_client.post("/admin/documents/document/", wish).status_code == 302
        assert {status for status, _ in states()} == {expected}


def test_who_may_only_look_at_documents_stops_and_reads_none(alice, bob, bob_client):
    bob.is_staff = True
    bob.save()
    bob.user_permissions.add(Permission.objects.get(codename="view_document"))
    document = make_document(alice, ready=False)
    for action in ("stop_selected", "retry_selected", "read_older_selected"):
        form = {"action": action, "_selected_action": [document.pk]}
        page = bob_client.post("/admin/documents/document/", form, follow=True)
        assert page.status_code == 200
        assert f'value="{action}"' not in page.content.decode()
        document.refresh_from_db()
        assert document.status == "queued"
