"""Every road, with somebody else's ids: 404, and nothing happens."""

import json
import re

import pytest

from chat.models import Source
from documents.models import Chunk
from localchat.accounts.refusals import MACHINES
from tests.belongings import WORD, changed, rows
from tests.roads import BODIES, OPEN, QUERIES, ROADS, STAFF, all_roads, fill

# Some roads read in threads of their own, which see nothing of a test's transaction.
concurrent = pytest.mark.django_db(transaction=True)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
NOT_SHOWN = {401, 403, 404}
NOT_A_METHOD = 405


def closed(answer) -> None:
    """Close what it would stream, without ending a request that the client has ended."""
    for close in getattr(answer, "_resource_closers", []):
        close()


def body_of(answer) -> str:
    content = b"" if answer.streaming else answer.content
    return content.decode(errors="replace") + str(dict(answer.headers))


def test_every_road_is_in_the_table():
    """One that fails here needs its line in tests/roads.py: whose ids does it take?"""
    known = set(ROADS) | OPEN
    assert [road for road in all_roads() if road not in known and not road.startswith(STAFF)] == []


def test_the_table_has_no_road_that_is_gone():
    assert set(ROADS) - set(all_roads()) == set()


def test_every_parameter_is_in_the_table():
    for road, wanted in ROADS.items():
        assert set(re.findall(r"<(?:\w+:)?(\w+)>", road)) == set(wanted), road


@concurrent
@pytest.mark.parametrize("road", [road for road, wanted in ROADS.items() if wanted])
def test_with_alices_ids_bob_finds_nothing(road, hers, bobs):
    before, answered = rows(), set()
    for url in hers.urls(road):
        for method in METHODS:
            answer = bobs.generic(method, url, "{}", content_type="application/json")
            answered.add(answer.status_code)
            assert answer.status_code in {*NOT_SHOWN, NOT_A_METHOD}, f"{method} {url}"
            assert WORD.lower() not in body_of(answer).lower(), f"{method} {url}"
    assert changed(before, rows()) == []
    assert answered & NOT_SHOWN, "no method of this road was met"


@concurrent
@pytest.mark.parametrize("road", [road for road, wanted in ROADS.items() if wanted])
def test_the_same_ids_are_something_to_alice(road, hers, alice_client):
    """Or else the test above would show nothing."""
    answers = set()
    for url in hers.urls(road):
        for method in ("GET", "POST"):
            answer = alice_client.generic(method, url, "{}", content_type="application/json")
            answers.add(answer.status_code)
            closed(answer)
        if answers == {NOT_A_METHOD}:
            answers.add(alice_client.delete(url).status_code)
    assert answers & {200, 302, 400, 409}, answers


@pytest.mark.parametrize(
    "road", [r for r, wanted in ROADS.items() if not wanted and r != "logout/"]
)
def test_without_ids_bob_sees_and_changes_only_his_own(road, hers, bobs):
    before = rows()
    for method in METHODS:
        answer = bobs.generic(method, fill(road, {}), "{}", content_type="application/json")
        assert WORD.lower() not in body_of(answer).lower(), f"{method} {road}"
        assert answer.status_code < 500 or answer.status_code in {502, 503}, f"{method} {road}"
        closed(answer)
    assert changed(before, rows()) == []


@pytest.mark.parametrize("url", QUERIES)
def test_with_alices_names_in_the_query_bob_finds_nothing(url, hers, bobs):
    answer = bobs.get(hers.filled(url))
    assert answer.status_code in {200, *NOT_SHOWN}
    said = body_of(answer).replace(hers.filled(url), "")
    assert f"{WORD}.pdf" not in said
    assert f"about {WORD}" not in said
    assert f"On {WORD}" not in said


@concurrent
@pytest.mark.parametrize(("method", "url", "body"), BODIES)
def test_with_alices_ids_in_the_body_bob_finds_nothing(method, url, body, hers, bobs):
    before, sent = rows(), json.dumps(hers.filled(body))
    answer = bobs.generic(method, url, sent, content_type="application/json")
    assert answer.status_code in {200, *NOT_SHOWN}
    said = body_of(answer).replace(f'"{WORD}"', "")  # a search tells what was searched for
    assert WORD.lower() not in said.lower()
    assert changed(before, rows()) == []


def test_nobody_comes_in_without_a_login(hers, client):
    before = rows()
    for road in all_roads():
        values = {name: getattr(hers, row) for name, row in ROADS.get(road, {}).items()}
        for method in METHODS:
            url = fill(road, values)
            answer = client.generic(method, url, "{}", content_type="application/json")
            check_stranger(road, answer, f"{method} {url}")
    assert changed(before, rows()) == []


def check_stranger(road, answer, asked):
    assert WORD.lower() not in body_of(answer).lower(), asked
    if road in OPEN:
        assert answer.status_code in {200, 400, 405, 410, 503}, asked
    elif f"/{road}".startswith(MACHINES):
        assert answer.status_code == 401, asked
    else:
        assert answer.status_code == 302, asked
        assert answer["Location"].startswith("/login/"), asked


def test_the_admin_is_not_there_for_bob(hers, bobs):
    before = rows()
    for road in all_roads():
        if road.startswith(STAFF) and road != "admin/login/":
            for method in METHODS:
                url = fill(road, {"object_id": hers.document, "id": hers.document})
                assert bobs.generic(method, url, "").status_code == 404, f"{method} {url}"
    assert changed(before, rows()) == []


def test_alices_rows_are_compared_at_all(hers):
    before = rows()
    assert {"Document", "Chunk", "Message", "Source", "Pull"} <= {t for t, r in before.items() if r}
    Chunk.objects.update(text="")
    Source.objects.all().delete()
    assert {each.split()[0] for each in changed(before, rows())} == {"Chunk", "Source"}
