"""Titles, folders, tags, pinned and archived: what a person gives, and how the list shows it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from chat.keeping import alike_titles, groups
from chat.models import Conversation
from tests.factories import make_answer, make_conversation

pytestmark = pytest.mark.django_db


def patch(client, conversation, **changes):
    return client.patch(
        f"/api/conversations/{conversation.pk}", changes, content_type="application/json"
    )


def shown(user, **facts) -> dict[str, list[str]]:
    return {
        group.name: [row.short for row in group.rows] for group in groups.side(user, **facts).groups
    }


def test_what_is_not_named_stays(alice, alice_client):
    one = make_conversation(alice, folder="Ships", tags=["old"])
    said = patch(alice_client, one, title="  The\n harbour dues ").json()
    assert said["title"] == "The harbour dues"
    assert (said["titled"], said["folder"], said["tags"]) == ("person", "Ships", ["old"])
    said = patch(alice_client, one, pinned=True, archived=True, folder="", tags=[]).json()
    assert (said["pinned"], said["archived"], said["folder"], said["tags"]) == (True, True, "", [])
    assert said["title"] == "The harbour dues"


def test_an_empty_title_is_the_questions_own_words_again(alice, alice_client):
    answer = make_answer(alice, question="When was the harbour dredged?")
    patch(alice_client, answer.conversation, title="Mud")
    said = patch(alice_client, answer.conversation, title=" ").json()
    assert (said["title"], said["titled"]) == ("When was the harbour dredged?", "question")


def test_a_tag_is_there_once(alice, alice_client):
    said = patch(alice_client, make_conversation(alice), tags=["Tax", "tax", " ", "2024"]).json()
    assert said["tags"] == ["Tax", "2024"]


@pytest.mark.parametrize(
    "changes", [{"title": "x" * 201}, {"folder": "x" * 81}, {"tags": ["x" * 41]}, {"tags": "no"}]
)
def test_what_is_too_long_is_refused_and_nothing_changed(alice, alice_client, changes):
    one = make_conversation(alice)
    assert patch(alice_client, one, pinned=True, **changes).status_code == 400
    assert not Conversation.objects.get().pinned


def test_bob_changes_nothing_of_alices(alice, bob_client):
    assert patch(bob_client, make_conversation(alice), title="Mine").status_code == 404
    assert Conversation.objects.get().title == "The harbour"


def test_the_list_by_folder_tag_and_archive(alice, alice_client):
    make_conversation(alice, title="a", folder="Ships", tags=["x"])
    make_conversation(alice, title="b", archived=True)
    make_conversation(alice, title="c")

    def titles(query: str) -> list[str]:
        return [row["title"] for row in alice_client.get(f"/api/conversations?{query}").json()]

    assert titles("") == ["c", "b", "a"]
    assert titles("folder=Ships") == ["a"]
    assert titles("tag=x") == ["a"]
    assert titles("archived=true") == ["b"]
    assert titles("archived=false&limit=1&offset=1") == ["a"]


def test_a_search_over_the_api_says_where(alice, alice_client):
    answer = make_answer(alice, "It was dredged in 1987.")
    (found,) = alice_client.get("/api/conversations?q=dredging").json()
    assert found["id"] == answer.conversation_id
    assert found["hit"]["message"] == answer.pk
    ((start, end),) = found["hit"]["marks"]
    assert found["hit"]["text"][start:end] == "dredged"


# The list at the side.


def at(user, title: str, days: int, **facts) -> None:
    row = make_conversation(user, title=title, **facts)
    moment = timezone.now() - timedelta(days=days)
    Conversation.objects.filter(pk=row.pk).update(touched=moment)


def test_pinned_first_then_folders_then_days(alice):
    at(alice, "today", 0)
    at(alice, "yesterday", 1)
    at(alice, "this week", 4)
    at(alice, "long ago", 400)
    at(alice, "pinned", 500, pinned=True)
    at(alice, "filed", 0, folder="Ships")
    at(alice, "put away", 0, archived=True)
    found = shown(alice)
    assert list(found)[:5] == ["Pinned", "Ships", "Today", "Yesterday", "This week"]
    assert len(found) == 6, found
    assert "put away" not in str(found)


def test_days_are_the_readers_own(alice, monkeypatch):
    moment = datetime(2026, 11, 14, 22, 30, tzinfo=UTC)
    make_conversation(alice, title="late")
    Conversation.objects.update(touched=moment)
    monkeypatch.setattr(timezone, "now", lambda: moment + timedelta(hours=2))
    assert list(shown(alice)) == ["Yesterday"]
    with timezone.override("Europe/Berlin"):
        assert list(shown(alice)) == ["Yesterday"]
    with timezone.override("America/New_York"):
        assert list(shown(alice)) == ["Today"]


def test_a_month_has_the_name_of_the_language(alice):
    make_conversation(alice, title="old")
    Conversation.objects.update(touched=datetime(2021, 5, 3, tzinfo=UTC))
    assert list(shown(alice)) == ["May 2021"]
    with translation.override("de"):
        assert list(shown(alice)) == ["Mai 2021"]


def test_more_than_the_first_are_shown_on_request(alice):
    Conversation.objects.bulk_create(
        Conversation(owner=alice, title=f"number {n}") for n in range(300)
    )
    side = groups.side(alice)
    assert sum(len(group.rows) for group in side.groups) == groups.AT_FIRST
    for _ in range(3):
        side = groups.side(alice, shown=side.more)
    assert sum(len(group.rows) for group in side.groups) == 300
    assert side.more == 0


def test_titles_that_begin_alike_are_told_apart(alice):
    make_conversation(alice, title="What was the key agenda of the Amcor 8-K of July?")
    make_conversation(alice, title="What was the key agenda of the Foot Locker 8-K?")
    make_conversation(alice, title="Something else")
    assert shown(alice)["Today"] == [
        "Something else",
        "What was … Foot Locker 8-K?",
        "What was … Amcor 8-K of July?",
    ]


def test_the_same_title_twice_has_its_date(alice):
    for moment in (datetime(2021, 5, 3, 9, 5, tzinfo=UTC), datetime(2021, 5, 4, 9, 5, tzinfo=UTC)):
        make_conversation(alice, title="Summarise it")
        Conversation.objects.filter(created__gt=moment).exclude(touched__year=2021).update(
            touched=moment
        )
    assert shown(alice) == {"May 2021": ["4 May: Summarise it", "3 May: Summarise it"]}


def test_on_the_same_day_the_time_tells_them_apart(alice):
    rows = [make_conversation(alice, title="Summarise it") for _ in range(2)]
    for hour, row in enumerate(rows, start=9):
        row.touched = datetime(2021, 5, 3, hour, 5, tzinfo=UTC)
    found = alike_titles.apart(rows)
    assert list(found.values()) == ["3 May, 09:05: Summarise it", "3 May, 10:05: Summarise it"]
