"""BM25 in SQL: both ways of working it out give what the formula says."""

import pytest
from django.db import connection

from documents.finding import bm25
from documents.text import words

TEXTS = ["tide", "tide tide moon", "moon " * 40 + "tide " * 17, "sun", "tide " * 254]
WEIGHTS = {"tide": 1.7, "moon": 0.4, "comet": 3.0}


@pytest.mark.django_db
@pytest.mark.parametrize("many", [0, 20])
def test_each_way_counts_every_occurrence(monkeypatch, many):
    monkeypatch.setattr(bm25, "MANY", many)
    expression, facts = bm25.expression(WEIGHTS, k1=1.9, flat=0.225, steep=0.01)
    for text in TEXTS:
        made = words.vectorise(text)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {expression} FROM (SELECT %(words)s::tsvector, %(length)s::int)"
                " AS chunk (words, length)",
                {**facts, "words": made.vector, "length": made.length},
            )
            found = cursor.fetchone()[0] or 0.0
        slow = 0.225 + 0.01 * made.length
        expected = sum(
            weight * count * 1.9 / (count + slow)
            for term, weight in WEIGHTS.items()
            if (count := text.split().count(term))
        )
        assert found == pytest.approx(expected, rel=1e-9)
