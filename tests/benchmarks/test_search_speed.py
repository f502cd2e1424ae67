"""How long a search takes among many passages, beside PostgreSQL's own ranking of words."""

import os
import time
from pathlib import Path

import pytest
from django.db import connection

from documents.finding import candidates, search
from documents.models import Index
from documents.text import words
from models_mgmt import builtin
from models_mgmt.builtin import registry
from models_mgmt.builtin import weights as kept
from tests.benchmarks.corpus import Library

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(3600),
    pytest.mark.django_db(transaction=True),
]
PASSAGES = int(os.environ.get("BENCH_PASSAGES", "100000"))
QUESTIONS = 200
OTHERS = """
SELECT id FROM documents_chunk
WHERE owner_id = %s AND words @@ %s::tsquery
ORDER BY ts_rank_cd(words, %s::tsquery) DESC LIMIT 10"""


def timed(call):
    """Milliseconds on the clock, and what the call gave."""
    began = time.perf_counter()
    found = call()
    return 1000 * (time.perf_counter() - began), found


def on_cpu(pid):
    """Milliseconds that a process's main thread has been running; Linux alone says it."""
    path = Path(f"/proc/{pid}/schedstat")
    return int(path.read_text().split()[0]) / 1e6 if path.exists() else 0.0


def by_or_and_ts_rank_cd(owner, question):
    either = " | ".join(map(words.quoted, words.query(question)))
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, [owner.pk, either, either])
        return cursor.fetchall()


def row(name, values):
    values = sorted(values)
    p50, p95 = values[len(values) // 2], values[int(len(values) * 0.95)]
    print(f"{name:<44}{p50:>8.1f}{p95:>8.1f}")
    return p50, p95


@pytest.fixture
def library(alice, weights, no_engine):
    index = Index.objects.create(
        engine="builtin", name=builtin.MODEL, digest=kept.digest(), dimensions=384, window=256
    )
    made = Library()
    texts = made.fill(alice, index, PASSAGES)
    candidates.ensure_vector_index(index)
    yield [made.question(text) for text in texts[:QUESTIONS]]
    registry.stop()


def test_searching_among_many_passages(library, alice, monkeypatch):
    ours, cpu, others, equal = [], [], [], 0
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    for question in library[:20]:
        search.search(alice, question)
    for question in library:
        before = on_cpu(backend) + 1000 * time.thread_time()
        spent, found = timed(lambda asked=question: search.search(alice, asked, limit=10))
        cpu.append(on_cpu(backend) + 1000 * time.thread_time() - before)
        ours.append(spent)
        others.append(timed(lambda asked=question: by_or_and_ts_rank_cd(alice, asked))[0])
        with monkeypatch.context() as exact:
            exact.setattr(candidates, "EXACT", PASSAGES + 1)
            whole = search.search(alice, question, limit=10)
        equal += [p.chunk for p in found.passages] == [p.chunk for p in whole.passages]
    load = os.getloadavg()[0]
    print(f"\n{PASSAGES} passages, {len(library)} questions, load {load:.1f}; milliseconds")
    print(f"{'':<44}{'p50':>8}{'p95':>8}")
    p50, p95 = row("search, the question's embedding included", ours)
    row("  of it CPU of this thread and its backend", cpu)
    q50, q95 = row("OR and ts_rank_cd, words alone", others)
    print(f"{'ratio':<44}{q50 / p50:>8.1f}{q95 / p95:>8.1f}")
    print(f"first ten as by an exact scan: {equal} of {len(library)}")
