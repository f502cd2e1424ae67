"""Models in a real browser."""

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect


def pull(page, name: str) -> None:
    page.get_by_label("Name of the model").fill(name)
    page.get_by_role("button", name="Pull").click()


def test_a_pull_goes_on_through_a_reload(page, engine_server):
    engine_server.pulling(seconds=5)
    page.goto("/models/")
    expect(page.get_by_role("cell", name="finding passages").first).to_be_visible()
    pull(page, "new-model:1b")
    expect(page.locator("model-pull")).to_contain_text("MB of")
    page.reload()
    expect(page.locator("model-pull")).to_contain_text("MB of")
    expect(page.locator("model-pull")).to_contain_text("Installed.", timeout=30_000)
    expect(page.locator("#installed")).to_contain_text("new-model:1b")


def test_a_pull_is_cancelled(page, engine_server):
    engine_server.pulling(seconds=20)
    page.goto("/models/")
    pull(page, "new-model:1b")
    expect(page.locator("model-pull")).to_contain_text("MB of")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    assert engine_server.wait_closed()


def test_a_wrong_name_is_said(page, watch):
    page.goto("/models/")
    pull(page, "no such name!")
    expect(page.get_by_text("That is no name of a model.")).to_be_visible()
    watch.errors.clear()  # the browser reports each 400


def test_another_model_is_chosen(page):
    page.goto("/models/")
    row = page.locator("tr", has_text="tiny-think")
    row.get_by_role("button", name="Use this one").click()
    expect(row).to_contain_text("Answers your questions")
    expect(page.locator(".side__foot")).to_contain_text("tiny-think")


def test_a_model_is_tried_and_unloaded(page, engine_server):
    engine_server.script(answer="Hello, I am working!")
    page.goto("/models/")
    row = page.locator("#installed tr", has_text="tiny-chat")
    row.get_by_role("button", name="Test tiny-chat:latest").click()
    expect(row).to_contain_text("“Hello, I am working!” after")
    page.reload()
    row.get_by_role("button", name="Unload tiny-chat:latest now").click()
    expect(row).not_to_contain_text("in memory")
    assert not engine_server.stock.loaded()
