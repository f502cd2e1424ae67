"""Pages show times by the reader's clock, whatever a cookie says."""

from datetime import UTC, datetime

import pytest

from chat.models import Conversation
from tests.factories import make_conversation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_engine")]


def shown(client, settings, zone: str) -> str:
    client.cookies[settings.ZONE_COOKIE_NAME] = zone
    answer = client.get("/conversations/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("zone", "time"),
    [
        ("Asia/Tokyo", "May 4, 2021, 5:30 a.m."),
        ("America/New_York", "May 3, 2021, 4:30 p.m."),
        ("../../etc/passwd", "May 3, 2021, 8:30 p.m."),
        ("/etc/localtime", "May 3, 2021, 8:30 p.m."),
        ("x" * 3000, "May 3, 2021, 8:30 p.m."),
        ("Europe", "May 3, 2021, 8:30 p.m."),
        ("", "May 3, 2021, 8:30 p.m."),
    ],
)
def test_times_are_those_of_the_cookies_zone(alice, alice_client, settings, zone, time):
    make_conversation(alice)
    Conversation.objects.update(touched=datetime(2021, 5, 3, 20, 30, tzinfo=UTC))
    assert time in shown(alice_client, settings, zone)


def test_one_readers_zone_is_not_the_nexts(alice, alice_client, bob, bob_client, settings):
    for user in (alice, bob):
        make_conversation(user)
    Conversation.objects.update(touched=datetime(2021, 5, 3, 20, 30, tzinfo=UTC))
    shown(alice_client, settings, "Asia/Tokyo")
    assert "8:30 p.m." in bob_client.get("/conversations/").content.decode()


@pytest.mark.parametrize(
    ("asked", "language"), [("de-AT,de;q=0.9", "de"), ("fr", "en"), ("en", "en"), ("*", "en")]
)
def test_pages_speak_what_the_browser_asks_for_if_they_can(alice_client, asked, language):
    page = alice_client.get("/", headers={"Accept-Language": asked}).content.decode()
    assert f'<html lang="{language}">' in page
    assert ("Neue Frage" in page) == (language == "de")


def test_what_was_chosen_goes_before(alice_client, settings):
    answer = alice_client.post("/language/", {"language": "de", "next": "/models/"})
    assert answer["Location"] == "/models/"
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie["samesite"] == "Lax"
    assert str(settings.PORT) in cookie.key
    page = alice_client.get("/models/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="de">' in page


def test_the_api_speaks_of_no_zone_but_utc(alice, alice_client, settings):
    make_conversation(alice)
    alice_client.cookies[settings.ZONE_COOKIE_NAME] = "Asia/Tokyo"
    (row,) = alice_client.get("/api/conversations").json()
    assert row["touched"].endswith("+00:00")
