"""How long a search takes among what many people share, beside that of an owner alone.

BENCH_PASSAGES in collections of 50 each (2,000 of them), of 500 people, shared with 200 groups.
"""

import os
import random
from functools import partial

import numpy as np
import pytest
from django.contrib.auth.models import Group, User
from django.db import connection

from documents.finding import candidates, search
from documents.finding.scope import Scope
from documents.models import Collection, Content, Document, Grant, Index, Term
from models_mgmt import builtin, engines
from models_mgmt.builtin import registry
from models_mgmt.builtin import weights as kept
from tests.benchmarks.corpus import Library
from tests.benchmarks.test_search_speed import row, timed

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(3600),
    pytest.mark.django_db(transaction=True),
]
PASSAGES = int(os.environ.get("BENCH_PASSAGES", "100000"))
PEOPLE, GROUPS, EACH, QUESTIONS = 500, 200, 50, 200
PER_GROUP = 15  # collections shared with each group
MEMBERSHIPS = 3  # groups of each person

_COUNT = """
INSERT INTO documents_term (owner_id, apart_id, term, chunks)
SELECT content.owner_id, content.apart_id, found.lexeme, count(*)
FROM documents_chunk AS chunk JOIN documents_content AS content ON content.id = content_id,
    unnest(words) AS found
WHERE content.apart_id IS NOT NULL GROUP BY 1, 2, 3
UNION ALL
SELECT content.owner_id, content.apart_id, '#chunks', count(*)
FROM documents_chunk JOIN documents_content AS content ON content.id = content_id
WHERE content.apart_id IS NOT NULL GROUP BY 1, 2
UNION ALL
SELECT content.owner_id, content.apart_id, '#terms', sum(length)
FROM documents_chunk JOIN documents_content AS content ON content.id = content_id
WHERE content.apart_id IS NOT NULL GROUP BY 1, 2"""

# Rights as the tables of grants and groups have them, without the view.
_EXACT = """
SELECT chunk.id FROM documents_chunk AS chunk
JOIN documents_version AS version ON version.content_id = chunk.content_id
JOIN documents_document AS document ON document.current_id = version.id
WHERE document.collection_id IN (
    SELECT id FROM documents_collection WHERE owner_id = %(user)s
    UNION SELECT collection_id FROM documents_grant WHERE person_id = %(user)s
    UNION SELECT collection_id FROM documents_grant WHERE group_id IN (
        SELECT group_id FROM auth_user_groups WHERE user_id = %(user)s
    )
)
ORDER BY chunk.embedding <=> %(vector)s::vector, chunk.id LIMIT %(half)s"""


@pytest.fixture
def index(weights, no_engine):
    yield Index.objects.create(
        engine="builtin", name=builtin.MODEL, digest=kept.digest(), dimensions=384, window=256
    )
    registry.stop()


def measured(user_of, questions):
    for n, question in enumerate(questions[:20]):
        search.search(user_of(n), question)
    asked = [(user_of(n), question) for n, question in enumerate(questions)]
    return [timed(partial(search.search, user, said, limit=10))[0] for user, said in asked]


def share_out(dice):
    """What alice had alone belongs to many, each collection kept apart; returns the people."""
    people = User.objects.bulk_create(User(username=f"p{n}") for n in range(PEOPLE))
    groups = Group.objects.bulk_create(Group(name=f"g{n}") for n in range(GROUPS))
    members = User.groups.through
    members.objects.bulk_create(
        members(user=person, group=group)
        for person in people
        for group in dice.sample(groups, MEMBERSHIPS)
    )
    documents = list(Document.objects.select_related("current").order_by("pk"))
    collections = Collection.objects.bulk_create(
        Collection(owner=people[n % PEOPLE], name=f"c{n}", apart=True)
        for n in range(len(documents))
    )
    for document, collection in zip(documents, collections, strict=True):
        document.collection, document.owner = collection, collection.owner
        content = document.current.content
        content.owner, content.apart = collection.owner, collection
    Document.objects.bulk_update(documents, ["collection", "owner"], batch_size=500)
    contents = [document.current.content for document in documents]
    Content.objects.bulk_update(contents, ["owner", "apart"], batch_size=500)
    per_group = min(PER_GROUP, len(collections))
    Grant.objects.bulk_create(
        Grant(collection=collection, group=group, role=1)
        for group in groups
        for collection in dice.sample(collections, per_group)
    )
    Term.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        cursor.execute("ANALYZE")
    return people


def equal_to_an_exact_scan(person, index, vector):
    scope = Scope(person, index, None, None)
    found = [hit.chunk for hit in candidates.by_vector(scope, vector)]
    with connection.cursor() as cursor:
        facts = {"user": person.pk, "vector": str(vector), "half": candidates.HALF}
        cursor.execute(_EXACT, facts)
        return found == [pk for (pk,) in cursor.fetchall()], scope.chunks


def test_searching_what_others_share(alice, bob, index):
    dice, made = random.Random(3), Library()
    texts = made.fill(alice, index, PASSAGES, EACH)
    candidates.ensure_vector_index(index)
    questions = [made.question(text) for text in dice.sample(texts, min(QUESTIONS, len(texts)))]
    whole = measured(lambda _: alice, questions)
    people = share_out(dice)
    chosen = dice.sample(people, 200)
    vector = np.array(engines.named(index.engine).embed(index.name, questions[:200]))
    same, reach = zip(
        *(
            equal_to_an_exact_scan(person, index, vector[n % len(vector)].tolist())
            for n, person in enumerate(chosen)
        ),
        strict=True,
    )
    usual = sorted(reach)[100]
    made.fill(bob, index, usual // EACH * EACH, EACH)
    alone = measured(lambda _: bob, questions)
    shared = measured(lambda n: chosen[n % len(chosen)], questions)
    keeper = User.objects.create(username="everything")
    everybody = Group.objects.create(name="everybody")
    keeper.groups.add(everybody)
    Grant.objects.bulk_create(
        Grant(collection=each, group=everybody, role=1)
        for each in Collection.objects.filter(apart=True)
    )
    all_of_it = measured(lambda _: keeper, questions)
    print(f"\n{PASSAGES} passages, {len(texts)} collections; load {os.getloadavg()[0]:.1f}; ms")
    print(f"{'':<44}{'p50':>8}{'p95':>8}")
    ours, theirs = (
        row(f"an owner alone, {usual} passages", alone),
        row("200 people, as many", shared),
    )
    print(f"{'ratio':<44}{theirs[0] / ours[0]:>8.2f}{theirs[1] / ours[1]:>8.2f}")
    ours = row(f"an owner alone, {PASSAGES} passages", whole)
    theirs = row(f"a reader of all {len(texts)} collections", all_of_it)
    print(f"{'ratio':<44}{theirs[0] / ours[0]:>8.2f}{theirs[1] / ours[1]:>8.2f}")
    print(f"as by an exact scan under the same rights: {sum(same)} of {len(same)} people")
    assert all(same)
