"""Whoever waits for the model sees the place in line, and may leave it."""

import pytest

from tests.journeys.test_chat import LONG, answer, ask, finished

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect


def test_the_place_in_line_is_shown_and_given_back(page, context, engine_server):
    engine_server.script(answer=LONG, rate=40)
    second, third = context.new_page(), context.new_page()
    for tab in (page, second, third):
        tab.goto("/")
    ask(page, "Who is first?")
    expect(answer(page).locator(".answer__text")).to_contain_text("word1")
    ask(second, "Who is next?")
    expect(answer(second)).to_contain_text("Waiting for the engine: you are 1st in line")
    ask(third, "Who is last?")
    expect(answer(third)).to_contain_text("you are 2nd in line")
    second.get_by_role("button", name="Stop").click()
    expect(answer(third)).to_contain_text("you are 1st in line", timeout=1_500)
    finished(third)
    assert engine_server.peak == 1
    assert len(engine_server.asked("/api/chat")) == 2
