"""Whoever waits for the model sees the place in line, and may leave it."""

import threading

import pytest

from tests.journeys.test_chat import answer, ask, finished, text

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect


@pytest.fixture
def one_slot(live):
    live.env["ENGINE_SLOTS"] = "1"
    live.restart_web()
    yield
    del live.env["ENGINE_SLOTS"]
    live.restart_web()


def test_the_place_in_line_is_shown_and_given_back(one_slot, page, context, engine_server):
    all_wait = threading.Event()
    engine_server.script(answer=lambda messages: all_wait.wait(60) and "Your turn has come.")
    second, third = context.new_page(), context.new_page()
    for tab in (page, second, third):
        tab.goto("/")
    ask(page, "Who is first?")
    engine_server.wait_asked("/api/chat", 15)
    ask(second, "Who is next?")
    expect(answer(second)).to_contain_text("Waiting for the engine: you are 1st in line")
    ask(third, "Who is last?")
    expect(answer(third)).to_contain_text("you are 2nd in line")
    second.get_by_role("button", name="Stop").click()
    expect(answer(third)).to_contain_text("you are 1st in line")
    all_wait.set()
    finished(third)
    assert text(third) == "Your turn has come."
    assert "Who is next?" not in str(engine_server.asked("/api/chat"))
