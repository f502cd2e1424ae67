"""Every road, with the ids of a collection that is shared: each role does what it may, and no more."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from documents.models import Collection, Document, Grant, Role
from documents.models.rights import GIVEN
from localchat.accounts.refusals import MACHINES
from tests.belongings import WORD, changed, rows
from tests.factories import make_document
from tests.roads import ROADS, STAFF, all_roads, fill
from tests.roads_shared import needed
from tests.test_matrix import body_of, check_stranger, closed
from tests.test_matrix_keys import key_of

concurrent = pytest.mark.django_db(transaction=True)

NAMED = {"document", "collection", "file", "grant"}
GOES = {"delete/", "leave/", "leave", "revoke/"}  # after which there is nothing more to ask for
REFUSED = {401, 403, 404}


def level(role):
    return Role[role.upper()]


def goes(method, road):
    return method == "DELETE" or any(road.endswith(each) for each in GOES)


@pytest.fixture(params=list(GIVEN))
def role(request):
    return request.param


@pytest.fixture
def shared(hers, bob):
    def share(role, *, by_group=False):
        whom = {"person": bob}
        if by_group:
            whom = {"group": Group.objects.create(name="Harbour")}
            bob.groups.add(whom["group"])
        Grant.objects.create(collection_id=hers.collection, **whom, role=GIVEN[role])
        client = Client()
        client.force_login(bob)
        User.objects.filter(pk=bob.pk).update(last_login=None)
        return client

    return share


def ask(client, method, url):
    return client.generic(method, url, "{}", content_type="application/json")


def test_every_road_that_names_a_document_or_a_collection_is_in_the_table():
    """One that fails here needs its line in tests/roads_shared.py: what may each role do?"""
    named = {road for road, wanted in ROADS.items() if NAMED & set(wanted.values())}
    assert {road for _, road in needed()} == named


@concurrent
def test_beyond_the_role_everything_is_refused_and_stays(role, hers, shared, bob):
    client, before = shared(role), rows()
    key = key_of(bob)
    before |= {"ApiKey": rows()["ApiKey"]}
    for (method, road), least in needed().items():
        if level(least) > level(role):
            for url in hers.urls(road):
                for asking in (client, key) if f"/{road}".startswith(MACHINES) else (client,):
                    answer = ask(asking, method, url)
                    assert answer.status_code == 403, f"{method} {url}"
                    assert "A page about" not in body_of(answer), f"{method} {url}"
    assert changed(before, rows()) == []


@concurrent
@pytest.mark.parametrize("by_group", [False, True])
def test_within_the_role_it_is_served(role, hers, shared, by_group):
    client = shared(role, by_group=by_group)
    for (method, road), least in needed().items():
        if level(least) <= level(role) and not goes(method, road):
            for url in hers.urls(road):
                answer = ask(client, method, url)
                assert answer.status_code not in REFUSED, f"{method} {url}"
                closed(answer)


@concurrent
def test_a_keeper_deletes_documents_and_only_the_owner_the_collection(hers, shared, alice, bob):
    client = shared("keeper")
    collection = Collection.objects.get(pk=hers.collection)
    for (method, road), least in needed().items():
        if least == "keeper" and goes(method, road) and "grant" not in ROADS[road].values():
            gone = make_document(alice, "gone.pdf", ["Gone."], collection=collection.name)
            ids = {"document": gone.pk, "file": f"file-{gone.pk}"}
            url = fill(road, {name: ids[row] for name, row in ROADS[road].items()})
            assert ask(client, method, url).status_code in {200, 302}, f"{method} {url}"
            assert not Document.objects.filter(pk=gone.pk).exists(), f"{method} {url}"
    url = f"/api/collections/{hers.collection}"
    assert ask(client, "DELETE", f"{url}/grants/{hers.grant}").status_code == 200
    assert ask(client, "POST", f"{url}/leave").status_code == 200
    assert ask(client, "GET", url).status_code == 404
    alices = Client()
    alices.force_login(alice)
    assert ask(alices, "POST", f"{url}/leave").status_code == 409
    assert ask(alices, "DELETE", url).status_code == 200


@concurrent
def test_a_role_is_looked_at_for_documents_in_a_body_too(hers, shared, bob):
    client = shared("writer")
    before, one = rows(), {"documents": [hers.document]}
    for url in ("/api/documents/delete",):
        assert client.post(url, one, content_type="application/json").status_code == 403
    renamed = client.patch(
        f"/api/documents/{hers.document}", {"name": "mine.pdf"}, content_type="application/json"
    )
    assert renamed.status_code == 403
    form = {"act": "delete", "documents": [hers.document]}
    assert client.post("/documents/several/", form).status_code == 403
    form = {"act": "delete", "all": "on", "query": ""}
    assert client.post("/documents/several/", form).status_code == 400  # none that may go
    Grant.objects.filter(person=bob).update(role=Role.READER)
    for url in ("/api/documents/cancel", "/api/documents/retry-failed"):
        assert client.post(url, one, content_type="application/json").status_code == 403
        every = client.post(url, {"all": True}, content_type="application/json")
        assert every.json()["count"] == 0
    sent = {"confirm": True}
    client.delete("/api/documents/clear", sent, content_type="application/json")
    assert changed({**before, "Grant": {}}, rows()) == []


@concurrent
def test_documents_are_not_taken_into_a_collection_of_ones_own(hers, shared, bob):
    client = shared("keeper")
    own = Collection.objects.create(owner=bob, name="Mine")
    moved = {"documents": [hers.document]}
    url = f"/api/collections/{own.pk}/documents"
    assert client.post(url, moved, content_type="application/json").status_code == 409
    sent = {"collection": "Mine"}
    url = f"/api/documents/{hers.document}"
    assert client.patch(url, sent, content_type="application/json").status_code == 409
    assert Document.objects.get(pk=hers.document).collection_id == hers.collection


@concurrent
@pytest.mark.parametrize("rank", ["is_staff", "is_superuser"])
def test_staff_finds_no_more_than_anybody(rank, hers, bob):
    User.objects.filter(pk=bob.pk).update(**{"is_staff": True, rank: True})
    client = Client()
    client.force_login(User.objects.get(pk=bob.pk))
    before = rows()
    for road, wanted in ROADS.items():
        for url in hers.urls(road) if wanted else ():
            for method in ("GET", "POST", "PATCH", "DELETE"):
                answer = ask(client, method, url)
                assert answer.status_code in {*REFUSED, 405}, f"{method} {url}"
                assert WORD.lower() not in body_of(answer).lower(), f"{method} {url}"
    assert changed(before, rows()) == []


def test_who_is_deactivated_is_a_stranger(hers, alice):
    client = Client()
    client.force_login(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    before = rows()
    for road in all_roads():
        for url in hers.urls(road) if ROADS.get(road) else [fill(road, {})]:
            for method in ("GET", "POST", "DELETE"):
                check_stranger(road, ask(client, method, url), f"{method} {url}")
    assert changed(before, rows()) == []


@concurrent
def test_a_superuser_who_crawls_the_admin_reads_no_text(hers, bob):
    User.objects.filter(pk=bob.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(User.objects.get(pk=bob.pk))
    texts = (f"A page about {WORD}", f"Who is {WORD}", f"{WORD} is [1]", f"I am {WORD}")
    seen = 0
    for road in all_roads():
        if road.startswith(STAFF) and "<path:object_id>" not in road:
            for query in ("", f"?q={WORD}"):
                seen += check_no_text(client, fill(road, {}) + query, texts)
    for model, row in admin_rows(hers):
        for page in ("change", "history", "delete"):
            seen += check_no_text(client, f"/admin/{model}/{row}/{page}/", texts)
    for url in (
        "/conversations/?q=" + WORD,
        "/conversations/export.json",
        "/documents/",
        "/palette/?q=" + WORD,
    ):
        check_no_text(client, url, texts)
    assert seen > 20


def admin_rows(hers):
    yield from (
        ("documents/document", hers.document),
        ("documents/collection", hers.collection),
        ("chat/conversation", hers.conversation),
        ("models_mgmt/pull", hers.pull),
        ("accounts/apikey", hers.api_key),
    )


def check_no_text(client, url, texts):
    answer = client.get(url)
    assert not [text for text in texts if text in body_of(answer)], url
    closed(answer)
    return answer.status_code == 200
