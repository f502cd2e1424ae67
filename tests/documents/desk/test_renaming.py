"""A document called otherwise is found by its new name, and its vectors follow."""

import pytest

from documents import tasks
from documents.desk import deleting, renaming
from documents.finding import search
from documents.models import Chunk, Content, Document, Term
from tests.documents import traces
from tests.documents.desk.test_uploading import accept, inline, ready  # noqa: F401
from tests.factories import make_document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("inline", "data_folder"),
]
TEXT = b"# Duties\n\n" + b"The tenant keeps the stairs clean. " * 60


@pytest.fixture
def lease(alice):
    return ready(accept(alice, TEXT, "wohnung.md"))


def patch(client, document, **body):
    return client.patch(f"/api/documents/{document.pk}", body, "application/json")


def contexts():
    return set(Chunk.objects.values_list("context", flat=True))


def vectors():
    return [tuple(chunk.embedding) for chunk in Chunk.objects.order_by("position")]


def test_a_new_name_is_what_it_is_found_by(lease, alice, alice_client):
    assert Term.objects.filter(term="wohnung").exists()
    answer = patch(alice_client, lease, name="Mietvertrag Gartenweg.md")
    assert answer.json()["name"] == "Mietvertrag Gartenweg.md"
    assert contexts() == {"Mietvertrag Gartenweg · Duties"}
    assert Term.objects.get(term="gartenweg").chunks == Chunk.objects.count()
    assert not Term.objects.filter(term="wohnung").exists()
    assert search.search(alice, "Gartenweg").passages[0].filename == "Mietvertrag Gartenweg.md"


def test_vectors_are_made_anew_once_each(lease, engine_server):
    before = vectors()
    engine_server.requests.clear()
    renaming.rename(lease, "Gartenweg.md")
    texts = [text for body in engine_server.asked("/api/embed") for text in body["input"]]
    assert len(texts) == Chunk.objects.count()
    assert all(text.startswith("Gartenweg · Duties\n") for text in texts)
    assert all(one != other for one, other in zip(before, vectors(), strict=True))
    tasks.embed_relabelled()
    renaming.rename(lease, "Gartenweg.md")
    assert len(engine_server.asked("/api/embed")) == len(texts) // 32 + 1


def test_without_an_engine_the_former_vectors_stay_until_there_is_one(
    lease, alice, alice_client, engine_server
):
    before = vectors()
    engine_server.stop()
    patch(alice_client, lease, name="Gartenweg.md")
    assert vectors() == before
    assert Content.objects.get().relabelled
    assert search.search(alice, "Gartenweg stairs").passages
    engine_server.start()
    tasks.embed_relabelled()
    assert vectors() != before
    assert not Content.objects.get().relabelled


def test_another_ending_or_folder_costs_nothing(lease, engine_server):
    engine_server.requests.clear()
    renaming.rename(lease, "papers/2024/wohnung.txt")
    assert engine_server.asked("/api/embed") == []


def test_it_can_move_at_the_same_time(lease, alice_client):
    answer = patch(alice_client, lease, name="b.md", collection="Home").json()
    assert (answer["name"], answer["collection"]) == ("b.md", "Home")
    assert patch(alice_client, lease).json()["name"] == "b.md"


def test_a_taken_name_is_refused(lease, alice, alice_client):
    make_document(alice, "other.pdf")
    assert patch(alice_client, lease, name="other.pdf").status_code == 409
    lease.refresh_from_db()
    assert lease.name == "wohnung.md"
    assert patch(alice_client, lease, name="other.pdf", collection="Home").status_code == 200


def test_a_copy_is_called_by_its_own_name_once_the_first_is_deleted(lease, alice):
    copy = ready(accept(alice, TEXT, "treppenhaus.md"))
    assert contexts() == {"wohnung · Duties"}
    deleting.delete(lease)
    assert contexts() == {"treppenhaus · Duties"}
    assert traces.tables("wohnung") == []
    assert search.search(alice, "treppenhaus").passages[0].document == copy.pk


def test_counts_of_words_stay_right(lease, alice):
    renaming.rename(lease, "Gartenweg.md")
    assert Term.objects.get(term="#chunks").chunks == Chunk.objects.count()
    total = sum(Chunk.objects.values_list("length", flat=True))
    assert Term.objects.get(term="#terms").chunks == total
    deleting.delete(Document.objects.get())
    assert not Term.objects.filter(chunks__gt=0).exists()
