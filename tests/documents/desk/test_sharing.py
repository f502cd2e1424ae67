"""Sharing a collection: who may read it, what they learn of the rest, and how it ends."""

from io import BytesIO

import pytest
from django.contrib.auth.models import Group

from documents.desk import collections, deleting, sharing, uploading
from documents.files import originals
from documents.finding import search, spelling
from documents.finding.scope import Scope
from documents.models import Chunk, Collection, Content, Document, Grant, Index, Term
from localchat.lib.errors import BadRequest, Conflict, NotAllowed, NotFound
from tests.factories import make_document

HARBOUR = ["The harbour was dredged in 1987.", "The lighthouse keeper was called Margarethe."]


@pytest.fixture(autouse=True)
def _files(data_folder, no_engine):
    pass


@pytest.fixture
def plans(alice):
    return make_document(alice, "plans.pdf", HARBOUR, collection="Plans").collection


def share(collection, user, role="reader"):
    return sharing.share(collection, person=user.username, role=role)


def found(user, query, **scope):
    return [each.filename for each in search.search(user, query, **scope).passages]


def upload(user, collection, text=b"Tides rise twice a day.", name="tides.txt"):
    return uploading.accept_named(BytesIO(text), name=name, by=user, collection=collection).document


def test_a_reader_finds_what_is_shared_and_nothing_else(alice, bob, plans):
    make_document(alice, "diary.pdf", ["Margarethe left the lighthouse."], collection="Diary")
    assert found(bob, "Who is Margarethe?") == []
    share(plans, bob)
    assert set(found(bob, "Who is Margarethe?")) == {"plans.pdf"}
    assert found(bob, "Margarethe", collection="alice/plans")
    assert found(bob, "Margarethe", collection=f"#{plans.pk}")
    assert found(bob, "Margarethe", collection="Plans") == []  # a name alone is one's own


def test_a_group_reads_until_a_person_leaves_it(alice, bob, plans):
    group = Group.objects.create(name="Pilots")
    sharing.share(plans, group="Pilots", role="reader")
    assert found(bob, "Margarethe") == []
    bob.groups.add(group)
    assert found(bob, "Margarethe")
    with pytest.raises(Conflict):
        sharing.leave(plans, bob)
    bob.groups.clear()
    assert found(bob, "Margarethe") == []


def test_what_is_taken_back_is_found_no_more(alice, bob, plans):
    grant = share(plans, bob, "keeper")
    assert found(bob, "Margarethe")
    sharing.revoke(plans, grant.pk)
    assert found(bob, "Margarethe") == []
    with pytest.raises(NotFound):
        sharing.revoke(plans, grant.pk)


def test_a_person_leaves_and_the_owner_cannot(alice, bob, plans):
    share(plans, bob)
    sharing.leave(plans, bob)
    assert not Grant.objects.exists()
    with pytest.raises(Conflict):
        sharing.leave(plans, alice)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"person": "bob", "role": "owner"}, BadRequest),
        ({"role": "reader"}, BadRequest),
        ({"person": "bob", "group": "Pilots", "role": "reader"}, BadRequest),
        ({"person": "nobody", "role": "reader"}, NotFound),
        ({"group": "nobodies", "role": "reader"}, NotFound),
        ({"person": "alice", "role": "reader"}, Conflict),
    ],
)
def test_only_people_and_groups_that_are_there_get_a_role(plans, bob, said, error):
    with pytest.raises(error):
        sharing.share(plans, **said)


def test_a_second_time_changes_the_role(plans, bob):
    share(plans, bob)
    share(plans, bob, "writer")
    assert [each.role for each in plans.grants.all()] == [2]


def test_the_same_bytes_elsewhere_are_kept_apart_from_what_is_shared(alice, bob, plans):
    private = make_document(alice, "secret name.pdf", HARBOUR, collection="Mine")
    shared = plans.documents.get()
    assert private.current.content == shared.current.content
    share(plans, bob)
    shared, private = (Document.objects.get(pk=each.pk) for each in (shared, private))
    mine, theirs = private.current.content, shared.current.content
    assert mine != theirs
    assert mine.apart is None
    assert theirs.apart == plans
    texts = [
        list(each.chunks.order_by("position").values_list("text", flat=True))
        for each in (mine, theirs)
    ]
    assert texts == [HARBOUR, HARBOUR]
    assert originals.path(theirs.stored).read_bytes() == originals.path(mine.stored).read_bytes()
    assert not Chunk.objects.filter(content=theirs, context__contains="secret").exists()


def test_what_is_shared_alone_is_not_copied(alice, bob, plans):
    before = set(Chunk.objects.values_list("pk", flat=True))
    share(plans, bob)
    assert set(Chunk.objects.values_list("pk", flat=True)) == before
    assert Content.objects.get().apart == plans


def test_a_file_that_is_known_elsewhere_is_read_as_if_it_were_not(alice, bob, plans):
    mine = upload(alice, "Mine")
    Content.objects.filter(versions__document=mine).update(indexed=Index.objects.get())
    share(plans, bob, "writer")
    hers = upload(bob, "alice/Plans")
    assert hers.status == "queued"
    assert hers.newest.content != mine.newest.content


def test_words_of_other_collections_are_neither_counted_nor_guessed(alice, bob, plans):
    make_document(alice, "diary.pdf", ["Zwetschgenkuchen!", "More harbour."], collection="Diary")
    share(plans, bob)
    Content.objects.update(counted=False)
    Term.objects.all().delete()
    from documents.ingest import term_counts

    term_counts.add_all(alice)
    scope = Scope(bob, Index.objects.get(), None, None)
    assert scope.chunks == 2
    assert spelling.meant(scope, "Zwetschgenkuchem?", ["zwetschgenkuchem"]) == {}
    looked = search.search(bob, "Who baked Zwetschgenkuchem?")
    assert "kuchen" not in str(looked.notes)
    assert Term.objects.get(owner=alice, apart=plans, term="harbour").chunks == 1
    assert Term.objects.get(owner=alice, apart=None, term="harbour").chunks == 1


def test_what_a_writer_adds_belongs_to_the_owner(alice, bob, plans):
    share(plans, bob, "writer")
    document = upload(bob, "alice/Plans")
    assert (document.owner, document.added_by, document.collection) == (alice, bob, plans)


def test_a_reader_adds_nothing(bob, plans):
    share(plans, bob)
    with pytest.raises(NotAllowed):
        upload(bob, "alice/Plans")
    assert plans.documents.count() == 1


def test_ones_own_collection_of_the_same_name_comes_first(bob, plans):
    share(plans, bob, "writer")
    assert upload(bob, "Plans").owner == bob
    assert upload(bob, "").collection == Collection.objects.get(owner=bob, name="Documents")


def test_without_a_right_a_qualified_name_is_a_name_like_another(bob, plans):
    document = upload(bob, "alice/Plans")
    assert (document.owner, document.collection.name) == (bob, "alice/Plans")


def test_a_name_that_is_a_number_is_refused(alice):
    with pytest.raises(BadRequest):
        collections.make(alice, "#12")


def test_what_is_moved_out_is_no_longer_shared(alice, bob, plans):
    share(plans, bob)
    mine = Collection.objects.create(owner=alice, name="Mine")
    document = plans.documents.get()
    collections.move(mine, [document.pk], alice)
    assert found(bob, "Margarethe") == []
    assert Content.objects.get().apart is None
    collections.move(plans, [document.pk], alice)
    assert found(bob, "Margarethe")


def test_a_copy_goes_with_its_document(alice, bob, plans):
    make_document(alice, "other.pdf", HARBOUR, collection="Mine")
    share(plans, bob)
    deleting.delete(plans.documents.get())
    assert Content.objects.get().apart is None
    assert Term.objects.filter(apart=plans, chunks__gt=0, term="harbour").count() == 0


def test_no_document_is_said_to_be_like_one_that_others_cannot_read(alice, bob, plans):
    other = make_document(alice, "draft.pdf", ["Nearly so."], collection="Mine")
    shared = plans.documents.get()
    Document.objects.filter(pk=shared.pk).update(near=other, near_share=90)
    share(plans, bob)
    assert Document.objects.get(pk=shared.pk).near is None


def test_what_is_known_there_but_not_read_yet_is_read(alice, bob, plans):
    share(plans, bob)
    waiting = make_document(alice, "late.txt", ["Tides."], ready=False, collection="Plans")
    ready = make_document(alice, "tides.txt", ["Tides."], collection="Mine")
    collections.move(plans, [ready.pk], alice)
    moved = Document.objects.get(pk=ready.pk)
    assert moved.newest.content == waiting.newest.content
    assert moved.status == "queued"
