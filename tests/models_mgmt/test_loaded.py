"""What is in memory, on the page."""

import pytest

from models_mgmt import choosing, listed
from models_mgmt.engines import Loaded
from tests.factories import make_answer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgetful():
    choosing.forget()


def shown(client):
    return " ".join(client.get("/models/list/").content.decode().split())


def test_a_loaded_model_is_said_with_its_share_on_the_gpu_and_unloaded(owner_client, ollama):
    assert "in memory" not in shown(owner_client)
    ollama.stock.on_gpu = 0.4
    ollama.stock.load(ollama.stock.find("tiny-chat"), 8192, 300)
    assert "in memory, 1.3 GB, 40 % on the GPU, for another 5 minutes" in shown(owner_client)
    assert owner_client.post("/models/unload/", {"name": "tiny-chat:latest"}).status_code == 302
    assert "in memory" not in shown(owner_client)


def test_only_who_may_manage_models_unloads_them(alice_client, ollama, settings):
    settings.OWNER_MODE = False
    ollama.stock.load(ollama.stock.find("tiny-chat"), 8192, 300)
    assert "in memory" in shown(alice_client)
    assert "Unload now" not in shown(alice_client)
    assert alice_client.post("/models/unload/", {"name": "tiny-chat:latest"}).status_code == 403
    assert ollama.stock.loaded()


def test_what_stays_is_said_in_words():
    def words(**changes):
        facts = {"size": 0, "size_vram": 0, "window": 1, "expires": "", "engine": "llamacpp"}
        return listed.residence(Loaded(name="a", **facts | changes))

    assert words() == "in memory, until nobody asks it for 10 minutes"
    assert words(expires="2318-01-01T00:00:00Z") == "in memory, until it is unloaded"
    assert words(expires="nonsense", size=5_000_000) == "in memory, 5 MB"


def test_an_engine_that_fails_hides_nothing_else(owner_client, ollama):
    ollama.stop()
    assert owner_client.get("/api/models/loaded").json() == {"models": []}
    assert "does not answer" in shown(owner_client)


def test_how_quickly_a_model_has_written_for_the_person_stands_beside_it(
    alice, alice_client, ollama
):
    make_answer(alice, model="tiny-chat:latest", usage={"answer_tokens": 90, "answer_seconds": 6})
    assert "15 tokens/s" in shown(alice_client)
