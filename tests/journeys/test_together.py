"""A question is asked of two models, and the talk goes on from the answer that is chosen."""

from chat.models import Message
from tests.journeys.test_turns import ask, button, expect, finished, turn

LONG = " ".join(f"word{number}" for number in range(40))


def columns(page):
    return turn(page).locator(".beside__one")


def test_two_models_answer_side_by_side_and_one_is_gone_on_from(page, context, engine_server):
    engine_server.script(answer=LONG, rate=10)
    page.goto("/")
    page.get_by_label("Documents", exact=True).uncheck()
    models = page.locator(".pick--models")
    models.locator("summary").first.click()
    models.get_by_text("Compare with…").click()
    models.get_by_role("checkbox", name="tiny-think:latest").check()
    expect(models.locator("summary").first).to_have_text("tiny-chat:latest + tiny-think:latest")
    page.keyboard.press("Escape")
    ask(page, "Is it?")
    expect(columns(page)).to_have_count(2)
    expect(columns(page).nth(0)).to_contain_text("word")
    expect(columns(page).nth(1)).to_contain_text("word")
    first, second = (columns(page).nth(number).bounding_box() for number in (0, 1))
    assert (first["y"], first["x"] + first["width"] < second["x"]) == (second["y"], True)
    expect(models.locator("summary").first).to_have_text("tiny-chat:latest")

    page.reload()  # in the midst of it
    other = context.new_page()
    other.set_viewport_size({"width": 390, "height": 844})
    other.goto(page.url)
    for each in (page, other):
        finished(each)
        for number in (0, 1):
            expect(columns(each).nth(number).locator(".answer__text")).to_have_text(LONG)
    first, second = (columns(other).nth(number).bounding_box() for number in (0, 1))
    assert first["y"] + first["height"] < second["y"]
    assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")

    expect(columns(page).nth(0)).to_contain_text("The talk goes on from this one")
    button(page, "Go on from this one").click()
    expect(columns(page).nth(1)).to_contain_text("The talk goes on from this one")
    expect(models.locator("summary").first).to_have_text("tiny-think:latest")
    engine_server.script(answer="And so on.")
    ask(page, "And then?")
    expect(turn(page)).to_contain_text("And so on.")
    finished(page)
    assert engine_server.asked("/api/chat")[-1]["model"] == "tiny-think:latest"
    chosen = Message.objects.answers().get(model="tiny-think:latest", previous__text="Is it?")
    assert Message.objects.get(text="And then?").previous == chosen
    page.reload()
    expect(page.locator(".beside")).to_have_count(0)
    expect(turn(page, 0)).to_contain_text("2 of 2")
