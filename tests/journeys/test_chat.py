"""Asking and reading in a real browser."""

import re

import pytest

from chat.models import Conversation, Message
from documents.models import Collection
from tests.factories import make_answer, make_document
from tests.files import pdf

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

LONG = " ".join(f"word{n}" for n in range(120))
PARAGRAPHS = "\n\n".join(f"Paragraph {n} has a few words in it." for n in range(40))


def ask(page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def answer(page, number: int = -1):
    return page.locator("chat-answer").nth(number)


def text(page) -> str:
    return answer(page).locator(".answer__text").inner_text()


def finished(page) -> None:
    expect(page.locator("chat-answer[data-topic]")).to_have_count(0, timeout=20_000)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_first_visit(page):
    page.goto("/")
    expect(page.get_by_text("Drop PDF, Word, Markdown or text files anywhere")).to_be_visible()
    expect(page.locator(".side__foot")).to_contain_text("Nothing leaves it.")
    expect(page.get_by_label("Your question")).to_be_focused()


def test_upload_ask_cite(page, engine_server):
    engine_server.script(answer="The harbour was dredged in 1987 [1]. ", rate=30)
    page.goto("/")
    file = pdf("The harbour was dredged in 1987.", "Nothing of note happened afterwards.")
    page.locator("input[type=file]").set_input_files(
        {"name": "harbour.pdf", "mimeType": "application/pdf", "buffer": file}
    )
    expect(page.locator(".tray__state")).to_have_text(re.compile("[Rr]eady"), timeout=40_000)
    ask(page, "When was the harbour dredged?")
    expect(page.get_by_role("heading", name="When was the harbour dredged?").last).to_be_visible()
    finished(page)
    expect(answer(page).locator(".sources__file").first).to_have_text("harbour.pdf")
    expect(answer(page).locator(".sources__link").first).to_contain_text("dredged in 1987")
    answer(page).locator("a.cite").click()
    panel = page.get_by_role("complementary", name="Source")
    alt = re.compile("The harbour was dredged in 1987.")
    expect(panel.get_by_role("img", name=alt)).to_be_visible()
    expect(panel.get_by_role("link", name="Open the original at page 1")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(answer(page).locator("a.cite")).to_be_focused()
    expect(page.locator("#conversations")).to_contain_text("When was the harbour dredged?")


def test_reload_in_the_middle_of_an_answer(page, engine_server):
    engine_server.script(answer=LONG, rate=20)
    page.goto("/")
    ask(page, "Tell me.")
    expect(answer(page)).to_contain_text("word9")
    page.reload()
    expect(answer(page)).to_contain_text("word9")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    finished(page)
    assert text(page).split() == LONG.split()
    assert Message.objects.answers().get().text.split() == LONG.split()


def test_a_second_reader_sees_the_same(context, page, engine_server):
    engine_server.script(answer=LONG, rate=30)
    page.goto("/")
    ask(page, "Tell me.")
    expect(answer(page)).to_contain_text("word5")
    other = context.new_page()
    other.goto(page.url)
    finished(other)
    finished(page)
    assert text(other).split() == text(page).split() == LONG.split()


@pytest.mark.parametrize("by", ["button", "key"])
def test_stop(page, engine_server, by):
    engine_server.script(answer=LONG, rate=10)
    page.goto("/")
    ask(page, "Tell me.")
    expect(answer(page)).to_contain_text("word3")
    if by == "button":
        page.get_by_role("button", name="Stop").click()
    else:
        page.keyboard.press("Escape")
    expect(page.get_by_text("You stopped this answer here.")).to_be_visible()
    finished(page)
    assert engine_server.wait_closed()
    assert "word3" in text(page)


def test_a_failure_stands_where_the_answer_would(page, engine_server):
    engine_server.script(status=500)  # also when it is asked once more
    page.goto("/")
    ask(page, "Tell me.")
    expect(answer(page).get_by_role("alert")).to_be_visible(timeout=10_000)
    engine_server.script(answer="Now it works.")
    answer(page).get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("Now it works.")).to_be_visible()
    assert Conversation.objects.count() == 1


def test_finished_blocks_are_never_touched(page, engine_server):
    engine_server.script(answer=PARAGRAPHS, rate=100)
    page.goto("/")
    ask(page, "Tell me.")
    expect(answer(page)).to_contain_text("Paragraph 3")
    page.evaluate("document.querySelector('chat-answer p:not([class])').mine = true")
    finished(page)
    assert page.evaluate("document.querySelector('chat-answer p:not([class])').mine")


def test_who_scrolled_up_is_left_in_peace(page, engine_server):
    engine_server.script(answer=PARAGRAPHS, rate=60)
    page.goto("/")
    ask(page, "Tell me.")
    expect(answer(page)).to_contain_text("Paragraph 18")
    page.locator("page-scroller").hover()
    page.mouse.wheel(0, -5000)
    below = page.get_by_role("button", name="New text below")
    expect(below).to_be_visible()
    assert page.evaluate("document.querySelector('page-scroller').scrollTop") == 0
    below.click()
    expect(below).to_be_hidden()
    finished(page)
    rest = """async e => {
        for (const _ of [1, 2]) await new Promise(requestAnimationFrame)
        return e.scrollHeight - e.clientHeight - e.scrollTop
    }"""
    assert page.locator("page-scroller").evaluate(rest) < 60


def test_the_model_is_loaded_while_one_types(page, owner, engine_server):
    engine_server.script(answer="In 1987 [1].")
    earlier = make_answer(owner, "It was never told before.")
    page.goto(f"/c/{earlier.conversation_id}/")
    with page.expect_response("**/api/chat/typing") as told:
        page.get_by_label("Your question").press_sequentially("When was")
    assert told.value.status == 200
    page.keyboard.press("Enter")
    expect(answer(page)).to_contain_text("In 1987")
    finished(page)
    loaded, *_, asked = engine_server.asked("/api/chat")
    assert "It was never told before." in loaded["messages"][-1]["content"]
    assert asked["messages"][: len(loaded["messages"])] == loaded["messages"]


def test_lines_and_drafts(page):
    page.goto("/")
    box = page.get_by_label("Your question")
    box.type("One")
    page.keyboard.press("Shift+Enter")
    box.type("Two")
    page.reload()
    expect(box).to_have_value("One\nTwo")
    assert not Message.objects.exists()


def test_without_a_websocket_it_goes_by_streams(page, engine_server):
    engine_server.script(answer=LONG, rate=60)
    page.route_web_socket(re.compile("/ws/"), lambda line: line.close())
    page.goto("/")
    expect(page.get_by_text("No live connection is possible here")).to_be_visible()
    ask(page, "Tell me.")
    expect(answer(page)).to_contain_text("word9")
    finished(page)
    assert text(page).split() == LONG.split()


@pytest.mark.parametrize("road", ["socket", "streams"])
def test_every_wish_of_the_form_arrives(page, owner, engine_server, road):
    engine_server.script(answer="Twice a day.")
    for name in ("Harbour", "Town"):
        Collection.objects.create(owner=owner, name=name)
    if road == "streams":
        page.route_web_socket(re.compile("/ws/"), lambda line: line.close())
    page.goto("/")
    if road == "streams":
        expect(page.get_by_text("No live connection is possible here")).to_be_visible()
    page.get_by_label("Documents", exact=True).uncheck()
    page.get_by_text("Settings", exact=True).click()
    page.get_by_label("Read everything").check()
    page.get_by_label("Your question").press_sequentially("@tow")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    ask(page, "Tell me.")
    expect(answer(page)).to_contain_text("Twice a day.")
    finished(page)
    asked = Message.objects.answers().get().request
    assert asked == {"use_documents": False, "whole": True, "collection": "Town"}


def test_asked_again_it_is_about_the_same_documents(page, owner, engine_server):
    engine_server.script(answer="Twice a day.")
    document = make_document(owner)
    wish = {"use_documents": True, "documents": [document.pk, 999_999]}
    first = make_answer(owner, document=document, request=wish)
    page.goto(f"/c/{first.conversation_id}/")
    answer(page).get_by_role("button", name="Again", exact=True).click()
    expect(answer(page)).to_contain_text("Twice a day.")
    finished(page)
    again = Message.objects.answers().latest("pk")
    assert again.wish == first.wish
    assert again.previous_id == first.previous_id


def test_a_server_that_went_and_came_back(page, live, watch, engine_server):
    engine_server.script(answer=LONG, rate=15)
    page.goto("/")
    ask(page, "Tell me.")
    expect(answer(page)).to_contain_text("word5")
    live.web.kill()
    live.web.wait()
    expect(page.get_by_text("The connection was lost.")).to_be_visible()
    live.start_web()
    expect(page.locator("chat-answer[data-topic]")).to_have_count(0, timeout=60_000)
    assert text(page).split() == LONG.split()
    watch.errors.clear()  # the browser reports each connection that was refused


def test_the_passages_speak_until_the_model_does(page, owner, engine_server):
    make_document(owner, "harbour.pdf", ["The harbour was dredged in 1987.", "It is quiet."])
    engine_server.script(answer="It was dredged in 1987 [1]. ", first_byte_delay=3)
    page.goto("/")
    ask(page, "When was the harbour dredged?")
    quotes = answer(page).locator(".quotes")
    expect(quotes).to_contain_text("The harbour was dredged in 1987.", timeout=2_500)
    expect(answer(page).locator(".answer__step")).to_have_text(
        re.compile("^(Loading the model, then r|R)eading .* tokens")
    )
    quotes.get_by_role("link", name="harbour.pdf, p. 1").click()
    panel = page.get_by_role("complementary", name="Source")
    expect(panel.get_by_role("link", name="Open the original at page 1")).to_be_visible()
    finished(page)
    expect(answer(page).locator(".quotes")).to_have_count(0)
    expect(answer(page).locator(".answer__text")).to_contain_text("It was dredged in 1987")


def test_who_stops_while_the_model_reads_keeps_the_passages(page, owner, engine_server):
    make_document(owner, "harbour.pdf", ["The harbour was dredged in 1987."])
    engine_server.script(first_byte_delay=30)
    page.goto("/")
    ask(page, "When was the harbour dredged?")
    expect(answer(page).locator(".quotes")).to_be_visible(timeout=5_000)
    page.get_by_role("button", name="Stop").click()
    finished(page)
    expect(answer(page).locator(".quotes")).to_contain_text("The harbour was dredged in 1987.")
    page.reload()
    expect(answer(page).locator(".quotes")).to_contain_text("The harbour was dredged in 1987.")


def test_quotes_keep_within_a_phone(page, owner, engine_server):
    name = "ANNUAL_REPORT_OF_THE_HARBOUR_MASTER_AND_THE_PILOTS_dated-2023-08-30.pdf"
    make_document(owner, name, ["The harbour was dredged in 1987."])
    engine_server.script(first_byte_delay=30)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    ask(page, "When was the harbour dredged?")
    box = answer(page).locator(".quotes__from").first.bounding_box()
    assert box["x"] + box["width"] <= 390
    page.get_by_role("button", name="Stop").click()
    finished(page)
    box = answer(page).locator(".quotes__from").first.bounding_box()
    assert box["x"] + box["width"] <= 390
