"""What a GGUF file says of itself, and what of it is refused."""

import importlib.util
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from models_mgmt.gguf import checks
from models_mgmt.gguf.checks import Refused, checked
from models_mgmt.gguf.facts import facts_of
from models_mgmt.gguf.header import NotGguf, header_of
from models_mgmt.llamacpp import small_model
from tests.gguf_files import gguf


def test_the_facts_of_a_real_model_are_its_own(models_folder):
    found = checked(models_folder / small_model.FILE, small_model.FILE)
    assert found.size == 98_362_432
    assert found.facts._replace(template="") == ("llama", "135M", "Q4_1", 8192, "", 23_040)
    assert "<|im_start|>" in found.facts.template
    assert header_of(models_folder / small_model.FILE).size == found.size


def test_memory_is_reckoned_by_the_models_own_numbers(tmp_path):
    """Keys and values, two bytes each: heads times width times layers, for each token."""
    usual = facts_of(header_of(gguf(tmp_path / "a.gguf")))
    assert usual.cache_bytes == 2 * 2 * (16 + 16) * 2
    each = {"llama.attention.head_count_kv": [1, 4], "llama.attention.key_length": 8}
    other = facts_of(header_of(gguf(tmp_path / "b.gguf", each)))
    assert other.cache_bytes == (1 + 4) * (8 + 16) * 2


@pytest.mark.parametrize(
    ("template", "thinks"),
    [("{{ messages }}", False), ("{% if enable_thinking %}…", True), ("… <think> …", True)],
)
def test_a_model_thinks_if_its_template_knows_of_it(tmp_path, template, thinks):
    made = gguf(tmp_path / "a.gguf", {"tokenizer.chat_template": template})
    assert facts_of(header_of(made)).can_think is thinks


@pytest.mark.parametrize(
    ("template", "calls"),
    [
        ("{{ messages }} toolset", False),
        ("{% if tools %}…", True),
        ("{%- for t in tools -%}", True),
    ],
)
def test_a_model_calls_tools_if_its_template_tells_it_of_them(tmp_path, template, calls):
    made = gguf(tmp_path / "a.gguf", {"tokenizer.chat_template": template})
    assert facts_of(header_of(made)).can_call is calls


@pytest.mark.parametrize(
    ("changes", "wishes", "sentence"),
    [
        ({}, {"version": 1}, "a.gguf has version 1 of the GGUF format"),
        ({"general.architecture": "bert"}, {}, r"its architecture \(bert\) is not one"),
        ({"general.architecture": None}, {}, r"its architecture \(none\) is not one"),
        ({}, {"short_by": 100}, "a.gguf is not whole"),
        ({"tokenizer.ggml.model": None}, {}, "a.gguf has no tokenizer"),
        ({"tokenizer.ggml.tokens": None}, {}, "a.gguf has no tokenizer"),
        ({"tokenizer.chat_template": None}, {}, "a.gguf has no chat template"),
        ({"split.count": 3}, {}, "one part of several"),
        ({}, {"weights": (1 << 20, 1 << 20)}, r"a.gguf needs 4,398\.\d GB of memory"),
        ({"llama.block_count": 4096, "llama.embedding_length": 1 << 20}, {}, "GB of memory"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(tmp_path, changes, wishes, sentence):
    made = gguf(tmp_path / "a.gguf", changes, **wishes)
    with pytest.raises(Refused, match=sentence) as refused:
        checked(made, "a.gguf")
    assert str(refused.value).endswith(".")


def test_what_is_no_gguf_is_refused_in_a_sentence(tmp_path):
    for content in (b"", b"GGU", b"hello, world", b"PK\x03\x04" + bytes(100)):
        (tmp_path / "a.gguf").write_bytes(content)
        with pytest.raises(Refused, match=r"a\.gguf (is not in the GGUF format|ends in)"):
            checked(tmp_path / "a.gguf", "a.gguf")


def test_a_container_has_the_memory_that_it_is_allowed(tmp_path, monkeypatch):
    limit = tmp_path / "memory.max"
    limit.write_text("max\n")
    monkeypatch.setattr(checks, "CGROUP", limit)
    whole = checks.memory()
    limit.write_text("300000000\n")
    assert checks.memory() == 300_000_000 < whole
    with pytest.raises(Refused, match=r"needs 0\.3 GB of memory, and this machine has 0\.3"):
        checked(gguf(tmp_path / "a.gguf"), "a.gguf")


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(place=st.integers(0, 500), byte=st.binary(min_size=1, max_size=9))
def test_a_damaged_head_is_never_more_than_refused(tmp_path, place, byte):
    made = gguf(tmp_path / "a.gguf")
    content = bytearray(made.read_bytes())
    content[place : place + len(byte)] = byte
    made.write_bytes(content)
    with suppress(NotGguf):
        facts_of(header_of(made))


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(size=st.integers(0, 520))
def test_a_file_that_ends_early_is_never_taken_for_whole(tmp_path, size):
    made = gguf(tmp_path / "a.gguf")
    made.write_bytes(made.read_bytes()[:size])
    with pytest.raises(Refused):
        checked(made, "a.gguf")


def test_the_engine_knows_every_architecture_that_is_let_in():
    library = Path(importlib.util.find_spec("xllamacpp.xllamacpp").origin).read_bytes()
    assert len(checks.architectures()) > 90
    assert [name for name in checks.architectures() if f"{name}\0".encode() not in library] == []
