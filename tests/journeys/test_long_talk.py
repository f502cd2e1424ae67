"""Conversations of many questions, and the same one in two tabs."""

import re

import pytest

from chat.record import shown_turns
from tests.factories import make_answer, make_conversation

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

MANY = 60


def make_talk(owner, number=MANY):
    conversation = make_conversation(owner)
    for n in range(number):
        make_answer(
            owner, f"Answer {n} is **long**.\n\n" * 8, question=f"Question {n}?",
            conversation=conversation,
        )  # fmt: skip
    return conversation


def test_a_long_talk_opens_at_its_end_and_shows_the_rest_when_it_is_reached(page, owner):
    page.goto(f"/c/{make_talk(owner).pk}/")
    expect(page.get_by_text(f"Answer {MANY - 1} is long.").first).to_be_in_viewport()
    assert page.locator("[data-folded]").count() > MANY - shown_turns.WHOLE - 10
    page.locator("h2", has_text=re.compile("^Question 3\\?")).scroll_into_view_if_needed()
    expect(page.get_by_text("Answer 3 is long.").first).to_be_visible()
    expect(page.locator("[data-folded]")).not_to_have_count(MANY - shown_turns.WHOLE)


def test_an_older_answer_is_found_by_its_address(page, owner):
    conversation = make_talk(owner)
    old = conversation.messages.answers().order_by("pk")[5]
    page.goto(f"/c/{conversation.pk}/#message-{old.pk}")
    expect(page.get_by_text("Answer 5 is long.").first).to_be_in_viewport()


def test_without_a_script_a_link_shows_all_of_it(owner, client):
    client.force_login(owner)
    conversation = make_talk(owner, shown_turns.WHOLE + 2)
    short = client.get(f"/c/{conversation.pk}/").content.decode()
    assert "Answer 1 is" not in short
    link = re.search(r'href="([^"#]*\?whole=1)', short)
    whole = client.get(link[1]).content.decode()
    assert "Answer 1 is" in whole
    assert "Show this answer" not in whole


def test_two_tabs_that_ask_at_once_show_both_in_the_same_order(page, context, owner, engine_server):
    engine_server.script(answer="It was dredged in 1987. " * 9, rate=30)
    conversation = make_talk(owner, 2)
    tabs = {"When was it?": page, "Who did it?": context.new_page()}
    for question, tab in tabs.items():
        tab.goto(f"/c/{conversation.pk}/")
        expect(tab.locator("chat-answer")).to_have_count(2)
        tab.get_by_label("Your question").fill(question)
    for tab in tabs.values():
        tab.evaluate("document.querySelector('#box').requestSubmit()")
    orders = []
    for tab in tabs.values():
        expect(tab.locator("chat-answer[data-status=done]")).to_have_count(4, timeout=20_000)
        expect(tab.locator("chat-answer")).to_have_count(4)
        orders.append(tab.locator("h2.question").all_inner_texts())
    assert orders[0] == orders[1]
    assert orders[0][:2] == ["Question 0?", "Question 1?"]
    assert set(orders[0][2:]) == set(tabs)


def test_what_is_asked_in_another_tab_appears_here(page, context, owner, engine_server):
    engine_server.script(answer="It was dredged in 1987.")
    conversation = make_talk(owner, 2)
    other = context.new_page()
    for tab in (page, other):
        tab.goto(f"/c/{conversation.pk}/")
        expect(tab.locator("chat-answer")).to_have_count(2)
    page.get_by_label("Your question").fill("half a thought")
    other.get_by_label("Your question").fill("When was it?")
    other.keyboard.press("Enter")
    expect(other.locator("chat-answer").last).to_contain_text("dredged in 1987")
    expect(page.locator("chat-answer")).to_have_count(3)
    expect(page.locator("chat-answer").last).to_contain_text("dredged in 1987")
    expect(other.locator("chat-answer")).to_have_count(3)
    expect(page.get_by_label("Your question")).to_have_value("half a thought")
