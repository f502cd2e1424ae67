"""A few passages among very many: exactly what a look at each of them would find, never less."""

import random
import threading
from concurrent.futures import Future

import numpy as np
import pytest
from django.db import connection

from documents.desk import deleting
from documents.finding import candidates
from documents.finding.scope import Scope
from documents.models import Chunk, Content, Document
from tests.factories import make_document, make_index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_engine")]
MANY, MINE, ASKED, DIMENSIONS = 2000, 50, 60, 8

CROWD = """
INSERT INTO documents_chunk (owner_id, content_id, position, page, start, "end",
    heading, context, text, text_hash, words, length, embedding)
SELECT %(owner)s, %(content)s, n, NULL, 0, 1, '', '', 'x', n::text, '''crowd'':1', 1,
    (SELECT array_agg(random() - 0.5) FROM generate_series(1, %(dimensions)s) WHERE n > 0)::vector
FROM generate_series(100, 100 + %(many)s - 1) AS n"""


def crowd(content, many=MANY):
    """Very many passages beside those that the content has."""
    facts = {"owner": content.owner_id, "content": content.pk}
    with connection.cursor() as cursor:
        cursor.execute(CROWD, {**facts, "dimensions": DIMENSIONS, "many": many})
    Content.objects.filter(pk=content.pk).update(passages=content.chunks.count())


@pytest.fixture
def fifty(alice, bob):
    """Alice's fifty passages in one document, beside thousands of hers and of bob's."""
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=DIMENSIONS)
    spread = np.random.default_rng(5)
    vectors = spread.normal(size=(MINE, DIMENSIONS)).tolist()
    pages = [f"Passage {n}" for n in range(MINE)]
    mine = make_document(alice, "mine.txt", pages, vectors=vectors)
    crowd(make_document(alice, "many.txt", ["Hers."], vectors=vectors[:1]).current.content)
    crowd(make_document(bob, "others.txt", ["His."], vectors=vectors[:1]).current.content)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    candidates.ensure_vector_index(make_index())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE documents_chunk")
    return mine


def exactly(document, vector):
    """The nearest first, worked out here."""
    chunks = list(Chunk.objects.filter(content=document.current.content))
    stored = np.array([chunk.embedding for chunk in chunks], dtype=float)
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    nearest = np.argsort(-(stored @ np.array(vector)), kind="stable")
    return [chunks[place].pk for place in nearest]


def questions():
    draw = random.Random(9)
    return [[draw.gauss(0, 1) for _ in range(DIMENSIONS)] for _ in range(ASKED)]


@pytest.mark.parametrize("by_graph", [False, True])
def test_fifty_of_thousands_are_found_as_if_there_were_no_others(
    fifty, alice, monkeypatch, by_graph
):
    """Also where the scope is taken for so large that the graph is asked."""
    monkeypatch.setattr(candidates, "EXACT", 10 if by_graph else 30_000)
    scope = Scope(alice, make_index(), None, [fifty.pk])
    found = [[hit.chunk for hit in candidates.by_vector(scope, vector)] for vector in questions()]
    assert {len(hits) for hits in found} == {MINE}
    right = [exactly(fifty, vector) for vector in questions()]
    assert sum(a[:10] == b[:10] for a, b in zip(found, right, strict=True)) >= 0.95 * ASKED


def test_a_wide_scope_goes_by_the_graph_and_is_never_short(fifty, alice, monkeypatch):
    monkeypatch.setattr(candidates, "EXACT", 10)
    scope = Scope(alice, make_index(), None, None)
    for vector in questions()[:20]:
        hits = candidates.by_vector(scope, vector)
        assert len(hits) == candidates.HALF
        assert set(Chunk.objects.filter(pk__in=[hit.chunk for hit in hits]).values_list(
            "owner", flat=True
        )) == {alice.pk}  # fmt: skip
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)


def test_words_too_are_found_among_others_passages(fifty, alice, bob):
    from documents.finding import search

    assert len(search.search(alice, "passage", documents=[fifty.pk], limit=60).passages) == MINE
    assert not search.search(bob, "passage").passages


@pytest.mark.parametrize("listed", [0, 10_000])
def test_a_scope_of_very_many_documents_holds_the_same(alice, bob, monkeypatch, listed):
    """Beyond so many contents the statements look each one up instead of being told them."""
    from documents.finding import scope, search

    monkeypatch.setattr(scope, "LISTED", listed)
    make_document(alice, "a.txt", ["The tide is high."], collection="Sea")
    make_document(alice, "b.txt", ["The tide is low.", "Tides."], collection="Land")
    make_document(bob, "c.txt", ["The tide is his."])
    make_document(alice, "d.txt", ["The tide is coming."], ready=False)

    def found(**narrowed):
        passages = search.search(alice, "tide", **narrowed).passages
        return sorted((passage.filename, passage.page) for passage in passages)

    assert found() == [("a.txt", 1), ("b.txt", 1), ("b.txt", 2)]
    assert found(collection="land") == [("b.txt", 1), ("b.txt", 2)]
    assert search.search(alice, "tide", collection="Land").chunks == 2
    assert found(documents=[]) == []


@pytest.mark.django_db(transaction=True)
def test_both_connections_look_at_one_moment(alice, engine_server):
    """The half that has a connection of its own sees what the other one does, and no more."""
    from documents.finding import search
    from documents.finding.vector_search import Nearest
    from localchat.lib.db_snapshot import one_moment

    index = make_index(engine="ollama", name="tiny-embed:latest")
    make_document(alice, "a.txt", ["One."], vectors=[[1.0] + [0.0] * 383])
    with one_moment():
        scope = Scope(alice, index, None, None)
        nearest = Nearest(index, "one")
        nearest.vector = Future()  # which comes when the document is gone
        nearest.look(scope)
        later = threading.Thread(target=deleted, args=("a.txt",))
        later.start()
        later.join()
        nearest.vector.set_result([1.0] + [0.0] * 383)
        assert [hit.content for hit in nearest.found().half] == [Content.objects.get().pk]
    assert not Chunk.objects.exists()
    assert search.search(alice, "one").passages == []


def deleted(name):
    deleting.delete(Document.objects.get(name=name))
    connection.close()
