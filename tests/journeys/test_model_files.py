"""GGUF files that are dropped on the Models page."""

import pytest

from tests.gguf_files import gguf

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect


def test_a_file_becomes_a_model_or_is_refused_in_a_sentence(page, watch, tmp_path):
    good = gguf(tmp_path / "tiny-dropped.gguf", weights=(2048, 1024))  # three pieces
    bad = gguf(tmp_path / "other.gguf", {"general.architecture": "bert"})
    page.goto("/models/")
    expect(page.get_by_role("cell", name="finding passages").first).to_be_visible()
    page.locator("form[data-upload] input").set_input_files([good, bad])
    expect(page.locator("#pulls")).to_contain_text("Installed.")
    expect(page.locator("#installed")).to_contain_text("tiny-dropped on this machine")
    expect(page.locator("#pulls")).to_contain_text("other.gguf cannot chat here")
    watch.errors.clear()  # the browser reports each 400
    row = page.locator("tr", has_text="tiny-dropped")
    row.get_by_text("Delete", exact=True).click()
    row.get_by_role("button", name="Delete it").click()
    expect(page.locator("#installed")).not_to_contain_text("tiny-dropped")
