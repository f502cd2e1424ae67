"""A stand-in engine over real HTTP, and the built-in engine's real weights and chat model."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from localchat.lib import environment
from models_mgmt.builtin import registry, weights
from models_mgmt.llamacpp import process, small_model
from tests import stores
from tests.engine_server import EngineServer


@pytest.fixture
def server(settings) -> Iterator[EngineServer]:
    with EngineServer() as running:
        settings.OLLAMA_HOST = running.url
        settings.OPENAI_BASE_URL = f"{running.url}/v1"
        settings.OPENAI_API_KEY = "a-key"
        yield running


@pytest.fixture
def ollama(settings, tmp_path) -> Iterator[EngineServer]:
    """A stand-in for Ollama that no other engine is beside."""
    with EngineServer() as running:
        settings.OLLAMA_HOST = running.url
        settings.OPENAI_BASE_URL = ""
        settings.WEIGHTS = tmp_path / "no-weights"
        yield running


@pytest.fixture(scope="session")
def weights_folder(tmp_path_factory) -> Path:
    """Weights that are there already, else fetched once for all tests of this run."""
    given = environment.text("LOCALCHAT_TEST_WEIGHTS")
    kept = Path(given) if given else stores.KEPT_WEIGHTS
    with override_settings(WEIGHTS=kept):
        if weights.present():
            return kept
    folder = kept if given else tmp_path_factory.mktemp("weights")
    with override_settings(WEIGHTS=folder):
        try:
            weights.fetch()
        except weights.WeightsUnavailable as error:
            pytest.skip(error.message)
    return folder


@pytest.fixture
def builtin_weights(settings, weights_folder, tmp_path) -> Iterator[Path]:
    """The weights in place, and an empty run folder whose engine ends with the test."""
    settings.WEIGHTS = weights_folder
    settings.RUN = tmp_path / "run"
    yield weights_folder
    registry.stop()


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory) -> Path:
    """A folder with the small chat model alone, which is there already or fetched once."""
    kept = stores.KEPT_MODELS
    with override_settings(MODELS=kept):
        try:
            small_model.fetch()
        except small_model.ModelUnavailable as error:
            pytest.skip(error.message)
        folder = tmp_path_factory.mktemp("models")
        (folder / small_model.FILE).symlink_to(small_model.path())
    return folder


@pytest.fixture(scope="session")
def _chat_run(tmp_path_factory) -> Iterator[Path]:
    run = tmp_path_factory.mktemp("chat-run")
    yield run
    with override_settings(RUN=run):
        process.stop()


@pytest.fixture
def chat_model(settings, models_folder, _chat_run) -> str:
    """The name of the real model; its process is one for all tests that leave it as it was."""
    settings.MODELS, settings.RUN = models_folder, _chat_run
    return small_model.NAME


@pytest.fixture
def own_chat_model(settings, models_folder, tmp_path) -> Iterator[str]:
    """As `chat_model`, with a process that is this test's own."""
    settings.MODELS, settings.RUN = models_folder, tmp_path / "run"
    yield small_model.NAME
    process.stop()
