"""The relay of a pull, over a real connection to the stand-in engine."""

import time

import pytest
from django.db.models.functions import Now

from models_mgmt import pulling, requesting, tasks
from models_mgmt.engines import PullStep
from models_mgmt.models import Pull
from tests.factories import make_pull
from tests.models_mgmt.pulls import ends, in_background, told, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(pulling, "PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(pulling, "LONGEST_PAUSE_SECONDS", 0.05)


def pulled(owner, name="llama3.2:1b") -> Pull:
    pull = make_pull(owner, name)
    tasks.pull(pull.pk)
    pull.refresh_from_db()
    return pull


def progress(pull):
    return [event for event in told(pull) if event["type"] == "progress"]


def is_loading(pull):
    return lambda: any("digest" in event.get("raw", {}) for event in told(pull))


def test_the_engines_own_objects_are_relayed_and_then_exactly_one_end(alice, ollama):
    pull = pulled(alice)
    events = told(pull)
    assert events[0]["raw"] == {"status": "pulling manifest"}
    assert [event["raw"]["status"] for event in progress(pull)][-2:] == [
        "verifying sha256 digest",
        "writing manifest",
    ]
    assert [(event["type"], event["status"]) for event in ends(pull)] == [("done", "success")]
    assert events[-1]["type"] == "done"
    assert (pull.status, pull.completed, pull.total) == ("ready", 5_000_500, 5_000_500)
    assert pull.finished


def test_a_raw_frame_is_the_line_unchanged(alice, ollama):
    layer = next(event["raw"] for event in progress(pulled(alice)) if event["raw"].get("completed"))
    assert set(layer) == {"status", "digest", "total", "completed"}
    assert layer["digest"].startswith("sha256:")


def test_bytes_never_go_back_even_when_the_engines_do(alice, ollama):
    ollama.pulling(regress=True, unknown_total=True, seconds=1.5)
    shown = [(event["done"], event["total"]) for event in progress(pulled(alice))]
    assert [done for done, _ in shown] == sorted(done for done, _ in shown)
    assert [total for _, total in shown] == sorted(total for _, total in shown)
    assert all(done <= total for done, total in shown if total)


def test_layers_add_up_and_a_layer_without_a_last_line_is_counted_at_verifying():
    layers = pulling.Layers()
    for step in (
        PullStep("pulling a", "a", None, None),
        PullStep("pulling a", "a", 60, 100),
        PullStep("pulling a", "a", 40, 100),
        PullStep("pulling b", "b", 5, 10),
    ):
        layers.take(step)
    assert (layers.done, layers.total) == (65, 110)
    layers.take(PullStep("verifying sha256 digest"))
    assert (layers.done, layers.total) == (110, 110)


def test_about_four_events_a_second_and_every_stage(alice, ollama):
    ollama.pulling(seconds=2.0, ticks=100)
    events = progress(pulled(alice))
    assert len(events) < 25
    stages = list(dict.fromkeys(event["stage"] for event in events))
    assert [stage.split()[0] for stage in stages] == ["pulling"] * 4 + ["verifying", "writing"]


def test_stop_closes_the_engines_connection_within_a_second_also_in_silence(alice, ollama):
    ollama.pulling(stall_at=0.3)
    pull = make_pull(alice)
    work = in_background(pull)
    until(is_loading(pull))
    time.sleep(0.5)
    asked = time.monotonic()
    requesting.stop(pull)
    closed = ollama.wait_closed()
    assert closed
    assert closed[0].at - asked < 1.0
    work.join(5)
    pull.refresh_from_db()
    assert (pull.status, pull.error) == ("stopped", "stopped")
    assert [(event["type"], event["error"]) for event in ends(pull)] == [("failed", "stopped")]


def test_stopping_the_renewal_of_an_installed_model_leaves_it_installed(alice, ollama):
    ollama.pulling(stall_at=0.3)
    pull = make_pull(alice, "tiny-chat:latest")
    work = in_background(pull)
    until(is_loading(pull))
    requesting.stop(pull)
    work.join(5)
    assert "tiny-chat:latest" in ollama.stock.models
    assert not ollama.asked("/api/delete")


def test_a_stopped_pull_goes_on_where_it_was(alice, ollama):
    ollama.pulling(stall_at=0.5)
    first = make_pull(alice)
    work = in_background(first)
    until(is_loading(first))
    requesting.stop(first)
    work.join(5)
    ollama.pulling()
    again = pulled(alice)
    assert again.status == "ready"
    resumed = next(event for event in progress(again) if "digest" in event["raw"])
    assert resumed["done"] > 0


def test_a_queued_pull_ends_at_once_and_is_never_begun(alice, ollama):
    pull = make_pull(alice)
    requesting.stop(pull)
    pull.refresh_from_db()
    assert pull.status == "stopped"
    assert [event["error"] for event in ends(pull)] == ["stopped"]
    tasks.pull(pull.pk)
    assert not ollama.asked("/api/pull")
    assert len(ends(pull)) == 1


def test_an_engine_that_breaks_off_is_asked_again(alice, ollama):
    ollama.pulling(cut_at=0.5)
    pull = make_pull(alice)
    work = in_background(pull)
    until(lambda: len(ollama.asked("/api/pull")) >= 2)
    ollama.pulling()
    work.join(10)
    pull.refresh_from_db()
    assert pull.status == "ready"
    assert "resuming" in {event["stage"] for event in progress(pull)}
    done = [event["done"] for event in progress(pull)]
    assert done == sorted(done)
    assert len(ends(pull)) == 1


def test_an_engine_that_restarts_in_the_middle_is_waited_for(alice, ollama, monkeypatch):
    monkeypatch.setattr(pulling, "LONGEST_PAUSE_SECONDS", 0.3)
    ollama.pulling(seconds=2.0)
    pull = make_pull(alice)
    work = in_background(pull)
    until(is_loading(pull))
    ollama.stop()
    time.sleep(0.3)
    ollama.start()
    work.join(20)
    pull.refresh_from_db()
    assert pull.status == "ready"


def test_one_that_keeps_breaking_off_fails_in_the_end(alice, ollama):
    ollama.pulling(cut_at=0.0)
    pull = pulled(alice)
    assert (pull.status, pull.error) == ("failed", "engine_cut")
    assert len(ollama.asked("/api/pull")) > pulling.TRIES


def test_a_library_that_is_busy_is_asked_again_and_what_has_come_is_kept(alice, ollama):
    ollama.pulling(error_at=0.4, error="pull model manifest: 503: try later")
    pull = make_pull(alice)
    work = in_background(pull)
    until(lambda: len(ollama.asked("/api/pull")) >= 2)
    ollama.pulling()
    work.join(10)
    pull.refresh_from_db()
    assert pull.status == "ready"
    done = [event["done"] for event in progress(pull)]
    assert done == sorted(done)
    assert len(ends(pull)) == 1


def test_silence_is_shown_and_then_the_engine_is_asked_again(alice, ollama, monkeypatch):
    monkeypatch.setattr(pulling, "SILENT_SECONDS", 0.5)
    monkeypatch.setattr(pulling, "RECONNECT_SECONDS", 1.2)
    ollama.pulling(stall_at=0.4)
    pull = make_pull(alice)
    work = in_background(pull)
    until(lambda: "stalled" in {event["stage"] for event in progress(pull)})
    ollama.pulling()
    work.join(10)
    pull.refresh_from_db()
    assert pull.status == "ready"
    assert ollama.closed


def test_a_line_that_is_repeated_is_silence_and_is_written_once(alice, ollama, monkeypatch):
    monkeypatch.setattr(pulling, "SILENT_SECONDS", 1.5)
    ollama.pulling(stall_at=0.4, repeats=True)
    pull = make_pull(alice)
    work = in_background(pull)
    until(lambda: "stalled" in {event["stage"] for event in progress(pull)})
    time.sleep(1.0)
    requesting.stop(pull)
    work.join(10)
    stages = [event["stage"] for event in progress(pull)]
    assert stages.count("stalled") == 1
    assert stages[-1] == "stalled"
    assert len(stages) < 10


def test_a_long_verification_is_no_stall(alice, ollama, monkeypatch):
    monkeypatch.setattr(pulling, "SILENT_SECONDS", 0.3)
    monkeypatch.setattr(pulling, "RECONNECT_SECONDS", 0.6)
    ollama.pulling(verify_seconds=1.5)
    pull = pulled(alice)
    assert pull.status == "ready"
    assert "stalled" not in {event["stage"] for event in progress(pull)}
    assert len(ollama.asked("/api/pull")) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("write /blobs/x: no space left on device", "disk"),
        ("digest mismatch, file must be downloaded again: want a, got b", "damaged"),
        ("pull model manifest: 412: this model needs a newer version", "newer Ollama"),
    ],
)
def test_the_engines_refusal_is_a_sentence_and_final(alice, ollama, error, words):
    ollama.pulling(error_at=0.4, error=error)
    pull = pulled(alice)
    assert pull.status == "failed"
    assert words in pull.problem
    assert ends(pull)[0]["message"] == pull.problem
    assert len(ollama.asked("/api/pull")) == 1


def test_an_unknown_model_is_said_to_be_unknown(alice, ollama):
    pull = pulled(alice, "nowhere:1b")
    assert (pull.status, pull.error) == ("failed", "model_missing")
    assert "nowhere:1b" in pull.problem


def test_without_an_engine_the_address_is_named_at_once(alice, settings):
    settings.OLLAMA_HOST = "http://127.0.0.1:9"
    began = time.monotonic()
    pull = pulled(alice)
    assert (pull.status, pull.error) == ("failed", "engine_unreachable")
    assert "http://127.0.0.1:9" in pull.problem
    assert time.monotonic() - began < 2
    assert len(told(pull)) == 1


def test_a_second_delivery_of_a_running_pull_does_nothing(alice, ollama):
    ollama.pulling(seconds=1.0)
    pull = make_pull(alice)
    work = in_background(pull)
    until(is_loading(pull))
    tasks.pull(pull.pk)
    work.join(10)
    assert len(ollama.asked("/api/pull")) == 1
    assert len(ends(pull)) == 1


def test_who_lost_the_claim_closes_the_connection_and_says_nothing_more(alice, ollama):
    ollama.pulling(stall_at=0.3)
    pull = make_pull(alice)
    work = in_background(pull)
    until(is_loading(pull))
    Pull.objects.filter(pk=pull.pk).update(attempt=5, heartbeat=Now())
    assert ollama.wait_closed()
    work.join(5)
    pull.refresh_from_db()
    assert pull.status == "pulling"
    assert not ends(pull)
