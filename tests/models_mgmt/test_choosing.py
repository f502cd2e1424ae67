"""Which model chats, which one embeds, and how long anybody waits for the answer."""

import socket
import time

import pytest

from localchat.lib.errors import BadRequest, EngineUnreachable, ModelMissing
from models_mgmt import builtin, choosing
from models_mgmt.llamacpp import small_model
from models_mgmt.models import ChatChoice
from tests.engine_server import Installed
from tests.gguf_files import gguf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgetful():
    choosing.forget()


@pytest.fixture
def mute_engine(settings):
    """Somebody listens at the address and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.OLLAMA_HOST = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield settings.OLLAMA_HOST


def only(ollama, *models):
    ollama.stock.models.clear()
    for model in models:
        ollama.stock.install(model)


def test_the_first_model_that_can_chat_is_used(alice, ollama):
    only(ollama, Installed("an-embed:latest", ("embedding",)), Installed("b:1b"), Installed("c:1b"))
    assert choosing.to_answer(alice).name == "b:1b"


def test_an_embedding_model_is_never_chosen_for_chat(alice, ollama):
    only(ollama, Installed("bge:latest", ("embedding",)))
    assert choosing.to_answer(alice) is None
    with pytest.raises(BadRequest, match="does not chat"):
        choosing.to_answer(alice, "bge")
    with pytest.raises(BadRequest, match="does not chat"):
        choosing.choose(alice, "bge")


def test_one_that_was_chosen_before_it_changed_is_told(alice, ollama):
    only(ollama, Installed("two-faced:latest", ("embedding", "completion")), Installed("b:1b"))
    ChatChoice.objects.create(owner=alice, engine="ollama", name="two-faced:latest")
    with pytest.raises(BadRequest, match="two-faced:latest does not chat"):
        choosing.to_answer(alice)


def test_the_last_choice_is_kept_for_each_person(alice, bob, ollama):
    choosing.choose(alice, "tiny-think")
    choosing.choose(alice, "TINY-think:latest")
    assert choosing.to_answer(alice).name == "tiny-think:latest"
    assert choosing.to_answer(bob).name == "tiny-chat:latest"
    assert ChatChoice.objects.for_user(alice).count() == 1


def test_a_choice_that_was_removed_is_named_and_no_other_takes_its_place(alice, ollama):
    choosing.choose(alice, "tiny-think")
    del ollama.stock.models["tiny-think:latest"]
    choosing.forget()
    told = "The model tiny-think:latest, which you chose, is no longer installed. Choose another"
    with pytest.raises(ModelMissing, match=told):
        choosing.to_answer(alice)
    assert choosing.answering(alice).problem.startswith(told)


def test_who_has_not_chosen_keeps_what_answered_when_a_newer_one_comes(alice, ollama):
    only(ollama, Installed("a:1b"))
    assert choosing.to_answer(alice).name == "a:1b"
    only(ollama, Installed("new:1b"), Installed("a:1b"))
    choosing.forget()
    assert choosing.to_answer(alice).name == "a:1b"
    only(ollama, Installed("new:1b"))
    choosing.forget()
    assert choosing.to_answer(alice).name == "new:1b"


@pytest.mark.parametrize(
    "base", [Installed("gem:270m", template="{{ .Prompt }}"), Installed("gem:base")]
)
def test_a_base_model_answers_only_where_none_is_made_to_chat(alice, ollama, base):
    only(ollama, base)
    assert choosing.to_answer(alice).name == base.name
    only(ollama, base, Installed("b:1b"))
    choosing.forget()
    assert choosing.to_answer(alice).name == "b:1b"


def test_an_embedding_model_that_the_list_takes_for_another_is_known(alice, ollama):
    only(ollama, Installed("minilm:latest", ("embedding",), window=512, tagged=("completion",)))
    assert choosing.to_answer(alice) is None
    assert choosing.embedding_model().name == "minilm:latest"


@pytest.mark.parametrize("wanted", ["", "tiny-chat", "tiny-think"])
def test_an_engine_that_is_down_is_said_to_be_down_and_since_when(alice, ollama, wanted):
    choosing.choose(alice, "tiny-chat")
    ollama.stop()
    choosing.forget()
    told = rf"The model engine at {ollama.url} does not answer, since \d\d:\d\d UTC\."
    with pytest.raises(EngineUnreachable, match=told):
        choosing.to_answer(alice, wanted)


def test_what_answered_is_not_replaced_while_its_engine_is_down(alice, server, settings):
    settings.WEIGHTS = settings.DATA
    assert choosing.to_answer(alice).engine == "ollama"
    settings.OLLAMA_HOST = "http://127.0.0.1:9"
    choosing.forget()
    with pytest.raises(EngineUnreachable, match=settings.OLLAMA_HOST):
        choosing.to_answer(alice)


def test_a_model_that_has_just_come_is_found_at_once(alice, ollama):
    choosing.installed()
    ollama.stock.install(Installed("new:1b"))
    assert choosing.choose(alice, "new:1b").name == "new:1b"


def test_what_is_not_installed_cannot_be_chosen(alice, ollama):
    with pytest.raises(ModelMissing, match="nothing:1b"):
        choosing.choose(alice, "nothing:1b")


def test_the_window_is_known_even_when_the_list_does_not_tell_it(alice, ollama):
    only(ollama, Installed("small:1b", window=2048))
    for _ in range(3):
        assert choosing.to_answer(alice).window == 2048
    assert choosing.to_answer(alice, "small:1b").window == 2048
    choosing.forget()
    assert choosing.to_answer(alice).window == 2048
    assert len(ollama.asked("/api/show")) <= 1


def test_many_questions_ask_the_engine_once(alice, ollama):
    for _ in range(20):
        choosing.to_answer(alice)
    assert len(ollama.asked("/api/tags")) == 1


def test_without_an_engine_there_is_a_sentence_with_the_address(alice, engine_down):
    found = choosing.installed()
    assert found.models == []
    assert len(found.problems) == 1
    assert "http://127.0.0.1:9" in found.problems[0]
    assert choosing.answering(alice).model is None
    with pytest.raises(EngineUnreachable):
        choosing.choose(alice, "tiny-chat")


def test_a_mute_engine_holds_nobody_up(alice, mute_engine):
    began = time.monotonic()
    assert choosing.answering(alice).model is None
    assert time.monotonic() - began < 1.0
    assert mute_engine in choosing.installed().problems[0]


def test_an_engine_that_falls_silent_leaves_the_last_list(alice, ollama, monkeypatch):
    assert choosing.to_answer(alice)
    monkeypatch.setattr(choosing, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(choosing, "PATIENCE_SECONDS", 0.0)
    found = choosing.installed()
    assert "tiny-chat:latest" in {model.name for model in found.models}


def test_ollamas_embedding_model_is_preferred_for_a_new_index(ollama):
    wanted = choosing.embedding_model()
    assert (wanted.engine, wanted.name) == ("ollama", "tiny-embed:latest")
    assert (wanted.dimensions, wanted.window) == (0, 512)
    assert wanted.digest == ollama.stock.find("tiny-embed").sha


def test_else_the_built_in_one_stands_for_it_with_or_without_weights(ollama):
    only(ollama, Installed("b:1b"))
    wanted = choosing.embedding_model()
    assert (wanted.engine, wanted.name) == ("builtin", builtin.MODEL)
    assert (wanted.dimensions, wanted.window) == (384, 256)


def test_an_unreachable_ollama_does_not_keep_an_index_from_being_chosen(engine_down):
    assert choosing.embedding_model().engine == "builtin"


@pytest.fixture
def dropped(settings, tmp_path):
    """A GGUF file that somebody puts into the folder of models."""
    settings.MODELS = tmp_path / "models"
    settings.MODELS.mkdir()

    def put(name="dropped.gguf"):
        gguf(settings.MODELS / name)
        choosing.forget()

    return put


def test_a_gguf_that_comes_takes_nobodys_place(alice, bob, ollama, dropped):
    assert choosing.to_answer(alice).engine == "ollama"
    dropped()
    assert choosing.to_answer(alice).engine == "ollama"
    assert choosing.to_answer(bob).engine == "ollama"
    ollama.stop()
    choosing.forget()
    with pytest.raises(EngineUnreachable):
        choosing.to_answer(alice)


def test_without_another_engine_a_gguf_answers_and_the_one_for_trying_out_comes_last(
    alice, engine_down, dropped
):
    dropped(small_model.FILE)
    assert choosing.answering(alice).model.name == small_model.NAME
    dropped("zeta.gguf")
    assert choosing.answering(alice).model.name == "zeta"
    assert choosing.to_answer(alice).name == "zeta"
    dropped("alpha.gguf")
    assert choosing.to_answer(alice).name == "zeta"
