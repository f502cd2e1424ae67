"""What is installed and loaded there, and vectors by /api/embed."""

import math
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from localchat.lib.errors import (
    EngineCut,
    EngineError,
    EngineStalled,
    EngineUnreachable,
    ModelMissing,
    NotFound,
)
from models_mgmt import engines
from models_mgmt.engines import ollama
from tests.engine_server import Installed
from tests.engine_server.embedding import NOT_FINITE, vector


def similarity(one, other) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_installed_models_come_with_what_they_can(server):
    listed = {model.name: model for model in ollama.list_models()}
    assert listed["tiny-embed:latest"].capabilities == {"embedding"}
    assert "thinking" in listed["tiny-think:latest"].capabilities
    chat = listed["tiny-chat:latest"]
    assert (chat.engine, chat.details["parameter_size"], len(chat.digest)) == ("ollama", "1.2B", 64)


def test_older_servers_are_asked_for_capabilities_model_by_model(server):
    server.stock.tells_capabilities = False
    server.stock.install(Installed("old-embed:latest", ("embedding",)))
    listed = {model.name: model for model in ollama.list_models()}
    assert listed["old-embed:latest"].capabilities == {"embedding"}
    assert listed["tiny-chat:latest"].window == 8192
    asked = len(server.asked("/api/show"))
    ollama.list_models()
    assert len(server.asked("/api/show")) == asked


def test_models_of_the_cloud_are_never_listed(server):
    server.stock.install(Installed("big:120b-cloud"))
    server.stock.install(Installed("big:cloud"))
    server.stock.install(Installed("harmless", remote_host="https://far.example"))
    names = {model.name for model in ollama.list_models()}
    assert names == {"tiny-chat:latest", "tiny-think:latest", "tiny-embed:latest"}
    with pytest.raises(ModelMissing):
        ollama.show("harmless")


def test_the_window_of_a_model_is_the_trained_one(server):
    assert ollama.show("tiny-embed").window == 512
    assert ollama.show("Tiny-Chat").window == 8192


def test_a_model_that_is_not_there_cannot_be_shown_or_deleted(server):
    with pytest.raises(ModelMissing):
        ollama.show("nobody")
    with pytest.raises(ModelMissing):
        ollama.delete("nobody")


def test_a_deleted_model_is_gone(server):
    ollama.delete("tiny-think:latest")
    assert "tiny-think:latest" not in {model.name for model in ollama.list_models()}


def test_what_is_loaded_can_be_unloaded_embedding_models_too(server):
    ollama.embed("tiny-embed", ["a"])
    [loaded] = ollama.loaded()
    assert (loaded.name, loaded.window) == ("tiny-embed:latest", 512)
    ollama.unload("tiny-embed")
    assert ollama.loaded() == []


def test_the_version_answers_a_probe_and_silence_is_named(server):
    assert ollama.probe() == "0.33.0"
    server.stop()
    with pytest.raises(EngineUnreachable, match=server.url):
        ollama.probe()


def test_an_engine_that_comes_back_is_used_again(server):
    server.stop()
    with pytest.raises(EngineUnreachable):
        ollama.list_models()
    server.start()
    assert ollama.list_models()


def test_vectors_have_unit_length_one_dimension_and_keep_the_order(server):
    texts = [f"text number {number} about topic{number}" for number in range(70)]
    found = ollama.embed("tiny-embed", texts)
    assert [len(one) for one in found] == [384] * 70
    assert all(math.hypot(*one) == pytest.approx(1) for one in found)
    assert all(
        similarity(one, vector(text, 384)) == pytest.approx(1)
        for one, text in zip(found, texts, strict=True)
    )
    assert max(len(body["input"]) for body in server.asked("/api/embed")) <= 64


def test_no_text_is_no_request(server):
    assert ollama.embed("tiny-embed", []) == []
    assert server.requests == []


def test_one_text_that_is_too_long_neither_fails_nor_shortens_the_others(server):
    texts = ["alpha beta"] * 5 + ["gamma " * 900 + "delta " * 900] + ["epsilon zeta"] * 5
    found = ollama.embed("tiny-embed", texts)
    assert len(found) == 11
    assert similarity(found[0], vector("alpha beta", 384)) == pytest.approx(1)
    assert similarity(found[10], vector("epsilon zeta", 384)) == pytest.approx(1)
    # Its end counts as much as its beginning: nothing was cut off.
    assert similarity(found[5], vector("delta", 384)) > 0.5
    assert math.hypot(*found[5]) == pytest.approx(1)
    assert all(body["truncate"] is False for body in server.asked("/api/embed"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("short", "2 vectors for 3 texts"),
        ("nan", "not finite"),
        ("zero", "zero"),
        ("dimension", "different lengths"),
        ("words", "not numbers"),
    ],
)
def test_vectors_that_cannot_be_right_are_refused(server, wrong, words):
    server.embedding(wrong=wrong)
    with pytest.raises(EngineError, match=words):
        ollama.embed("tiny-embed", ["a", "b", "c"])


def test_a_text_that_the_model_cannot_embed_is_the_engines_sentence(server):
    with pytest.raises(EngineError, match="NaN or Inf"):
        ollama.embed("tiny-embed", ["fine", NOT_FINITE])


def test_embedding_by_a_missing_model_says_so(server):
    with pytest.raises(ModelMissing, match="“nobody” is not installed"):
        ollama.embed("nobody", ["a"])


def test_an_embedding_that_takes_for_ever_is_a_stall(server, settings):
    settings.FIRST_BYTE_SECONDS = 0.3
    server.embedding(delay=30)
    with pytest.raises(EngineStalled):
        ollama.embed("tiny-embed", ["a"])


def test_an_engine_that_dies_while_embedding_is_a_cut(server):
    server.embedding(delay=30)
    Thread(target=lambda: (server.wait_asked("/api/embed"), server.stop())).start()
    with pytest.raises(EngineCut):
        ollama.embed("tiny-embed", ["a"])


def test_a_redirect_is_not_followed(server, settings):
    """A document's text goes to the configured server or nowhere."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(307)
            self.send_header("Location", f"{server.url}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as other:
        Thread(target=other.serve_forever, args=(0.02,), daemon=True).start()
        settings.OLLAMA_HOST = f"http://127.0.0.1:{other.server_port}"
        with pytest.raises(EngineError, match="redirects"):
            ollama.embed("tiny-embed", ["secret"])
        other.shutdown()
    assert server.requests == []


def test_engines_are_found_by_name_and_only_configured_ones_are_offered(server, settings, tmp_path):
    assert engines.named("ollama") is ollama
    with pytest.raises(NotFound):
        engines.named("nobody")
    settings.OPENAI_BASE_URL, settings.WEIGHTS = "", tmp_path
    assert engines.available() == [ollama]


def test_the_stand_in_answers_the_official_client(server):
    from ollama import Client, ResponseError

    client = Client(host=server.url)
    server.script(answer="one two three ", thinking="hm ")
    stream = client.chat("tiny-chat", [{"role": "user", "content": "x"}], stream=True)
    lines = list(stream)
    assert "".join(line.message.content or "" for line in lines) == "one two three "
    assert (lines[-1].done_reason, lines[-1].eval_count) == ("stop", 3)
    assert client.chat("tiny-think", [{"role": "user", "content": "x"}]).message.thinking == "hm "
    assert len(client.embed("tiny-embed", ["a", "b"]).embeddings) == 2
    assert {model.model for model in client.list().models} >= {"tiny-chat:latest"}
    assert client.show("tiny-chat").capabilities == ["completion", "tools"]
    assert [model.name for model in client.ps().models]
    assert [step.status for step in client.pull("new-one", stream=True)][-1] == "success"
    assert client.delete("new-one").status == "success"
    with pytest.raises(ResponseError, match="model 'nobody' not found"):
        client.chat("nobody", [{"role": "user", "content": "x"}])
    with pytest.raises(ResponseError, match="file does not exist"):
        list(client.pull("nowhere", stream=True))
    client._client.close()


def test_the_stand_in_keeps_ollamas_grammar_of_keep_alive():
    from tests.engine_server.plumbing import Refused
    from tests.engine_server.stock import FOR_EVER, keep_alive_seconds

    assert [keep_alive_seconds(v) for v in (None, 0, "5m", "1h30m", 12)] == [300, 0, 300, 5400, 12]
    assert keep_alive_seconds(-1) == keep_alive_seconds("-1m") == FOR_EVER
    with pytest.raises(Refused, match='missing unit in duration "-1"'):
        keep_alive_seconds("-1")
