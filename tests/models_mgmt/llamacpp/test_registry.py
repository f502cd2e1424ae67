"""Pulls from a registry without Ollama: by the ordinary road, into the folder of models."""

import json
import os
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from localchat.lib.errors import EngineError, ModelMissing
from models_mgmt import choosing, pulling, requesting
from models_mgmt.engines import Call, Turn, llamacpp, reply
from models_mgmt.llamacpp import folder, process, small_model
from models_mgmt.models import Pull
from tests.gguf_files import gguf
from tests.live import commands
from tests.models_mgmt.pulls import told, until
from tests.registry_server import Registry

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = 8_000_000


@pytest.fixture
def registry(settings, tmp_path, engine_down):
    with Registry() as running:
        settings.MODEL_REGISTRY = running.url
        settings.MODELS = tmp_path / "models"
        choosing.forget()
        yield running


@pytest.fixture
def model(tmp_path) -> bytes:
    """A GGUF of 8 MB whose weights differ from one another."""
    made = gguf(tmp_path / "made.gguf", weights=(2000, 1000)).read_bytes()
    return made[:-SIZE] + bytes(os.urandom(SIZE))


@pytest.fixture
def digest(registry, model) -> str:
    return registry.add("library/tiny:1b", model)


def steps(name="tiny:1b") -> list[str]:
    with llamacpp.pull(name) as pull:
        return [step.status for step in pull]


def run(owner, name="tiny:1b") -> Pull:
    """As the worker has it, in this thread."""
    pull, _ = requesting.enter(owner, name)
    pulling.pull(Pull.objects.claim(pull.pk))
    pull.refresh_from_db()
    return pull


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(pulling, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(pulling, "LONGEST_PAUSE_SECONDS", 0.02)


def parts(settings) -> list:
    return sorted((settings.MODELS / ".pulling").glob("*"))


def test_its_steps_are_those_that_ollama_tells(registry, digest):
    found = steps()
    assert found[0] == "pulling manifest"
    assert set(found[1:-3]) == {f"pulling {digest[7:19]}"}
    assert found[-3:] == ["verifying sha256 digest", "writing manifest", "success"]


def test_a_pulled_model_has_its_name_its_digest_and_its_licence(registry, digest, model, settings):
    steps()
    [found] = llamacpp.list_models()
    assert (found.name, found.digest, found.size) == ("tiny:1b", digest, len(model))
    known = json.loads((settings.MODELS / "tiny_1b.gguf.json").read_text())
    assert known["license"] == "Free for all."
    assert parts(settings) == []
    assert steps() == ["pulling manifest", "success"]
    assert registry.starts(digest) == [0]


def test_a_name_with_a_namespace_is_asked_as_it_is(registry, model):
    registry.add("someone/tiny:q4", model)
    assert steps("someone/tiny:q4")[-1] == "success"
    host = registry.url.removeprefix("http://")
    assert steps(f"{host}/someone/tiny:q4")[-1] == "success"


@pytest.mark.parametrize("name", ["hub.example/someone/tiny:q4", "https://hub.example/tiny:q4"])
def test_no_other_registry_is_ever_asked(registry, name, owner):
    pull = run(owner, name)
    assert pull.status == "failed"
    assert "can be set as MODEL_REGISTRY" in pull.problem
    assert registry.asked == []


def test_a_pull_goes_by_the_ordinary_road_when_there_is_no_ollama(owner, registry, digest, model):
    pull = run(owner)
    assert (pull.status, pull.engine, pull.completed) == ("ready", "llamacpp", len(model))
    assert choosing.installed_model("tiny:1b").engine == "llamacpp"


def test_where_ollama_answers_it_pulls(owner, registry, digest, ollama):
    pull = run(owner)
    assert (pull.status, pull.engine) == ("ready", "ollama")
    assert registry.asked == []


def test_a_cut_is_gone_on_from_where_it_was(owner, registry, digest, impatient):
    registry.behave(cut_at=4_000_000)
    assert run(owner).status == "ready"
    first, second = registry.starts(digest)
    assert first == 0
    assert 3_500_000 < second <= 4_100_000


def test_a_registry_without_ranges_begins_anew(owner, registry, digest, model, impatient):
    registry.behave(cut_at=4_000_000, ranges=False)
    assert run(owner).status == "ready"
    assert folder.find("tiny:1b").path.read_bytes() == model


def test_a_blob_may_lie_elsewhere(registry, digest):
    registry.behave(redirects=True)
    assert steps()[-1] == "success"
    assert any("/elsewhere/" in each.path for each in registry.asked)


def test_what_arrives_damaged_is_refused_and_thrown_away(owner, registry, digest, settings):
    registry.behave(damages=True)
    pull = run(owner)
    assert pull.status == "failed"
    assert pull.problem == "“tiny:1b” arrived damaged and was thrown away. Pull it again."
    assert llamacpp.list_models() == []
    assert parts(settings) == []
    registry.behave()
    assert run(owner).status == "ready"


def test_a_model_that_cannot_be_used_is_not_fetched_to_its_end(owner, registry, tmp_path):
    made = gguf(tmp_path / "b.gguf", {"general.architecture": "bert"}, weights=(4000, 4000))
    digest = registry.add("library/bert:1b", made.read_bytes())
    pull = run(owner, "bert:1b")
    assert pull.problem.startswith("bert:1b cannot chat here: its architecture (bert)")
    assert pull.completed < 16_000_000
    assert registry.starts(digest) == [0]


@pytest.mark.parametrize(
    ("manners", "error", "sentence"),
    [
        ({"manifest_status": 500}, "engine_failed", "is out of order (status 500)"),
        ({"status": 500}, "engine_failed", "is out of order (status 500)"),
        ({"status": 503}, "engine_busy", "is out of order (status 503)"),
        ({"status": 403}, "engine_failed", "does not give “tiny:1b” to everybody"),
        ({"manifest_status": 404}, "model_missing", "no model called “tiny:1b”"),
    ],
)
def test_what_the_registry_refuses_is_told(
    owner, registry, digest, impatient, manners, error, sentence
):
    registry.behave(**manners)
    pull = run(owner)
    assert (pull.status, pull.error) == ("failed", error)
    assert sentence in pull.problem


def test_a_registry_that_does_not_answer_is_named(owner, settings, registry):
    settings.MODEL_REGISTRY = "http://127.0.0.1:9"
    pull = run(owner)
    assert pull.error == "engine_unreachable"
    assert pull.problem.startswith("The library at http://127.0.0.1:9 does not answer")


@pytest.mark.parametrize(
    "layers",
    [
        [],
        [{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:../x", "size": 1}],
        [{"mediaType": "application/vnd.ollama.image.model"}],
    ],
)
def test_a_manifest_that_is_none_is_refused(registry, layers):
    registry.describe("library/odd:1b", layers)
    with pytest.raises(EngineError, match="odd:1b"):
        steps("odd:1b")


def test_a_full_disk_is_told(registry, digest, settings):
    (settings.MODELS / ".pulling").mkdir(parents=True)
    (settings.MODELS / ".pulling" / digest[7:]).symlink_to("/dev/full")
    with pytest.raises(EngineError, match="The disk is full"):
        steps()


def test_a_model_for_which_there_is_no_room_is_not_begun(registry, tmp_path):
    layer = {"mediaType": "application/vnd.ollama.image.model", "size": 10**15}
    registry.describe("library/huge:1b", [{**layer, "digest": f"sha256:{'0' * 64}"}])
    with pytest.raises(EngineError, match=r"no room on the disk: 1,000,000\.0 GB are needed"):
        steps("huge:1b")


def test_a_stop_hangs_up_within_a_second_and_what_has_come_is_kept(
    owner, registry, digest, settings
):
    registry.behave(stall_at=2_000_000)
    pull, _ = requesting.enter(owner, "tiny:1b")
    job = Pull.objects.claim(pull.pk)
    work = threading.Thread(target=pulling.pull, args=(job,))
    work.start()
    until(lambda: parts(settings) and parts(settings)[0].stat().st_size > 1_000_000, 10)
    asked = time.monotonic()
    requesting.stop(pull)
    work.join(5)
    pull.refresh_from_db()
    assert pull.status == "stopped"
    until(lambda: registry.closed, 2)
    assert registry.closed[0] - asked < 1
    assert parts(settings)[0].stat().st_size >= 1_900_000
    registry.behave()
    assert run(owner).status == "ready"
    assert registry.starts(digest)[1] >= 1_900_000


def test_one_that_is_killed_at_half_is_gone_on_with_by_another_and_nothing_comes_twice(
    owner, registry, digest, model, settings
):
    registry.behave(rate=2_500_000)
    facts = {"MODEL_REGISTRY": registry.url, "LOCALCHAT_MODELS": str(settings.MODELS)}
    with commands(OLLAMA_HOST=settings.OLLAMA_HOST, LOCALCHAT_STANDALONE="1", **facts) as start:
        first = start("pull", "tiny:1b")
        until(lambda: parts(settings) and parts(settings)[0].stat().st_size > SIZE / 2, 60)
        first.kill()
        first.wait()
    there = parts(settings)[0].stat().st_size
    assert there < len(model)
    registry.behave()
    pull = Pull.objects.get()
    assert pull.status == "pulling"
    Pull.objects.update(heartbeat=timezone.now() - timedelta(minutes=1))
    pulling.pull(Pull.objects.claim(pull.pk))
    pull.refresh_from_db()
    assert (pull.status, pull.attempt, pull.engine) == ("ready", 2, "llamacpp")
    assert registry.starts(digest) == [0, there]
    assert folder.find("tiny:1b").path.read_bytes() == model


def test_a_registry_that_falls_silent_is_asked_again(owner, registry, digest, monkeypatch):
    monkeypatch.setattr(pulling, "SILENT_SECONDS", 0.3)
    monkeypatch.setattr(pulling, "RECONNECT_SECONDS", 0.8)
    registry.behave(stall_at=2_000_000)
    threading.Timer(1.0, registry.behave).start()
    pull = run(owner)
    assert pull.status == "ready"
    assert "stalled" in [event.get("stage") for event in told(pull)]
    assert registry.starts(digest)[1] >= 1_900_000


def test_the_same_bytes_under_two_names_are_not_written_by_two_at_once(registry, digest, model):
    registry.add("library/alias:1b", model)
    registry.behave(stall_at=1_000_000)
    first = llamacpp.pull("tiny:1b")
    with first as begun:
        next(begun)
        next(begun)
        with pytest.raises(EngineError, match="under another name"):
            steps("alias:1b")


def test_a_name_that_is_not_there_is_told(registry):
    with pytest.raises(ModelMissing, match="no model called “nobody:1b”"):
        steps("nobody:1b")


async def test_a_real_model_is_pulled_and_answers(registry, models_folder, settings, tmp_path):
    settings.RUN = tmp_path / "run"
    registry.add("library/smollm2:135m", (models_folder / small_model.FILE).read_bytes())
    assert steps("smollm2:135m")[-1] == "success"
    found = llamacpp.show("smollm2:135m")
    try:
        assert await reply(Call(found, [Turn("user", "Say hello.")], 512, 8))
    finally:
        process.stop()
