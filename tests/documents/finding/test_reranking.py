"""A second look at the best passages, by a model that may be slow, wrong or away."""

import io
import json
import time

import pytest
from django.core.management import call_command

from documents.finding import explanation, search
from models_mgmt.engines import openai
from tests.factories import make_document, make_index

pytestmark = pytest.mark.django_db
PAGES = [
    "The tide, the tide.",
    "A tide comes in at noon today.",
    "The tide of the northern harbour, as the keeper has written it down since 1987, is low.",
]
IN_ORDER, BY_LENGTH = [0, 1, 2], [2, 1, 0]  # by BM25, and by the stand-in


@pytest.fixture(autouse=True)
def _library(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    make_document(alice, "tides.txt", PAGES)


@pytest.fixture
def reranker(engine_server, settings):
    settings.OLLAMA_HOST = "http://127.0.0.1:9"
    settings.RERANK_BASE_URL, settings.RERANK_MODEL = engine_server.url, "tiny-rerank"
    settings.RERANK_MS = 5000
    return engine_server


def find(user, **narrowed):
    found = search.search(user, "tide", **narrowed)
    return [PAGES.index(passage.text) for passage in found.passages], found


def notes(found):
    return [note for note in found.notes if not note.startswith("Searched by words alone")]


def test_without_a_model_named_nobody_is_asked(alice, engine_server, settings):
    settings.OPENAI_BASE_URL = engine_server.url
    order, found = find(alice)
    assert order == IN_ORDER
    assert not engine_server.asked("/v1/rerank")
    assert not found.reranked


def test_the_best_passages_stand_in_the_order_of_the_model(alice, reranker):
    order, found = find(alice)
    assert order == BY_LENGTH
    assert notes(found) == []
    assert found.reranked == "tiny-rerank"
    scores = [passage.score for passage in found.passages]
    assert scores == sorted(scores, reverse=True)
    first = found.passages[0].stages
    assert first["reranked_from"] == 3
    assert first["reranked"] == len(f"tides.txt  {PAGES[2]}") / 100


def test_it_is_asked_with_the_question_and_what_names_each_passage(alice, reranker):
    find(alice)
    [body] = reranker.asked("/v1/rerank")
    assert (body["model"], body["query"], body["top_n"]) == ("tiny-rerank", "tide", 3)
    assert body["documents"][0] == f"tides.txt  {PAGES[0]}"


def test_few_are_shown_of_the_many_that_were_looked_at(alice, reranker):
    assert find(alice, limit=1)[0] == [2]


def test_what_the_model_leaves_out_comes_after(alice, reranker):
    reranker.reranking(top_n=1)
    order, found = find(alice)
    assert order == [2, 0, 1]
    assert found.passages[1].stages["reranked"] is None


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ({"status": 500}, "slot unavailable"),
        ({"status": 503}, "busy"),
        ({"results": []}, "no results"),
        ({"results": [{"index": 7, "relevance_score": 1.0}]}, "that it was not given"),
        ({"results": [{"index": -1, "relevance_score": 1.0}]}, "that it was not given"),
        ({"results": [{"index": 0, "relevance_score": 1.0}] * 2}, "that it was not given"),
        ({"results": [{"index": 0, "relevance_score": "high"}]}, "not known"),
        ({"results": [{"index": 0, "relevance_score": float("nan")}]}, "not finite"),
        ({"results": [{"index": True, "relevance_score": 1.0}]}, "not known"),
        ({"results": ["first"]}, "not known"),
    ],
)
def test_an_answer_that_cannot_be_used_is_said_and_changes_nothing(alice, reranker, script, said):
    reranker.reranking(**script)
    order, found = find(alice)
    assert order == IN_ORDER
    [note] = notes(found)
    assert note.startswith("Not reranked: ")
    assert said in note
    assert not found.reranked


@pytest.mark.parametrize("script", [{"delay": 60}, {"dribbles": 0.05}])
def test_a_model_that_takes_too_long_is_left_alone(alice, reranker, settings, script):
    settings.RERANK_MS = 200
    reranker.reranking(**script)
    began = time.monotonic()
    order, found = find(alice)
    assert time.monotonic() - began < 3  # of the minute that it would take
    assert order == IN_ORDER
    assert notes(found) == ["Not reranked: The reranking model took longer than 200 ms."]


def test_a_server_that_is_away_is_named(alice, reranker, settings):
    settings.RERANK_BASE_URL = "http://127.0.0.1:9"
    order, found = find(alice)
    assert order == IN_ORDER
    assert "http://127.0.0.1:9 does not answer" in notes(found)[0]


@pytest.mark.parametrize(
    ("own", "key"), [("", None), ("its-own", "Bearer its-own")], ids=["none", "its own"]
)
def test_a_key_goes_only_to_the_server_that_it_was_given_for(
    alice, reranker, settings, monkeypatch, own, key
):
    from tests.engine_server.plumbing import Exchange

    settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = "http://127.0.0.1:9/v1", "secret"
    settings.RERANK_API_KEY = own
    seen = []
    route = Exchange._route
    monkeypatch.setattr(
        Exchange,
        "_route",
        lambda each: (seen.append(each.headers.get("Authorization")), route(each)),
    )
    find(alice)
    assert seen == [key]


def test_why_tells_the_rank_before_and_after(alice, reranker):
    [why] = explanation.explain(alice, "tide", explanation.Asked(page=3))
    assert (why.rank, why.passage.stages["reranked_from"]) == (1, 3)
    reranker.reranking(status=500)
    [why] = explanation.explain(alice, "tide", explanation.Asked(page=3))
    assert why.rank == 3
    assert "Not reranked" in why.reason


def test_explain_shows_it_as_a_stage(alice, reranker):
    out = io.StringIO()
    call_command("search", "tide", explain=True, user="alice", stdout=out, stderr=io.StringIO())
    assert "reranked 0.98 (rank 3 before)" in out.getvalue().replace("0.980", "0.98")
    out = io.StringIO()
    call_command("search", "tide", why="tides.txt#3", json=True, user="alice", stdout=out)
    assert json.loads(out.getvalue())["stages"]["reranked_from"] == 3


def test_a_reranking_model_is_not_taken_for_one_that_chats(settings):
    kinds = {name: openai._listed({"id": name}).capabilities for name in ("bge-reranker-v2", "a")}
    assert kinds == {"bge-reranker-v2": {"rerank"}, "a": {"completion"}}
