"""Whether a model has room: its own numbers against the memory of this machine."""

from types import SimpleNamespace

import psutil
import pytest
from django.utils import translation

from models_mgmt import choosing, fitting, worth_having
from models_mgmt.engines import llamacpp, ollama
from models_mgmt.fitting import Machine, Word
from models_mgmt.gguf import checks
from tests.engine_server import Installed
from tests.gguf_files import gguf

pytestmark = pytest.mark.django_db

LLAMA_8B = {
    "llama.block_count": 32,
    "llama.embedding_length": 4096,
    "llama.attention.head_count": 32,
    "llama.attention.head_count_kv": 8,
}
GB = 1_000_000_000
SIXTEEN = Machine(16 * GB, 12 * GB)


@pytest.fixture(autouse=True)
def _forgetful():
    choosing.forget()


@pytest.fixture
def memory(monkeypatch):
    """Sets the machine's memory, in GB."""

    def be(there: float, free: float) -> None:
        monkeypatch.setattr(checks, "memory", lambda: int(there * GB))
        now = SimpleNamespace(total=int(there * GB), available=int(free * GB))
        monkeypatch.setattr(psutil, "virtual_memory", lambda: now)

    return be


def installed(server, **changes):
    facts = {"size": int(4.9 * GB), "window": 131_072, "info": LLAMA_8B} | changes
    server.stock.install(Installed("llama3.1:8b", **facts))
    return next(each for each in ollama.list_models() if each.name == "llama3.1:8b")


def test_what_is_kept_of_a_window_follows_from_the_models_own_numbers(ollama):
    fit = fitting.of_model(installed(ollama), SIXTEEN)
    assert (fit.word, fit.window, fit.cache) == (Word.FITS, 8192, 32 * 8 * 128 * 2 * 2 * 8192)
    assert fit.sentence == (
        "4.9 GB + 1.1 GB for 8,192 tokens; this machine has 16.0 GB, 12.0 GB of it free: fits"
    )
    with translation.override("de"):
        assert fit.sentence.endswith("12,0 GB davon frei: passt")


def test_a_file_of_this_machine_is_reckoned_by_its_header(settings, tmp_path):
    settings.MODELS = tmp_path
    gguf(tmp_path / "small.gguf", {"llama.context_length": 2048})
    (model,) = llamacpp.list_models()
    fit = fitting.of_model(model, SIXTEEN)
    assert (fit.cache, fit.window) == (2 * 2 * (16 + 16) * 2 * 2048, 2048)


@pytest.mark.parametrize(
    ("machine", "word"),
    [
        (Machine(16 * GB, 12 * GB), "fits"),
        (Machine(16 * GB, 5 * GB), "tight"),
        (Machine(6 * GB, 6 * GB), "too_large"),
    ],
)
def test_one_word_says_it(ollama, machine, word):
    assert fitting.of_model(installed(ollama), machine).word == word


def test_what_lies_on_the_gpu_takes_no_memory(ollama):
    model = installed(ollama)
    assert fitting.of_model(model, Machine(4 * GB, 4 * GB)).word == Word.TOO_LARGE
    fit = fitting.of_model(model, Machine(4 * GB, 4 * GB), on_gpu=4 * GB)
    assert fit.word == Word.FITS
    assert ", of it 4.0 GB on the GPU; " in fit.sentence


def test_where_ollama_keeps_the_numbers_to_itself_only_weights_are_said(ollama):
    hidden = LLAMA_8B | {"llama.attention.head_count_kv": None}
    fit = fitting.of_model(installed(ollama, info=hidden), SIXTEEN)
    assert fit.cache == 0
    assert fit.sentence.startswith("4.9 GB; this machine")


def test_of_a_model_on_another_machine_nothing_is_said(ollama):
    model = installed(ollama)._replace(places=("http://gpu.example:11434",))
    assert fitting.of_model(model, SIXTEEN) is None
    both = ("http://gpu.example:11434", "http://127.0.0.1:11434")
    assert fitting.of_model(model._replace(places=both), SIXTEEN) is not None


def test_a_container_has_what_it_may_use(monkeypatch, tmp_path):
    (tmp_path / "memory.max").write_text(f"{2 * GB}\n")
    (tmp_path / "memory.current").write_text(f"{GB}\n")
    (tmp_path / "memory.stat").write_text("anon 600000000\ninactive_file 400000000\n")
    monkeypatch.setattr(checks, "CGROUP", tmp_path / "memory.max")
    monkeypatch.setattr(fitting, "CONTAINER", tmp_path)
    now = SimpleNamespace(total=16 * GB, available=12 * GB)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: now)
    assert fitting.machine() == (2 * GB, 1_400_000_000)


def names(there, free, installed=(), *, with_ollama=True):
    machine = Machine(int(there * GB), int(free * GB))
    found = worth_having.choices(installed, machine, with_ollama=with_ollama)
    return [choice.worth.name for choice in found]


@pytest.mark.parametrize(
    ("there", "best"), [(4, "llama3.2:1b"), (8, "qwen3:4b"), (16, "qwen3:8b"), (32, "qwen3:30b")]
)
def test_the_largest_that_a_machine_is_made_for_is_proposed(there, best):
    assert names(there, there - 1)[0] == best


def test_what_is_installed_or_has_no_room_is_not_proposed():
    found = names(8, 7, ["qwen3:4b"])
    assert "qwen3:4b" not in found
    assert "qwen3:30b" not in found
    assert found[0] == "llama3.2:3b"


def test_what_is_only_tight_comes_after_what_fits():
    found = names(16, 5, ["llama3.2:1b", "qwen3:1.7b", "gemma3:1b"])
    assert found == [
        "qwen3:4b",
        "llama3.2:3b",
        "gemma3:4b",
        "qwen3:8b",
        "llama3.1:8b",
        "gemma3:12b",
    ]


def test_without_ollama_only_what_the_built_in_engine_runs_is_proposed():
    assert "gemma3:4b" in names(8, 7)
    assert "gemma3:4b" not in names(8, 7, with_ollama=False)


def test_a_machine_with_next_to_nothing_is_offered_nothing():
    assert names(0.5, 0.4) == []


def test_every_entry_says_what_it_is_good_for():
    found = worth_having.choices((), Machine(10**13, 10**13), with_ollama=True)
    assert all(choice.good_for for choice in found)
    for entry in worth_having.entries():
        assert worth_having.Choice(entry, fitting.fit(1, 1, 1, SIXTEEN)).good_for


def test_the_api_and_the_page_say_the_same(alice_client, ollama, memory):
    memory(16, 12)
    installed(ollama)
    models = alice_client.get("/api/models").json()["models"]
    fit = next(model for model in models if model["name"] == "llama3.1:8b")["fit"]
    assert (fit["word"], fit["memory"], fit["window"]) == ("fits", 16 * GB, 8192)
    assert fit["sentence"] in alice_client.get("/models/list/").content.decode()
    embedding = next(model for model in models if model["name"] == "tiny-embed:latest")
    assert embedding["fit"] is None


def test_models_worth_having_stand_on_the_page_and_in_the_api(alice_client, ollama, memory):
    memory(16, 12)
    found = alice_client.get("/api/models/worth").json()["models"]
    assert (found[0]["name"], found[0]["fit"]["word"]) == ("qwen3:8b", "fits")
    page = " ".join(alice_client.get("/models/worth/").content.decode().split())
    assert "This machine has 16.0 GB of memory. qwen3:8b fits it best of these:" in page
    assert found[0]["fit"]["sentence"] in page
