"""Versions of questions and answers, and the rest of an answer, in a browser."""

import re

import pytest

from chat.models import Conversation, Message
from tests.factories import make_answer, make_conversation

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect


def ask(page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def turn(page, number: int = -1):
    return page.locator(".turn").nth(number)


def button(page, name: str, number: int = -1):
    return turn(page, number).get_by_role("button", name=name, exact=True)


def finished(page) -> None:
    expect(page.locator("chat-answer[data-topic]")).to_have_count(0, timeout=20_000)


@pytest.fixture
def talk(page, owner):
    """Two turns, open in the page."""
    conversation = make_conversation(owner)
    facts = {"request": {"use_documents": False}, "conversation": conversation}
    make_answer(owner, "One.", question="What is first?", **facts)
    make_answer(owner, "Two.", question="What is second?", **facts)
    page.goto(f"/c/{conversation.pk}/")
    return conversation


def test_a_question_is_edited_in_its_place_and_both_are_paged_through(page, talk, engine_server):
    engine_server.script(answer="First of all.")
    heading = turn(page, 0).get_by_role("heading")
    turn(page, 0).hover()
    turn(page, 0).get_by_text("Edit", exact=True).click()
    box = page.get_by_label("The question to send again").first
    expect(box).to_be_focused()
    expect(heading).to_be_hidden()
    box.fill("What comes first?")
    page.keyboard.press("Escape")
    expect(heading).to_have_text("What is first?")
    page.keyboard.press("Enter")  # the word has the focus
    expect(box).to_have_value("What is first?")
    box.fill("What comes first?")
    button(page, "Save and send", 0).click()
    expect(page.locator(".turn")).to_have_count(1)
    expect(turn(page)).to_contain_text("First of all.")
    expect(turn(page)).to_contain_text("2 of 2")
    finished(page)
    button(page, "Previous version").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(turn(page, 0)).to_contain_text("1 of 2")
    expect(turn(page)).to_contain_text("Two.")
    expect(button(page, "Next version", 0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(turn(page)).to_contain_text("First of all.")
    page.reload()
    expect(turn(page)).to_contain_text("First of all.")


def test_an_answer_again_by_another_model_stands_beside_the_first(page, talk, engine_server):
    engine_server.script(answer="Two, or so.")
    place = turn(page).get_by_text("Another model").bounding_box()
    turn(page).get_by_text("Another model").click()
    expect(button(page, "tiny-chat:latest")).to_be_in_viewport()
    assert turn(page).get_by_text("Another model").bounding_box() == place
    button(page, "tiny-chat:latest").click()
    expect(turn(page)).to_contain_text("Two, or so.")
    finished(page)
    expect(turn(page).locator(".answer__by")).to_have_text("tiny-chat:latest")
    group = turn(page).get_by_role("group", name="Versions of the answer")
    expect(group).to_contain_text("2 of 2")
    group.get_by_role("button", name="Previous version").click()
    expect(turn(page).locator(".answer__text")).to_have_text("Two.")
    engine_server.script(answer="Three.")
    ask(page, "And then?")
    expect(turn(page)).to_contain_text("Three.")
    finished(page)
    said = [each["content"] for each in engine_server.asked_in("And then?")["messages"]]
    assert said[-3:-1] == ["What is second?", "Two."]


def test_a_cut_answer_is_continued_in_its_place(page, engine_server):
    engine_server.script(answer="It begins here, ", done_reason="length")
    page.goto("/")
    page.get_by_label("Documents", exact=True).uncheck()
    ask(page, "Tell me.")
    expect(turn(page)).to_contain_text("It begins here,")
    finished(page)
    engine_server.script(answer="and ends there.")
    button(page, "Continue").click()
    expect(turn(page).locator(".answer__text")).to_have_text("It begins here, and ends there.")
    finished(page)
    expect(button(page, "Continue")).to_have_count(0)
    assert Message.objects.answers().count() == 1


def test_a_turn_is_removed_after_a_second_thought(page, talk):
    turn(page).hover()
    turn(page).get_by_text("Remove", exact=True).click()
    page.keyboard.press("Escape")
    expect(button(page, "Remove it")).to_be_hidden()
    turn(page).hover()
    turn(page).get_by_text("Remove", exact=True).click()
    button(page, "Remove it").click()
    expect(page.locator(".turn")).to_have_count(1)
    expect(turn(page)).to_contain_text("One.")
    turn(page).hover()
    turn(page).get_by_text("Remove", exact=True).click()
    button(page, "Remove it").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))
    assert not Conversation.objects.exists()


def test_what_one_thinks_of_an_answer_is_kept(page, talk):
    button(page, "Not good").click()
    expect(button(page, "Not good")).to_have_attribute("aria-pressed", "true")
    turn(page).get_by_label("Why, in a word").fill("Too short")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(turn(page).get_by_label("Why, in a word")).to_have_value("Too short")
    kept = Message.objects.get(text="Two.")
    assert (kept.verdict, kept.verdict_words) == ("bad", "Too short")
    button(page, "Not good").click()
    expect(button(page, "Not good")).to_have_attribute("aria-pressed", "false")


def test_without_a_script_the_forms_do_the_same(browser, live, owner, engine_server):
    engine_server.script(answer="First of all.")
    conversation = make_conversation(owner)
    facts = {"request": {"use_documents": False}, "conversation": conversation}
    make_answer(owner, "One.", question="What is first?", **facts)
    context = browser.new_context(base_url=live.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/c/{conversation.pk}/")
    turn(page).get_by_text("Edit", exact=True).click()
    page.get_by_label("The question to send again").fill("What comes first?")
    button(page, "Save and send").click()
    expect(turn(page)).to_contain_text("First of all.", timeout=20_000)  # it reloads by itself
    button(page, "Previous version").click()
    expect(turn(page)).to_contain_text("One.")
    button(page, "Good").click()
    assert Message.objects.get(text="One.").verdict == "good"
    turn(page).get_by_text("Another model").click()
    turn(page).get_by_role("link", name="Choose one").click()
    page.get_by_role("button", name="tiny-chat:latest").click()
    expect(turn(page)).to_contain_text("2 of 2")
    assert Message.objects.answers().latest("pk").model == "tiny-chat:latest"
    context.close()


def test_a_new_conversation_begins_from_an_answer_and_goes_its_own_way(page, talk, engine_server):
    engine_server.script(answer="Another way.")
    turn(page, 0).get_by_text("More", exact=True).click()
    button(page, "Begin a new conversation from here", 0).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The harbour (2)")
    expect(page.locator(".turn")).to_have_count(1)
    ask(page, "And from here?")
    expect(turn(page)).to_contain_text("Another way.")
    finished(page)
    page.goto(f"/c/{talk.pk}/")
    expect(page.locator(".turn")).to_have_count(2)
    expect(turn(page)).to_contain_text("Two.")
