"""A made-up library: words as frequent as in real texts, each document on a subject of its own."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np
from django.contrib.auth.models import User
from django.db import connection

from documents.ingest import storing
from documents.models import Collection, Content, Document, Index, Term, Version
from documents.text import words
from models_mgmt import engines

CONSONANTS = [*"bdfgklmnprstvz", "br", "dr", "kl", "st", "tr"]
SYLLABLES = [consonant + vowel for consonant in CONSONANTS for vowel in "aeiou"]
STOPS = ("the", "of", "and", "in", "to", "a", "is", "that", "for", "it", "as", "was", "with", "by")
VOCABULARY = 40_000
ZIPF = 1.05
SUBJECTS = 200
SUBJECT_WORDS = 60
PER_DOCUMENT = 40  # passages
COPY = (
    'COPY documents_chunk (owner_id, content_id, position, page, start, "end", heading,'
    " context, text, text_hash, words, length, embedding) FROM STDIN"
)


class Library:
    """The same for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self.random = random.Random(seed)
        self.noise = np.random.default_rng(seed)
        self.words = self._vocabulary()
        self.weights = list(accumulate(1 / (rank + 3) ** ZIPF for rank in range(VOCABULARY)))
        self.subjects = [
            self.random.sample(self.words[500:], SUBJECT_WORDS) for _ in range(SUBJECTS)
        ]

    def _vocabulary(self) -> list[str]:
        made: dict[str, None] = {}
        while len(made) < VOCABULARY:
            made["".join(self.random.choices(SYLLABLES, k=self.random.choice((2, 3, 3, 4))))] = None
        return list(made)

    def passage(self, subject: int) -> str:
        """About a hundred words, a third of them stop words."""
        common = self.random.choices(self.words, cum_weights=self.weights, k=55)
        own = self.random.choices(self.subjects[subject], k=15)
        found = [*common, *own, *self.random.choices(STOPS, k=35)]
        self.random.shuffle(found)
        return " ".join(found).capitalize() + "."

    def question(self, text: str) -> str:
        """What somebody asks who remembers some words of a passage."""
        content = sorted({word for word in text.lower().rstrip(".").split() if word not in STOPS})
        return f"What is {' and the '.join(self.random.sample(content, 4))} in this?"

    def fill(
        self, owner: User, index: Index, passages: int, per_document: int = PER_DOCUMENT
    ) -> list[str]:
        """Store so many passages of made-up documents; returns some of their texts."""
        collection = Collection.objects.named(owner, "Library")
        seen: list[str] = []
        count = passages // per_document
        contents = Content.objects.bulk_create(
            Content(
                owner=owner,
                sha256=f"{owner.pk}-{per_document}-{n}",
                size=1,
                kind="txt",
                indexed=index,
            )
            for n in range(count)
        )
        documents = Document.objects.bulk_create(
            Document(owner=owner, collection=collection, name=self._name(n), status="ready")
            for n in range(count)
        )
        versions = Version.objects.bulk_create(
            Version(document=document, content=content, number=1)
            for document, content in zip(documents, contents, strict=True)
        )
        for document, version in zip(documents, versions, strict=True):
            document.current = version
        Document.objects.bulk_update(documents, ["current"], batch_size=500)
        Content.objects.filter(owner=owner, passages=0).update(passages=per_document)
        means = self._means(index)
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for number, content in enumerate(contents):
                for row in self._rows(number % SUBJECTS, means, per_document):
                    copy.write_row((owner.pk, content.pk, *row))
                seen.append(row[6])
        for version in versions:
            storing.tell_about(version, version.document.name)
        count_terms(owner)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return seen

    def _name(self, number: int) -> str:
        said = self.random.sample(self.subjects[number % SUBJECTS], 2)
        return f"{said[0]}-{said[1]}_{number}.txt"

    def _means(self, index: Index) -> np.ndarray:
        """A vector for each subject, by the model, so that questions lie among them."""
        texts = [self.passage(subject) for subject in range(SUBJECTS)]
        return np.array(engines.named(index.engine).embed(index.name, texts))

    def _rows(self, subject: int, means: np.ndarray, count: int) -> Iterator[tuple]:
        noise = self.noise.normal(size=(count, means.shape[1])) / means.shape[1] ** 0.5
        vectors = means[subject] + 0.6 * noise
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        for position in range(count):
            text = self.passage(subject)
            made = words.vectorise(text)
            digest = hashlib.sha256(text.encode()).hexdigest()
            vector = "[" + ",".join(f"{value:.6f}" for value in vectors[position]) + "]"
            yield (
                position, position // 2 + 1, 0, len(text), "", "", text, digest,
                made.vector, made.length, vector,
            )  # fmt: skip


def count_terms(owner: User) -> None:
    """As `Term.objects.count_chunks` does for one content, for all at once."""
    Term.objects.filter(owner=owner).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO documents_term (owner_id, term, chunks)
            SELECT %(owner)s, word, ndoc FROM ts_stat(format(
                'SELECT words FROM documents_chunk WHERE owner_id = %%s', %(owner)s::int))
            UNION ALL
            SELECT %(owner)s, '#chunks', count(*) FROM documents_chunk WHERE owner_id = %(owner)s
            UNION ALL
            SELECT %(owner)s, '#terms', sum(length) FROM documents_chunk WHERE owner_id = %(owner)s
            """,
            {"owner": owner.pk},
        )


def median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
