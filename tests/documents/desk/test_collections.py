"""Collections are made, renamed, filled and deleted; their documents follow."""

import pytest

from documents.desk import collections
from documents.models import Chunk, Collection, Document
from localchat.lib.errors import BadRequest, Conflict, NotFound
from tests.factories import make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def law(alice):
    return collections.make(alice, "Law")


def test_a_name_is_taken_once_whatever_its_case(alice, bob, law):
    with pytest.raises(Conflict):
        collections.make(alice, "  law ")
    assert collections.make(bob, "Law").pk != law.pk


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\x07b"])
def test_a_name_has_to_be_one(alice, name):
    with pytest.raises(BadRequest):
        collections.make(alice, name)


def test_renaming_keeps_what_is_inside(alice, law):
    document = make_document(alice, collection="Law")
    collections.rename(law, "Contracts")
    document.refresh_from_db()
    assert document.collection.name == "Contracts"


def test_moving_costs_no_new_chunk(alice, law):
    document = make_document(alice)
    chunks = set(Chunk.objects.values_list("pk", flat=True))
    assert collections.move(law, [document.pk], alice) == 1
    document.refresh_from_db()
    assert document.collection == law
    assert set(Chunk.objects.values_list("pk", flat=True)) == chunks


def test_a_taken_name_moves_nothing(alice, law):
    make_document(alice, collection="Law")
    same, other = make_document(alice), make_document(alice, "other.pdf", ["Other."])
    with pytest.raises(Conflict):
        collections.move(law, [same.pk, other.pk], alice)
    other.refresh_from_db()
    assert other.collection.name == "Documents"


def test_somebody_elses_document_cannot_be_moved(alice, bob, law):
    with pytest.raises(NotFound):
        collections.move(law, [make_document(bob).pk], alice)


def test_deleting_takes_the_documents_along(alice, law, django_capture_on_commit_callbacks):
    make_document(alice, collection="Law")
    kept = make_document(alice, "kept.pdf", ["Kept."])
    with django_capture_on_commit_callbacks(execute=True):
        assert collections.delete(law).documents == 1
    assert list(Document.objects.all()) == [kept]
    assert not Collection.objects.filter(name="Law").exists()


def test_over_http(alice, alice_client):
    made = alice_client.post("/api/collections", {"name": "Law"}, "application/json")
    assert made.status_code == 201
    road = f"/api/collections/{made.json()['id']}"
    document = make_document(alice)
    moved = alice_client.post(f"{road}/documents", {"documents": [document.pk]}, "application/json")
    assert moved.json()["success"]
    assert alice_client.patch(road, {"name": "Acts"}, "application/json").json()["documents"] == 1
    assert [each["name"] for each in alice_client.get("/api/collections").json()] == [
        "Acts",
        "Documents",
    ]
    gone = alice_client.delete(road).json()
    assert gone["message"].startswith("The collection Acts is gone. 1 document was deleted: 1 ver")
    assert (gone["receipt"]["documents"], gone["receipt"]["passages"]) == (1, 2)
    assert alice_client.get(road).status_code == 404
