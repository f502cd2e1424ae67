"""Terms are counted for several documents at a time; nobody who asks can tell."""

from io import BytesIO

import pytest

from documents.desk import deleting, sweeping, uploading
from documents.finding import search
from documents.ingest import ingesting, term_counts
from documents.models import Content, Document, Term
from tests.factories import make_document, make_index

pytestmark = pytest.mark.django_db(transaction=True)
TIDES = "The tide is high. The moon pulls it."


@pytest.fixture
def on_its_way(alice, no_engine):
    """Another document that is still to be read."""
    make_index()
    return make_document(alice, "later.txt", ["Nothing of that."], ready=False)


def read(user, name, text):
    file = BytesIO(text.encode())
    document = uploading.accept_named(file, name=name, by=user, collection="").document
    ingesting.ingest(Document.objects.claim(document.pk))
    return Document.objects.get(pk=document.pk)


def counted(user, *terms):
    return dict(
        Term.objects.filter(owner=user).filter(term__in=terms).values_list("term", "chunks")
    )


def found(user, query):
    return [(each.text, each.score) for each in search.search(user, query).passages]


def test_they_wait_while_more_is_coming(alice, on_its_way):
    assert read(alice, "tides.txt", TIDES).status == "ready"
    assert counted(alice, "tide", "#chunks") == {}
    on_its_way.delete()
    read(alice, "more.txt", "The tide is low.")
    assert counted(alice, "tide", "#chunks") == {"tide": 2, "#chunks": 2}
    assert not Content.objects.uncounted().exists()


def test_no_more_than_a_few_wait(alice, on_its_way, monkeypatch):
    monkeypatch.setattr(term_counts, "FEW", 2)
    read(alice, "tides.txt", TIDES)
    assert counted(alice, "tide") == {}
    read(alice, "more.txt", "The tide is low.")
    assert counted(alice, "tide") == {"tide": 2}


def test_what_is_not_counted_yet_is_found_and_weighed_all_the_same(alice, on_its_way):
    make_document(alice, "old.txt", ["The tide waits for nobody.", "A ship."])
    read(alice, "tides.txt", TIDES)
    before = found(alice, "tide moon")
    assert len(before) == 2
    term_counts.add_all(alice)
    assert counted(alice, "moon") == {"moon": 1}
    assert found(alice, "tide moon") == before


def test_what_goes_before_it_was_counted_takes_nothing_off(alice, on_its_way):
    make_document(alice, "old.txt", ["The tide waits for nobody."])
    deleting.delete(read(alice, "tides.txt", TIDES))
    assert counted(alice, "tide", "moon", "#chunks") == {"tide": 1, "#chunks": 1}


def test_the_sweeper_counts_what_nobody_came_to_count(alice, bob, on_its_way):
    read(alice, "tides.txt", TIDES)
    on_its_way.delete()
    sweeping.sweep()
    assert counted(alice, "tide") == {"tide": 1}
    assert counted(bob, "tide") == {}
