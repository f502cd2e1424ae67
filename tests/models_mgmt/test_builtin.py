"""What the built-in engine answers, and to whom."""

import json
import math
import threading
import time
from pathlib import Path

import pytest
import requests
from django.test import override_settings

from models_mgmt import builtin as constants
from models_mgmt.builtin import registry
from models_mgmt.engines import builtin

MODEL = constants.MODEL
REFERENCE = json.loads(Path(__file__).with_name("reference_vectors.json").read_text("utf-8"))


def similarity(one, other) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def ask(door, path="/v1/embeddings", method="POST", **wishes) -> requests.Response:
    body = {"model": MODEL, "input": "hello"}
    headers = {"Authorization": f"Bearer {door.key}"} | wishes.pop("headers", {})
    wishes = {"json": body, "timeout": 10, **wishes}
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, f"{door.url}{path}", headers=headers, **wishes)


@pytest.fixture(scope="module")
def door(weights_folder, tmp_path_factory):
    """One engine for all tests that leave it as it was."""
    run = tmp_path_factory.mktemp("run")
    with override_settings(WEIGHTS=weights_folder, RUN=run):
        yield registry.ensure()
        registry.stop()


@pytest.mark.parametrize("text", REFERENCE)
def test_vectors_are_those_of_the_model_in_full_precision(door, text):
    """The reference: a forward pass in float32, whose first values the model's page also shows."""
    [found] = builtin.embed(MODEL, [text])
    assert similarity(found, REFERENCE[text]) > 0.99


def test_vectors_have_unit_length_and_keep_the_order(door):
    texts = [f"Sentence {n} speaks of {'long ' * (n % 40)}things" for n in range(70)]
    found = builtin.embed(MODEL, texts)
    assert all(math.hypot(*one) == pytest.approx(1) for one in found)
    for place in (0, 17, 39, 69):
        [alone] = builtin.embed(MODEL, [texts[place]])
        assert similarity(found[place], alone) > 0.995


def test_what_is_said_in_other_words_is_nearer_than_what_is_not(door):
    question, other, same = builtin.embed(
        MODEL,
        [
            "How much money did the firm earn?",
            "The cat sleeps on the warm roof.",
            "Company profit was 3 million.",
        ],
    )
    assert similarity(question, same) > similarity(question, other) + 0.2


def test_a_text_longer_than_the_window_is_embedded_in_parts(door):
    [found] = builtin.embed(MODEL, ["The tide rises. " * 200 + "Zinc is a metal. " * 200])
    [zinc] = builtin.embed(MODEL, ["Zinc is a metal."])
    assert math.hypot(*found) == pytest.approx(1)
    assert similarity(found, zinc) > 0.4


def test_a_question_does_not_wait_behind_a_large_batch(door):
    texts = [f"Sentence {number} " + "and more of it " * 55 for number in range(120)]
    builtin.embed(MODEL, ["warm"])
    thread = threading.Thread(target=builtin.embed, args=(MODEL, texts))
    began = time.monotonic()
    thread.start()
    time.sleep(0.3)
    for _ in range(5):
        builtin.embed(MODEL, ["What is said of it?"])
    waited = time.monotonic() - began
    assert thread.is_alive()
    thread.join()
    assert waited < (time.monotonic() - began) / 2


@pytest.mark.parametrize(
    ("wishes", "status"),
    [
        ({"headers": {"Authorization": "Bearer wrong"}}, 401),
        ({"headers": {"Authorization": ""}}, 401),
        ({"headers": {"Host": "evil.example"}}, 403),
        ({"headers": {"Origin": "http://127.0.0.1:8000"}}, 403),
        ({"method": "OPTIONS"}, 404),
        ({"method": "GET"}, 404),
        ({"path": "/v1/chat/completions"}, 404),
        ({"path": "/"}, 404),
        ({"json": {"model": "other", "input": "x"}}, 404),
        ({"json": {"model": MODEL}}, 400),
        ({"json": {"model": MODEL, "input": []}}, 400),
        ({"json": {"model": MODEL, "input": [1]}}, 400),
        ({"json": ["x"]}, 400),
        ({"json": {"model": MODEL, "input": "word " * 300}}, 400),
        ({"json": {"model": MODEL, "input": "word " * 254}}, 200),
        ({"json": {"model": MODEL, "input": ""}}, 200),
        ({"headers": {"Content-Length": "99000000"}, "json": None}, 413),
    ],
)
def test_only_who_holds_the_key_gets_vectors_and_nothing_else_is_there(door, wishes, status):
    answer = ask(door, **wishes)
    assert answer.status_code == status
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_its_interface_is_the_one_that_the_official_client_knows(door):
    from openai import OpenAI

    with OpenAI(base_url=f"{door.url}/v1", api_key=door.key, max_retries=0) as client:
        assert [model.id for model in client.models.list()] == [MODEL]
        made = client.embeddings.create(model=MODEL, input=["a", "b"], encoding_format="float")
    assert [len(one.embedding) for one in made.data] == [384, 384]
    assert made.usage.total_tokens == 6
