"""Whoever searches while a new version comes in finds one of the two, never none or both."""

import threading
from collections import Counter

import pytest
from django.db import connection

from chat.record import sources
from chat.record.draft import Draft
from documents.finding import search
from documents.models import Document
from localchat.lib.db_snapshot import one_moment
from tests.documents.desk.test_uploading import accept, inline, ready  # noqa: F401
from tests.factories import make_answer, make_document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("inline", "data_folder"),
]
VERSIONS = 25


def edition(number: int) -> bytes:
    return f"# Tides\n\nEdition {number}: the tide is high twice a day. {'Moon. ' * 40}".encode()


def test_a_search_finds_one_edition_whatever_comes_in(alice):
    ready(accept(alice, edition(0)))
    seen: Counter[int] = Counter()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            found = search.search(alice, "tide twice a day").passages
            seen[len({(passage.version, passage.text.split(":")[0]) for passage in found})] += 1
        connection.close()

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    for number in range(1, VERSIONS):
        assert accept(alice, edition(number)).news == "new version"
    over.set()
    for looker in lookers:
        looker.join()
    assert Document.objects.get().current.number == VERSIONS
    assert seen.total() > VERSIONS / 2
    assert set(seen) == {1}


def test_inside_of_a_moment_nothing_changes(alice):
    first = make_document(alice)

    def write() -> None:
        Document.objects.filter(pk=first.pk).update(name="other.pdf")
        connection.close()

    with one_moment():
        assert Document.objects.get().name == "harbour.pdf"
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        assert Document.objects.get().name == "harbour.pdf"
    assert Document.objects.get().name == "other.pdf"


def test_sources_that_went_since_they_were_found_do_not_end_the_answer(alice):
    gone, kept = make_document(alice), make_document(alice, "kept.pdf", ["The harbour is kept."])
    passages = search.search(alice, "harbour").passages
    answer = make_answer(alice, status="writing")
    draft = Draft(answer, None, None)
    draft.sources = [
        sources.source(answer, number, passage) for number, passage in enumerate(passages, start=1)
    ]
    gone.delete()
    draft._keep_sources()
    texts = {source.document_id: source.text for source in answer.sources.all()}
    assert texts == {None: "", kept.pk: "The harbour is kept."}
