"""Searches of many people find exactly what their rights allow."""

import random

import numpy as np
import pytest
from django.contrib.auth.models import Group, User

from documents.desk import sharing
from documents.finding import candidates
from documents.finding.scope import Scope
from documents.models import Chunk, Collection, Document, Index
from tests.factories import make_document

PEOPLE, GROUPS, COLLECTIONS = 30, 8, 40


def vector(dice):
    made = np.array([dice.gauss(0, 1) for _ in range(384)])
    return (made / np.linalg.norm(made)).tolist()


@pytest.fixture
def town(db, data_folder, no_engine):
    dice = random.Random(5)
    people = User.objects.bulk_create(User(username=f"p{n}") for n in range(PEOPLE))
    groups = Group.objects.bulk_create(Group(name=f"g{n}") for n in range(GROUPS))
    members = {group: set(dice.sample(people, 5)) for group in groups}
    for group, each in members.items():
        group.user_set.set(each)
    readers = {}
    for n in range(COLLECTIONS):
        owner = dice.choice(people)
        pages = [f"Harbour {n} of page {page}." for page in range(3)]
        document = make_document(
            owner, f"{n}.txt", pages, collection=f"c{n}", vectors=[vector(dice) for _ in pages]
        )
        readers[document.pk] = {owner}
        if n % 4:
            group = dice.choice(groups)
            sharing.share(document.collection, group=group.name, role="reader")
            readers[document.pk] |= members[group]
        if n % 3:
            person = dice.choice([each for each in people if each != owner])
            sharing.share(document.collection, person=person.username, role="writer")
            readers[document.pk].add(person)
    return people, readers, dice


def test_thirty_people_find_what_an_exact_scan_finds(town):
    people, readers, dice = town
    chunks = {each.pk: (np.array(each.embedding), each.content_id) for each in Chunk.objects.all()}
    contents = dict(Document.objects.values_list("pk", "current__content"))
    index, answered = Index.objects.get(), 0
    for person in people:
        asked = vector(dice)
        mine = {contents[pk] for pk, who in readers.items() if person in who}
        near = {pk: v @ np.array(asked) for pk, (v, content) in chunks.items() if content in mine}
        wanted = sorted(near, key=lambda pk: -near[pk])[: candidates.HALF]
        scope = Scope(person, index, None, None)
        assert [hit.chunk for hit in candidates.by_vector(scope, asked)] == wanted
        assert (scope.documents, scope.chunks) == (len(mine), len(near))
        answered += len(wanted)
    assert answered > 10 * PEOPLE


def test_a_collection_of_somebody_else_is_chosen_by_its_owners_name(town):
    people, readers, _ = town
    document = next(
        each
        for each in Document.objects.select_related("collection__owner")
        if len(readers[each.pk]) > 1
    )
    reader = next(each for each in readers[document.pk] if each != document.owner)
    stranger = next(each for each in people if each not in readers[document.pk])
    name = document.collection.called_by(reader)
    chosen = Collection.objects.called(reader, name)
    assert list(chosen) == [document.collection]
    assert not Collection.objects.called(stranger, name).exists()
