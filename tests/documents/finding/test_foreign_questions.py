"""Questions in one language, passages in another."""

from dataclasses import replace

import pytest

from documents.finding import fusion
from documents.finding.search import search
from documents.models import Index
from tests.engine_server.embedding import vector
from tests.factories import make_document, make_index

pytestmark = pytest.mark.django_db
ENGLISH = ["The harbour was dredged in the year 1987.", "The keeper of the lighthouse was ill."]
GERMAN = ["Der Hafen wurde im Jahr 1987 ausgebaggert.", "Der Wärter war auf dem Turm krank."]


def ask(alice, engine_server, pages, question, name):
    size = engine_server.stock.find("tiny-embed").dimension
    make_index(engine="ollama", name="tiny-embed:latest")
    make_document(alice, "a.txt", pages, vectors=[vector(page, size) for page in pages])
    Index.objects.update(name=name)
    engine_server.stock.install(replace(engine_server.stock.find("tiny-embed"), name=name))
    return search(alice, question)


@pytest.mark.parametrize(
    ("pages", "question", "offered"),
    [
        (ENGLISH, "Wann wurde der Hafen ausgebaggert und von wem?", True),
        (ENGLISH, "港口是什么时候疏浚的\uff1f", True),
        (GERMAN, "When was the harbour dredged and by whom?", True),
        (ENGLISH, "When was the harbour dredged and by whom?", False),
        (GERMAN, "Wann wurde der Hafen ausgebaggert und von wem?", False),
        (ENGLISH, "harbour 1987", False),
        (GERMAN, "Hafen 1987", False),
        ([*ENGLISH, *GERMAN], "Wann wurde der Hafen ausgebaggert und von wem?", False),
    ],
)
def test_a_model_for_english_alone_is_said_to_be_one(
    alice, engine_server, pages, question, offered
):
    notes = ask(alice, engine_server, pages, question, "all-minilm:latest").notes
    assert any("reembed multilingual-e5-small" in note for note in notes) is offered


def test_a_model_that_knows_both_is_trusted_more_and_nothing_is_offered(
    alice, engine_server, monkeypatch
):
    trusted = []
    ranked = fusion.ranked

    def noting(found, trust):
        trusted.append(trust)
        return ranked(found, trust)

    monkeypatch.setattr(fusion, "ranked", noting)
    question = "Wann wurde der Hafen ausgebaggert und von wem?"
    notes = ask(alice, engine_server, ENGLISH, question, "bge-m3:latest").notes
    assert not any("reembed" in note for note in notes)
    assert set(trusted) == {fusion.FOREIGN_WEIGHT}
