"""Every road of the API, with keys: each opens what its scopes say, and nothing of others."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from localchat.accounts import api_keys, scopes
from localchat.accounts.models import ApiKey
from localchat.accounts.refusals import MACHINES
from tests.belongings import WORD, changed, rows
from tests.factories import make_document
from tests.roads import BODIES, OPEN, ROADS, all_roads, fill, operations
from tests.test_matrix import body_of, closed

concurrent = pytest.mark.django_db(transaction=True)


def key_of(user, *names, **facts) -> Client:
    made = api_keys.make(user, "a tool", names or scopes.USUAL, **facts)
    ApiKey.objects.filter(pk=made.key.pk).update(last_used=timezone.now())  # no use is written now
    return Client(headers={"authorization": f"Bearer {made.token}"})


def asked(client, method, url):
    return client.generic(method, url, "{}", content_type="application/json")


def urls(hers) -> Iterator[tuple[str, str, str]]:
    """Each operation with alice's ids in it: method, road, URL."""
    for method, road in sorted(each for each in operations() if each[1] not in OPEN):
        for url in hers.urls(road):
            yield method, road, url


def test_every_operation_of_the_api_has_its_scope_in_the_table():
    """One that fails here needs its line in localchat/accounts/scopes.py."""
    assert sorted(operations() - set(scopes.ROADS)) == []
    assert sorted(set(scopes.ROADS) - operations()) == []


def test_every_road_of_machines_is_an_operation():
    machines = {road for road in all_roads() if f"/{road}".startswith(MACHINES)}
    assert machines == {road for _, road in operations()}


def test_every_scope_in_the_table_is_one_that_a_key_can_have():
    for need in scopes.ROADS.values():
        assert need.scopes
        assert need.scopes <= set(scopes.SCOPES)


@concurrent
@pytest.mark.parametrize("scope", scopes.SCOPES)
def test_a_key_opens_what_its_scope_says_and_no_more(scope, hers, bob, settings):
    settings.OWNER_MODE = scope not in scopes.OF_SUPERUSERS  # which are for several people
    bob.is_superuser = bob.is_staff = scope in scopes.OF_SUPERUSERS
    bob.save()
    client, before = key_of(bob, scope), rows()
    for method, road, url in urls(hers):
        answer = asked(client, method, url)
        refused = answer.status_code == 403 and b"scope_missing" in answer.content
        assert refused == (scope not in scopes.ROADS[method, road].scopes), f"{method} {url}"
        assert answer.status_code != 401, f"{method} {url}"
        assert WORD.lower() not in body_of(answer).lower(), f"{method} {url}"
        closed(answer)
    assert changed(before, rows()) == []


def revoke(user):
    client = key_of(user)
    api_keys.revoke(user, ApiKey.objects.for_user(user).first().pk)
    return client


def expire(user):
    return key_of(user, expires=timezone.now() - timedelta(seconds=1))


def lock(user):
    client, user.is_active = key_of(user), False
    user.save()
    return client


def invent(user):
    return Client(headers={"authorization": "Bearer lc_" + "x" * 43})


@concurrent
@pytest.mark.parametrize("spoil", [revoke, expire, lock, invent])
def test_a_key_that_is_not_valid_opens_nothing(spoil, hers, alice):
    client = spoil(alice)
    before = rows()
    for method, _, url in urls(hers):
        answer = asked(client, method, url)
        assert answer.status_code == 401, f"{method} {url}"
        assert json.loads(answer.content)["error"] == "bad_key"
        assert answer["WWW-Authenticate"] == "Bearer"
    assert changed(before, rows()) == []


@concurrent
def test_a_key_of_another_collection_finds_nothing_beyond_it(hers, alice):
    other = make_document(alice, "other.pdf", ["Nothing of note."], collection="Others")
    client = key_of(alice, collections=[other.collection_id])
    before = rows()
    for method, road, url in urls(hers):
        answer = asked(client, method, url)
        if not scopes.ROADS[method, road].within:
            assert answer.status_code == 403, f"{method} {url}"
        said = body_of(answer).lower().replace(url.lower(), "")
        assert WORD.lower() not in said, f"{method} {url}"
        closed(answer)
    assert changed(before, rows()) == []


@concurrent
@pytest.mark.parametrize(("method", "url", "body"), BODIES)
def test_nor_with_ids_of_beyond_it_in_the_body(method, url, body, hers, alice):
    other = make_document(alice, "other.pdf", ["Nothing of note."], collection="Others")
    client, before = key_of(alice, collections=[other.collection_id]), rows()
    sent = json.dumps(hers.filled(body))
    answer = client.generic(method, url, sent, content_type="application/json")
    assert answer.status_code in {200, 403, 404}
    assert WORD.lower() not in body_of(answer).replace(f'"{WORD}"', "").lower()
    assert changed(before, rows()) == []


def test_pages_know_no_keys(hers, alice):
    client = key_of(alice)
    for road in all_roads():
        if not f"/{road}".startswith(MACHINES) and road not in OPEN:
            values = {name: getattr(hers, row) for name, row in ROADS.get(road, {}).items()}
            answer = client.get(fill(road, values))
            assert answer.status_code == 302, road
            assert answer["Location"].startswith("/login/"), road


def test_the_resolver_names_roads_as_the_table_does():
    assert get_resolver().resolve("/api/documents/7").route == "api/documents/<int:document_id>"
