"""Fifty passages that somebody may see among 25,000: are they found as if there were no others?"""

import numpy as np
import pytest

from documents.finding import candidates, search
from documents.finding.scope import Scope
from documents.models import Chunk, Content, Document, Index
from models_mgmt import builtin, engines
from models_mgmt.builtin import registry
from models_mgmt.builtin import weights as kept
from tests.benchmarks.corpus import Library

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(3600),
    pytest.mark.django_db(transaction=True),
]
MANY, FEW, QUESTIONS, SHOWN = 25_000, 50, 200, 10


@pytest.fixture
def index(weights, no_engine):
    yield Index.objects.create(
        engine="builtin", name=builtin.MODEL, digest=kept.digest(), dimensions=384, window=256
    )
    registry.stop()


def exactly(contents, vectors):
    """The order of their chunks for each of the vectors, nearest first, worked out here."""
    chunks = list(Chunk.objects.filter(content__in=contents).order_by("pk"))
    stored = np.array([chunk.embedding for chunk in chunks], dtype=float)
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    ids = [chunk.pk for chunk in chunks]
    return [[ids[at] for at in np.argsort(-(stored @ np.array(vector)))] for vector in vectors]


def row(what, equal, counts):
    print(f"{what:<62}{equal:>6} of {len(counts)}{sum(each < SHOWN for each in counts):>8}")


def test_a_few_among_many(index, alice, bob, monkeypatch):
    library = Library()
    library.fill(bob, index, FEW, FEW)
    questions = [
        library.question(text)
        for text in Chunk.objects.filter(owner=bob).values_list("text", flat=True)
        for _ in range(QUESTIONS // FEW)
    ]
    vectors = [engines.named("builtin").embed(index.name, [question])[0] for question in questions]

    def found(user, **scope):
        return [
            [each.chunk for each in search.search(user, question, limit=SHOWN, **scope).passages]
            for question in questions
        ]

    def near(user, documents=None):
        scope = Scope(user, index, None, documents)
        return [[hit.chunk for hit in candidates.by_vector(scope, vector)] for vector in vectors]

    alone = found(bob)
    library.fill(alice, index, MANY)
    library.fill(alice, index, FEW, FEW)
    candidates.ensure_vector_index(index)
    few = Document.objects.filter(owner=alice).latest("pk")
    print(f"\n{FEW} of {MANY} passages, {QUESTIONS} questions, the first {SHOWN} of each")
    print(f"{'':<62}{'equal':>13}{'short':>9}")
    among = found(bob)
    row("a person's own among another's: as alone", same(among, alone), lengths(among))
    mine = near(bob)
    right = exactly(Content.objects.filter(owner=bob), vectors)
    row("  by vectors: as each compared by numpy", same(mine, right), lengths(mine))
    narrowed = found(alice, documents=[few.pk])
    own, right = near(alice, [few.pk]), exactly([few.current.content], vectors)
    with monkeypatch.context() as patched:
        patched.setattr(candidates, "EXACT", 0)
        by_graph, graph_near = found(alice, documents=[few.pk]), near(alice, [few.pk])
    row("one document of a person's many, by vectors: as by numpy", same(own, right), lengths(own))
    row("  where the graph is asked first", same(graph_near, right), lengths(graph_near))
    row(
        "  both halves: by the graph as by an exact scan",
        same(by_graph, narrowed),
        lengths(narrowed),
    )


def same(found, right):
    return sum(one[:SHOWN] == other[:SHOWN] for one, other in zip(found, right, strict=True))


def lengths(found):
    return [len(each) for each in found]
