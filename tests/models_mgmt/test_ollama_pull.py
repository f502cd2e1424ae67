"""Pulls by Ollama's /api/pull."""

import threading
import time

import pytest

from localchat.lib.errors import EngineBusy, EngineCut, EngineError, EngineUnreachable, ModelMissing
from models_mgmt.engines import PullStep, ollama


def pull(name="new-model") -> list[PullStep]:
    with ollama.pull(name) as steps:
        return list(steps)


def closing(steps, seconds) -> threading.Thread:
    """Close the pull from another thread after a while."""
    thread = threading.Timer(seconds, steps.close)
    thread.start()
    return thread


def test_a_pull_tells_its_steps_and_installs_the_model(server):
    steps = pull()
    assert steps[0].status == "pulling manifest"
    assert [step.status for step in steps[-3:]] == [
        "verifying sha256 digest",
        "writing manifest",
        "success",
    ]
    assert {step.total for step in steps if step.digest} == {4_000_000, 1_000_000, 500}
    assert "new-model" in {model.name for model in ollama.list_models()}


def test_every_step_has_the_line_as_the_engine_sent_it(server):
    step = next(step for step in pull() if step.completed)
    assert step.raw == {
        "status": step.status,
        "digest": step.digest,
        "total": step.total,
        "completed": step.completed,
    }


def test_absent_numbers_are_unknown_not_zero(server):
    server.pulling(unknown_total=True)
    first = next(step for step in pull() if step.digest)
    assert (first.completed, first.total) == (None, None)


def test_progress_may_go_back_and_cached_layers_come_done(server):
    server.pulling(regress=True, cached=frozenset({1}), removing=True)
    steps = pull()
    first = [step.completed or 0 for step in steps if step.total == 4_000_000]
    assert first != sorted(first)
    assert [step.completed for step in steps if step.total == 1_000_000] == [1_000_000]
    assert "removing unused layers" in {step.status for step in steps}


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("write /x: no space left on device", EngineError, "disk"),
        ("pull model manifest: 412: update", EngineError, "newer Ollama"),
        ("max retries exceeded: EOF", EngineError, "broke off again and again"),
        ("max retries exceeded: lookup r.ai: no such host", EngineError, "network"),
        ("pull model manifest: 503: later", EngineBusy, "out of order .status 503"),
        ("pull model manifest: 429: slow down", EngineBusy, "out of order .status 429"),
        (f"digest mismatch: want sha256:{'412a' * 16}, got {'b' * 64}", EngineError, "damaged"),
        ("pull model manifest: 500: {}", EngineError, "out of order .status 500"),
        ("max retries exceeded: 503: later", EngineBusy, "out of order .status 503"),
    ],
)
def test_an_error_in_the_middle_is_a_sentence(server, said, kind, words):
    server.pulling(error_at=0.6, error=said)
    with pytest.raises(kind, match=words):
        pull()


def test_a_model_that_no_library_has_is_named(server):
    with pytest.raises(ModelMissing, match="“nowhere:1b”"):
        pull("nowhere:1b")


def test_whoever_writes_http_wants_no_encryption(server):
    for name in ("http://127.0.0.1:5000/library/x", "127.0.0.1:5000/library/x"):
        pull(name)
    assert [body.get("insecure") for body in server.asked("/api/pull")] == [True, None]


def test_a_bad_name_is_refused_by_the_engine(server):
    with pytest.raises(EngineError, match="invalid model name"):
        pull("not a name")


def test_an_end_without_success_is_a_cut(server):
    server.pulling(cut_at=0.5)
    with pytest.raises(EngineCut):
        pull()


def test_an_engine_that_goes_away_is_a_cut(server):
    server.pulling(stall_at=0.3)
    threading.Timer(0.4, server.stop).start()
    with pytest.raises(EngineCut):
        pull()


def test_a_stopped_engine_is_unreachable(server):
    server.stop()
    with pytest.raises(EngineUnreachable, match=server.url):
        pull()


def test_closing_from_another_thread_ends_it_within_a_second_while_the_engine_stalls(server):
    server.pulling(stall_at=0.3)
    steps = ollama.pull("new-model")
    thread = closing(steps, 0.5)
    began = time.monotonic()
    got = list(steps)
    assert time.monotonic() - began < 1.5
    assert got[-1].status != "success"
    [closed] = server.wait_closed()
    assert closed.at - began < 1.5
    thread.join()


def test_a_pull_closed_before_it_began_asks_nothing(server):
    steps = ollama.pull("new-model")
    steps.close()
    assert list(steps) == []
    assert server.requests == []


def test_a_pull_that_was_closed_goes_on_where_it_was(server):
    server.pulling(seconds=3.0)
    steps = ollama.pull("new-model")
    thread = closing(steps, 0.7)
    last = [step for step in steps if step.completed][-1]
    thread.join()
    server.wait_closed()
    server.pulling()
    first = next(step for step in pull() if step.digest)
    assert (first.completed or 0) >= (last.completed or 0) > 0


def test_a_model_of_the_cloud_is_not_pulled(server):
    with pytest.raises(ollama.CloudModel):
        ollama.pull("big:120b-cloud")
