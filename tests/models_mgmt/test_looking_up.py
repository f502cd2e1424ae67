"""Whether a model has room is told before it is pulled, by what the library says of its size."""

import pytest

from models_mgmt import choosing, fitting, looking_up
from models_mgmt.fitting import Machine
from tests.registry_server import Registry

pytestmark = pytest.mark.django_db
GB = 10**9
MODEL = "application/vnd.ollama.image.model"


@pytest.fixture
def registry(settings, tmp_path, monkeypatch, engine_down):
    monkeypatch.setattr(fitting, "machine", lambda: Machine(16 * GB, 8 * GB))
    with Registry() as running:
        settings.MODEL_REGISTRY, settings.MODELS = running.url, tmp_path / "none" / "models"
        choosing.forget()
        yield running


def add(registry, name, size):
    registry.describe(name, [{"mediaType": MODEL, "digest": f"sha256:{'0' * 64}", "size": size}])


def look(client, name="some:1b"):
    body = {"model": name}
    return client.post("/api/models/look", body, content_type="application/json")


@pytest.mark.parametrize(
    ("size", "word"), [(4 * GB, "fits"), (12 * GB, "tight"), (20 * GB, "too_large")]
)
def test_a_typed_name_is_weighed_and_nothing_is_pulled(owner_client, registry, size, word):
    add(registry, "library/some:1b", size)
    found = look(owner_client).json()
    assert (found["size"], found["fit"]["word"]) == (size, word)
    assert found["sentence"].startswith(f"some:1b: {size // GB}.0 GB; this machine has 16.0 GB")
    assert [each.path for each in registry.asked] == ["/v2/library/some/manifests/1b"]


def test_what_the_disk_lacks_is_said(owner, registry):
    add(registry, "library/some:1b", 10**15)
    assert "; the disk has only " in looking_up.look(owner, "some:1b").sentence


def test_nothing_but_the_registry_that_is_set_is_asked(owner_client, alice_client, registry):
    assert look(owner_client, "hub.example/someone/some:1b").status_code == 400
    assert look(owner_client, "no such name!").status_code == 400
    assert registry.asked == []
    assert look(owner_client).status_code == 404


def test_where_ollama_pulls_its_disk_is_not_known(owner, registry, ollama):
    choosing.forget()
    add(registry, "library/some:1b", 4 * GB)
    found = looking_up.look(owner, "some:1b")
    assert (found.disk, found.fit.word) == (0, "fits")
