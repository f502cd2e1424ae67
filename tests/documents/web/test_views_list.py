"""The table of documents: found, sorted, narrowed, and several of them treated at once."""

import re

import pytest
from django.utils.html import strip_tags

from documents.models import Collection, Document
from documents.web import list_query
from tests.factories import make_document

SCRIPT = {"HTTP_X_FRAGMENT": "1"}
SEVERAL = "/documents/several/"


@pytest.fixture
def shelf(alice) -> dict[str, Document]:
    """One of each kind, named by it."""
    made = {
        "long": make_document(alice, "long lease.pdf", ["a", "b", "c"], collection="Leases"),
        "short": make_document(alice, "Short lease.pdf", ["d"], collection="Leases"),
        "bad": make_document(alice, "bad.pdf", ["e"], status="failed", problem="It is broken."),
        "busy": make_document(alice, "busy.pdf", ["f"], status="embedding"),
    }
    for pages, name in ((3, "long"), (1, "short")):
        content = made[name].current.content
        content.pages, content.size, content.empty_pages = pages, pages * 1000, pages - 1
        content.save()
    return made


def names(client, query: str = "") -> list[str]:
    body = client.get(f"/documents/table/?{query}").content.decode()
    return re.findall(r'<th class="table__name".*?<a[^>]*>([^<]*)</a>', body, re.DOTALL)


def test_the_newest_stand_first(shelf, alice_client):
    assert names(alice_client) == ["busy.pdf", "bad.pdf", "Short lease.pdf", "long lease.pdf"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sort=name", "bad.pdf"),
        ("sort=-name", "Short lease.pdf"),
        ("sort=-pages", "long lease.pdf"),
        ("sort=size", "busy.pdf"),
        ("sort=-size", "long lease.pdf"),
        ("sort=added", "long lease.pdf"),
        ("sort=owner__password", "busy.pdf"),
        ("q=LEASE+short", "Short lease.pdf"),
        ("collection=leases&sort=-pages", "long lease.pdf"),
        ("state=failed", "bad.pdf"),
        ("state=work", "busy.pdf"),
        ("state=unread", "long lease.pdf"),
        ("state=nonsense&page=-7", "busy.pdf"),
    ],
)
def test_it_is_sorted_and_narrowed_by_its_address(shelf, alice_client, query, first):
    assert names(alice_client, query)[0] == first


def test_all_words_that_are_looked_for_have_to_stand_in_the_name(shelf, alice_client):
    assert names(alice_client, "q=lease") == ["Short lease.pdf", "long lease.pdf"]
    assert names(alice_client, "q=lease+bad") == []
    assert "No document is like that." in strip_tags(
        alice_client.get("/documents/?q=nowhere").content.decode()
    )


def test_many_documents_are_shown_a_hundred_at_a_time(alice, alice_client):
    home = Collection.objects.named(alice, "Many")
    Document.objects.bulk_create(
        Document(owner=alice, collection=home, name=f"{n:03}.pdf") for n in range(250)
    )
    assert len(names(alice_client)) == list_query.AT_ONCE
    assert names(alice_client, "sort=name&page=3") == [f"{n}.pdf" for n in range(200, 250)]
    assert names(alice_client, "sort=name&page=99") == names(alice_client, "sort=name&page=3")


def test_a_page_of_rows_costs_a_handful_of_queries(
    alice, alice_client, django_assert_max_num_queries
):
    for n in range(30):
        make_document(alice, f"{n}.txt", [f"Text {n}."])
    with django_assert_max_num_queries(12):  # one of them notes the log-in
        alice_client.get("/documents/")


def test_another_click_on_a_column_turns_the_order_round(shelf, alice_client):
    body = alice_client.get("/documents/?sort=name&q=lease").content.decode()
    assert 'aria-sort="ascending"' in body
    assert 'href="?q=lease&amp;sort=-name"' in body


def test_what_is_chosen_is_deleted(shelf, alice_client):
    chosen = [shelf["long"].pk, shelf["bad"].pk]
    answer = alice_client.post(SEVERAL, {"act": "delete", "documents": chosen}, **SCRIPT)
    assert answer.json()["message"].startswith("2 documents were deleted: 2 versions, 3 passages")
    assert names(alice_client) == ["busy.pdf", "Short lease.pdf"]


def test_what_is_chosen_is_moved_and_the_way_back_is_kept(shelf, alice_client):
    wanted = {"act": "move", "into": "Old", "documents": [shelf["long"].pk], "query": "q=lease"}
    answer = alice_client.post(SEVERAL, wanted)
    assert answer["Location"] == "/documents/?q=lease"
    assert names(alice_client, "collection=Old") == ["long lease.pdf"]


@pytest.mark.django_db(transaction=True)
def test_only_what_failed_is_read_again(shelf, alice_client):
    chosen = [row.pk for row in shelf.values()]
    answer = alice_client.post(SEVERAL, {"act": "retry", "documents": chosen}, **SCRIPT)
    assert answer.json() == {"message": "1 document read again: those that had failed."}
    assert Document.objects.get(pk=shelf["bad"].pk).status == "queued"


@pytest.mark.django_db(transaction=True)
def test_what_is_not_ready_is_stopped(shelf, alice_client):
    chosen = [row.pk for row in shelf.values()]
    answer = alice_client.post(SEVERAL, {"act": "stop", "documents": chosen}, **SCRIPT)
    assert answer.json() == {"message": "1 document stopped: those that were not ready."}
    assert Document.objects.get(pk=shelf["busy"].pk).stopping


def test_a_whole_list_is_treated_beyond_what_is_shown(alice, alice_client):
    home = Collection.objects.named(alice, "Many")
    Document.objects.bulk_create(
        Document(owner=alice, collection=home, name=f"{n:03}.pdf") for n in range(150)
    )
    make_document(alice, "stays.pdf")
    wanted = {"act": "delete", "all": "1", "query": "collection=Many&page=2"}
    answer = alice_client.post(SEVERAL, wanted, **SCRIPT)
    assert answer.json()["message"].startswith("150 documents were deleted")
    assert names(alice_client) == ["stays.pdf"]


@pytest.mark.parametrize("act", ["delete", "move", "retry", "stop", "explode"])
def test_a_stranger_treats_nothing(shelf, bob_client, act):
    chosen = [row.pk for row in shelf.values()]
    answer = bob_client.post(SEVERAL, {"act": act, "into": "x", "documents": chosen}, **SCRIPT)
    assert answer.status_code == 400
    assert set(Document.objects.values_list("name", "collection__name")) == {
        (row.name, row.collection.name) for row in shelf.values()
    }


def test_what_was_not_meant_is_refused(shelf, alice_client):
    chosen = {"documents": [shelf["long"].pk]}
    assert alice_client.post(SEVERAL, {"act": "delete"}, **SCRIPT).status_code == 400
    assert alice_client.post(SEVERAL, {"act": "explode", **chosen}, **SCRIPT).status_code == 400
    assert alice_client.post(SEVERAL, {"act": "delete", "documents": ["x"]}).status_code == 400


def test_collections_are_made_renamed_and_deleted_on_the_page(shelf, alice, alice_client):
    alice_client.post("/documents/collections/", {"name": "Wills"})
    wills = Collection.objects.get(owner=alice, name="Wills")
    alice_client.post(f"/documents/collections/{wills.pk}/rename/", {"name": "Last wills"})
    page = strip_tags(alice_client.get("/documents/").content.decode())
    assert re.search(r"Last wills\s+0 documents", page)
    leases = shelf["long"].collection
    alice_client.post(f"/documents/collections/{leases.pk}/delete/")
    assert names(alice_client) == ["busy.pdf", "bad.pdf"]


def test_a_row_asks_what_a_document_is_that_is_nearly_another(shelf, alice_client):
    short = shelf["short"]
    Document.objects.filter(pk=short.pk).update(near=shelf["long"], near_share=94)
    row = strip_tags(alice_client.get(f"/documents/{short.pk}/row").content.decode())
    assert "94 % the same as long lease.pdf: it is a new version" in " ".join(row.split())
    answer = alice_client.post(f"/documents/{short.pk}/near/", {"choice": "skip"})
    assert answer["Location"] == f"/documents/{shelf['long'].pk}/"
    assert "Short lease.pdf" not in names(alice_client)


def test_the_api_lists_the_newest_first(shelf, alice_client):
    listed = alice_client.get("/api/documents").json()
    assert [row["id"] for row in listed] == sorted((row.pk for row in shelf.values()), reverse=True)


def test_a_document_is_renamed_and_moved_on_its_page(shelf, alice_client):
    address = f"/documents/{shelf['long'].pk}/rename/"
    answer = alice_client.post(address, {"name": "Lease of 2019.pdf", "collection": "Old"})
    assert answer["Location"] == f"/documents/{shelf['long'].pk}/"
    assert names(alice_client, "collection=Old") == ["Lease of 2019.pdf"]
    taken = alice_client.post(address, {"name": "bad.pdf", "collection": "Documents"})
    assert "the name bad.pdf is taken" in strip_tags(taken.content.decode())
