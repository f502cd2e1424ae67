"""Why (not) this? By API and on a document's own page."""

import pytest

from documents.finding import candidates
from tests.factories import make_document, make_index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_engine")]


@pytest.fixture
def library(alice, monkeypatch):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    monkeypatch.setattr(candidates, "HALF", 3)
    make_document(alice, "tides.txt", [f"The tide, the tide, number {n}." for n in range(5)])
    make_document(alice, "other.txt", ["The moon pulls."])
    return make_document(alice, "moon.txt", ["The moon and a tide among many other words.", "Sun."])


def test(client, **body):
    return client.post("/api/documents/test", body, "application/json")


test.__test__ = False


def test_every_stage_of_any_passage_is_told(library, alice_client):
    answer = test(alice_client, query="tide", why={"document": library.pk}).json()
    first, second = answer["why"]
    assert (first["filename"], first["page"], first["rank"]) == ("moon.txt", 1, None)
    assert "by words" in first["reason"]
    assert "the last of 3" in first["reason"]
    assert set(first["stages"]) >= {"words", "vectors", "fused", "neighbours", "document"}
    assert second["stages"]["words"] == 0


def test_a_page_and_a_passage_can_be_asked_for(library, alice_client):
    why = test(alice_client, query="sun", why={"document": library.pk, "page": 2}).json()["why"]
    assert [row["text"] for row in why] == ["Sun."]
    assert why[0]["rank"] == 1
    alone = test(alice_client, query="sun", why={"chunk": why[0]["chunk"]}).json()["why"]
    assert alone == why


def test_without_it_the_answer_is_as_before(library, alice_client):
    assert test(alice_client, query="tide").json()["why"] is None


def test_what_is_somebody_elses_is_not_there(library, bob, bob_client):
    make_document(bob, "mine.txt", ["A tide."])
    assert test(bob_client, query="tide", why={"document": library.pk}).status_code == 404
    assert bob_client.get(f"/documents/{library.pk}/try/?question=tide").status_code == 404


def test_a_question_is_tried_on_the_documents_own_page(library, alice_client):
    page = alice_client.get(f"/documents/{library.pk}/").content.decode()
    assert f'action="/documents/{library.pk}/try/"' in page
    tried = alice_client.get(f"/documents/{library.pk}/try/?question=sun").content.decode()
    assert "its best passage comes first" in tried
    assert "Not shown" in tried
    missed = alice_client.get(f"/documents/{library.pk}/try/?question=tide").content.decode()
    assert "None of its 2 passages is shown" in missed
    assert alice_client.get(f"/documents/{library.pk}/try/").status_code == 200
