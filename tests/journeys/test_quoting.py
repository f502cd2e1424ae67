"""What is selected in an answer or a source is quoted in the next question."""

import re

import pytest

from tests.factories import make_answer, make_document
from tests.journeys.test_turns import expect

SELECT = """element => {
  const range = document.createRange()
  range.selectNodeContents(element)
  getSelection().removeAllRanges()
  getSelection().addRange(range)
}"""


@pytest.mark.parametrize("by", ["button", "key"])
def test_a_selection_is_quoted(page, owner, by):
    answer = make_answer(owner, "In 1987 [1]. It was deep.", document=make_document(owner))
    page.goto(f"/c/{answer.conversation_id}/")
    page.get_by_label("Your question").fill("By whom?")
    page.locator("chat-answer .answer__text").evaluate(SELECT)
    expect(page.get_by_role("button", name="Quote")).to_be_visible()
    if by == "button":
        page.get_by_role("button", name="Quote").click()
    else:
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("q")
    box = page.get_by_label("Your question")
    expect(box).to_have_value(re.compile(r"^> In 1987 ?\. It was deep\.\n\nBy whom\?$"))
    expect(box).to_be_focused()
    expect(page.get_by_role("button", name="Quote")).to_be_hidden()


def test_a_passage_is_quoted(page, owner):
    answer = make_answer(owner, document=make_document(owner, "notes.md"))
    page.goto(f"/c/{answer.conversation_id}/")
    page.locator("a.cite").click()
    page.locator("#panel .sheet mark").evaluate(SELECT)
    page.get_by_role("button", name="Quote").click()
    box = page.get_by_label("Your question")
    expect(box).to_have_value("> The harbour was dredged in 1987.\n\n")


def test_what_is_selected_is_remembered_and_the_next_answer_knows_it(page, owner, engine_server):
    engine_server.script(answer="Aye.")
    answer = make_answer(owner, "You are a nurse. It rains.", question="I live in Trondheim.")
    page.goto(f"/c/{answer.conversation_id}/")
    page.locator(".turn").hover()
    page.get_by_role("button", name="Remember").click()
    expect(page.locator("#line")).to_have_text("Kept in “About me”.")
    page.locator("chat-answer .answer__text").evaluate(SELECT)
    page.locator(".selected").get_by_role("button", name="Remember").click()
    expect(page.locator(".selected")).to_be_hidden()
    page.get_by_label("Documents", exact=True).uncheck()
    page.get_by_label("Your question").fill("Who am I?")
    page.keyboard.press("Enter")
    expect(page.locator("chat-answer").last).to_contain_text("Aye.")
    system = engine_server.asked_in("Who am I?")["messages"][0]["content"]
    assert "\n- I live in Trondheim.\n- You are a nurse. It rains." in system
    page.locator(".pick--settings > summary").click()
    with page.expect_response("**/manner/"):
        page.get_by_label("Without my notes").check()
    page.get_by_role("link", name="About me").click()
    page.locator("summary", has_text="I live in Trondheim.").click()
    page.get_by_role("button", name="Delete: I live in Trondheim.").click()
    expect(page.locator("summary", has_text="Trondheim")).to_have_count(0)
    page.goto(f"/c/{answer.conversation_id}/")
    expect(page.locator("[name=without_notes]")).to_be_checked()
