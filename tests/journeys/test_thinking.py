"""Models that think, and such as do not come to an end, in a real browser."""

import re

import pytest

from chat.models import Message
from models_mgmt import choosing
from tests.journeys.test_chat import answer, ask, finished, text

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect


@pytest.mark.parametrize("road", ["socket", "streams"])
def test_an_answer_that_repeats_itself_stands_there_once(page, owner, engine_server, road):
    sentence = "The ferry runs three times a day, and on Sundays it runs twice. "
    engine_server.script(answer="Yes.\n\n" + sentence * 60, rate=80)
    if road == "streams":
        page.route_web_socket(re.compile("/ws/"), lambda line: line.close())
    page.goto("/")
    page.get_by_label("Documents", exact=True).uncheck()
    ask(page, "How often?")
    expect(answer(page).get_by_text("repeat itself and was stopped there")).to_be_visible()
    finished(page)
    assert text(page).split() == ["Yes.", *sentence.split()]


def test_a_model_that_can_think_may_be_asked_to(page, owner, engine_server):
    choosing.choose(owner, "tiny-chat")
    page.goto("/")
    expect(page.locator(".box .model-line")).to_contain_text("tiny-chat")
    expect(page.get_by_label("Think", exact=True)).to_be_hidden()
    choosing.choose(owner, "tiny-think")
    engine_server.script(answer="Twice a day. ", thinking="Hm. " * 12, rate=6)
    page.reload()
    page.get_by_label("Documents", exact=True).uncheck()
    page.get_by_text("Settings", exact=True).click()
    page.get_by_label("Think", exact=True).check()
    ask(page, "How often?")
    expect(answer(page).locator(".answer__step")).to_have_text(re.compile("^Thinking, [12] s$"))
    finished(page)
    expect(answer(page)).to_contain_text("Twice a day.")
    assert text(page).strip() == "Twice a day."
    assert Message.objects.answers().get().request == {"use_documents": False, "think": True}
    page.reload()
    expect(page.get_by_label("Think", exact=True)).to_be_checked()


@pytest.mark.parametrize("road", ["socket", "streams"])
def test_thoughts_without_an_opening_tag_give_way_to_the_answer(page, owner, engine_server, road):
    engine_server.script(answer="Hm. " * 6 + "\n</think>\n\n" + "Twice a day. " * 2, rate=8)
    if road == "streams":
        page.route_web_socket(re.compile("/ws/"), lambda line: line.close())
    page.goto("/")
    page.get_by_label("Documents", exact=True).uncheck()
    ask(page, "How often?")
    body = answer(page).locator(".answer__text")
    expect(body).to_have_text(re.compile("^Twice a"))
    finished(page)
    assert text(page).strip() == "Twice a day. Twice a day."
    # The server, which others use too, forgets what it has learnt of the model.
    engine_server.script(answer="Twice a day.")
    ask(page, "How often?")
    expect(page.locator("chat-answer")).to_have_count(2)
    expect(answer(page).locator(".answer__text")).to_have_text("Twice a day.")
    finished(page)
