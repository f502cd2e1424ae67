"""Questions that wait until the answer before them is written."""

from chat.models import Message
from tests.journeys.test_turns import ask, expect, finished, turn

SLOW = " ".join(f"word{n}" for n in range(60))


def test_who_asks_while_an_answer_is_written_stands_in_line(page, engine_server):
    engine_server.script(
        answer=lambda turns: "Later." if "And then?" in turns[-1]["content"] else SLOW, rate=20
    )
    page.goto("/")
    page.get_by_label("Documents", exact=True).uncheck()
    ask(page, "Tell me.")
    expect(turn(page)).to_contain_text("word3")
    ask(page, "And then?")
    ask(page, "And at last?")
    waiting = page.get_by_role("list", name="Asked next")
    expect(waiting).to_contain_text("Next: And then?")
    expect(page.get_by_label("Your question")).to_have_value("")
    page.reload()
    expect(waiting.get_by_role("listitem")).to_have_count(2)
    waiting.get_by_role("button", name="Take it back").last.click()
    expect(waiting.get_by_role("listitem")).to_have_count(1)
    expect(turn(page).get_by_role("heading")).to_have_text("And then?", timeout=20_000)
    expect(waiting).to_be_hidden()
    expect(turn(page)).to_contain_text("Later.")
    finished(page)
    assert Message.objects.filter(role="user").count() == 2


def test_on_a_phone_it_can_be_taken_back_too(page, engine_server):
    engine_server.script(answer=SLOW, rate=20)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    page.get_by_label("Documents", exact=True).uncheck()
    ask(page, "Tell me.")
    expect(turn(page)).to_contain_text("word3")
    ask(page, "And what became of the harbour, and who paid for all of it in the end?")
    back = page.get_by_role("button", name="Take it back")
    box = back.bounding_box()
    assert box["x"] + box["width"] <= 390
    back.click()
    expect(back).to_have_count(0)
    page.keyboard.press("Escape")
    finished(page)


def test_a_question_in_line_is_edited_in_the_box(page, engine_server):
    engine_server.script(answer=SLOW, rate=20)
    page.goto("/")
    page.get_by_label("Documents", exact=True).uncheck()
    ask(page, "Tell me.")
    expect(turn(page)).to_contain_text("word3")
    ask(page, "And then?")
    page.get_by_role("list", name="Asked next").get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Your question")).to_have_value("And then?")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.press("Escape")
    finished(page)
    assert Message.objects.filter(role="user").count() == 1
