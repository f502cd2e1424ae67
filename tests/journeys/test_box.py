"""What the question box has beside the question, in a browser: model, scope, settings, own texts."""

import re

import pytest

from chat.models import Assistant, Conversation, Message, SavedPrompt
from documents.models import Collection
from models_mgmt import choosing
from tests.factories import make_answer, make_conversation, make_document
from tests.journeys.test_chat import answer, ask, finished

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect


def question(page):
    return page.get_by_label("Your question")


def option(page, number: int = 0):
    return page.get_by_role("option").nth(number)


def chip(page, name: str):
    return page.locator(".chip--scope").filter(has_text=name)


def model(page):
    return page.locator(".pick--models > summary")


def settings(page):
    return page.locator(".pick--settings > summary")


def test_the_model_of_a_conversation_is_chosen_in_the_box_and_stays(page, owner, engine_server):
    choosing.choose(owner, "tiny-chat")
    engine_server.script(answer="Aye.")
    page.goto("/")
    expect(model(page)).to_have_text("tiny-chat:latest")
    model(page).click()
    row = page.locator(".pick__row").filter(has_text="tiny-think")
    expect(row).to_contain_text(re.compile(r"[KMG]B"))
    row.click()
    expect(model(page)).to_have_text("tiny-think:latest")
    page.keyboard.press("Escape")
    expect(model(page)).to_be_focused()
    page.get_by_label("Documents", exact=True).uncheck()
    ask(page, "Well?")
    expect(answer(page)).to_contain_text("Aye.")
    finished(page)
    expect(answer(page).locator(".answer__by")).to_have_text("tiny-think:latest")
    choosing.choose(owner, "tiny-chat")
    page.reload()
    expect(model(page)).to_have_text("tiny-think:latest")
    model(page).click()
    page.locator(".pick__row").filter(has_text="tiny-chat").click()
    expect(model(page)).to_have_text("tiny-chat:latest")
    page.wait_for_timeout(300)
    page.reload()
    expect(model(page)).to_have_text("tiny-chat:latest")


def test_a_model_that_is_gone_is_named_in_the_box(page, owner, engine_server):
    talk = make_conversation(owner, model="gone:7b")
    make_answer(owner, "Aye.", conversation=talk)
    page.goto(f"/c/{talk.pk}/")
    expect(model(page)).to_have_text("gone:7b")
    model(page).click()
    expect(page.get_by_text("gone:7b is no longer installed.")).to_be_visible()
    page.keyboard.press("Escape")
    ask(page, "Well?")
    expect(answer(page)).to_contain_text("The model gone:7b is not installed.")


def test_at_names_what_is_asked_about(page, owner, engine_server):
    engine_server.script(answer="Twice a day.")
    make_document(owner, "ferry.pdf", collection="Town")
    make_document(owner, "lamps.pdf", collection="Harbour")
    page.goto("/")
    question(page).press_sequentially("When does @")
    expect(option(page)).to_contain_text("Harbour")
    page.keyboard.press("ArrowDown")
    expect(option(page, 1)).to_have_attribute("aria-selected", "true")
    expect(question(page)).to_have_attribute("aria-activedescendant", "completion-1")
    page.keyboard.press("Enter")
    expect(chip(page, "Town")).to_be_visible()
    expect(question(page)).to_have_value("When does ")
    question(page).press_sequentially("@lamp")
    expect(option(page)).to_contain_text("lamps.pdf")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.get_by_role("button", name="Narrow @").click()
    option(page).wait_for()
    question(page).press_sequentially("ferry")
    expect(page.get_by_role("option")).to_have_count(1)
    option(page).click()
    expect(chip(page, "ferry.pdf")).to_be_visible()
    page.get_by_label("Documents", exact=True).uncheck()
    ask(page, "When does the ferry run?")
    expect(answer(page)).to_contain_text("Twice a day.")
    finished(page)
    page.reload()
    expect(chip(page, "ferry.pdf")).to_be_visible()
    chip(page, "ferry.pdf").click()
    expect(chip(page, "ferry.pdf")).to_have_count(0)
    expect(chip(page, "Town")).to_be_visible()
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator(".chip--scope")).to_have_count(1)
    assert Conversation.objects.get().documents == []


def test_settings_are_kept_and_sent(page, owner, engine_server):
    engine_server.script(answer="Arr.")
    page.goto("/")
    page.get_by_label("Documents", exact=True).uncheck()
    settings(page).click()
    page.get_by_label("Instructions").fill("Talk like a sailor.")
    page.get_by_label("Temperature").fill("0.8")
    page.get_by_label("Context window").fill("4096")
    expect(page.get_by_text("loads the model anew")).to_be_visible()
    page.keyboard.press("Escape")
    ask(page, "Well?")
    expect(answer(page)).to_contain_text("Arr.")
    finished(page)
    body = engine_server.asked_in("Well?")
    assert body["messages"][0]["content"].endswith("Talk like a sailor.")
    assert (body["options"]["temperature"], body["options"]["num_ctx"]) == (0.8, 4096)
    page.reload()
    settings(page).click()
    expect(page.get_by_label("Instructions")).to_have_value("Talk like a sailor.")
    expect(page.locator(".pick__box .context")).to_have_text(
        re.compile(r"Context: \d+ of 4,096 tokens")
    )
    page.get_by_label("Instructions").fill("")
    page.get_by_label("Instructions").press("Tab")
    page.wait_for_timeout(300)
    page.reload()
    settings(page).click()
    expect(page.get_by_label("Instructions")).to_have_value("")
    expect(page.get_by_label("Temperature")).to_have_value("0.8")


def test_a_window_that_cannot_be_is_shown_where_it_stands(page, owner, engine_server):
    talk = make_conversation(owner)
    make_answer(owner, "Aye.", conversation=talk)
    page.goto(f"/c/{talk.pk}/")
    settings(page).click()
    page.get_by_label("Context window").fill("5")
    page.keyboard.press("Escape")
    ask(page, "Well?")
    expect(page.get_by_label("Context window")).to_be_focused()
    assert Message.objects.answers().count() == 1
    assert Conversation.objects.get().window is None
    page.get_by_label("Context window").fill("")
    page.keyboard.press("Escape")
    engine_server.script(answer="Arr.")
    question(page).press("Enter")
    expect(answer(page)).to_contain_text("Arr.")
    finished(page)


def test_a_saved_prompt_is_put_in_by_its_name(page, owner, engine_server):
    page.goto("/")
    page.get_by_label("Your question").press("/")
    expect(page.locator("#no-prompts")).to_have_text(re.compile("^No prompt is saved yet."))
    page.get_by_role("link", name="Save one to put it in with /").click()
    page.wait_for_url("**/prompts/")
    form = page.locator(".own__form").filter(has=page.get_by_label("Name, one word"))
    form.get_by_label("Name, one word").fill("risks")
    form.get_by_label("Text").fill("List the risks, each in one line.")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_text("/risks", exact=True)).to_be_visible()
    page.goto("/")
    expect(question(page)).to_have_value("")
    question(page).fill("/ri")
    expect(option(page)).to_contain_text("/risks")
    page.keyboard.press("Enter")
    expect(question(page)).to_have_value("List the risks, each in one line.")
    page.goto("/prompts/")
    page.get_by_text("/risks", exact=True).click()
    page.locator(".own__form").first.get_by_label("Text").fill("List the risks.")
    page.locator(".own__form").first.get_by_role("button", name="Save").click()
    assert SavedPrompt.objects.get().text == "List the risks."
    page.get_by_text("/risks", exact=True).click()
    page.get_by_role("button", name="Delete /risks").click()
    expect(page.get_by_text("/risks", exact=True)).to_have_count(0)


def test_an_assistant_is_chosen_when_a_conversation_begins(page, owner, engine_server):
    engine_server.script(answer="Arr.")
    Collection.objects.create(owner=owner, name="Town")
    page.goto("/prompts/")
    form = page.locator(".own__form").filter(has=page.get_by_label("Model; empty"))
    form.get_by_label("Name", exact=True).fill("Guide")
    form.get_by_label("Instructions").fill("Talk like a sailor.")
    form.get_by_label("Model; empty").fill("tiny-chat:latest")
    form.get_by_label("Town").check()
    form.get_by_role("button", name="Save").click()
    assert Assistant.objects.get().instructions == "Talk like a sailor."
    page.goto("/")
    question(page).fill("Well?")
    page.locator("select[name=assistant]").select_option("Guide")
    expect(chip(page, "Town")).to_be_visible()
    expect(question(page)).to_have_value("Well?")
    expect(model(page)).to_have_text("tiny-chat:latest")
    page.get_by_label("Documents", exact=True).uncheck()
    page.keyboard.press("Tab")
    ask(page, "Well?")
    expect(answer(page)).to_contain_text("Arr.")
    finished(page)
    body = engine_server.asked_in("Well?")
    assert body["messages"][0]["content"].endswith("Talk like a sailor.")
    assert Conversation.objects.get().assistant.name == "Guide"
    page.reload()
    expect(page.locator("select[name=assistant]")).to_have_count(0)
    settings(page).click()
    expect(page.get_by_text("It began with Guide.")).to_be_visible()


def test_the_documents_suggest_what_to_ask(page, owner, engine_server):
    engine_server.script(answer="In 1987 [1].")
    document = make_document(owner, "harbour.pdf", ["The harbour was dredged.", "The lamp burns."])
    for chunk, heading in zip(
        document.current.content.chunks.order_by("position"),
        ("Dredging the harbour", "The old lighthouse"),
        strict=True,
    ):
        chunk.heading = heading
        chunk.save(update_fields=["heading"])
    page.goto("/")
    first = page.get_by_role("button", name="What is said about Dredging the harbour?")
    expect(first).to_be_visible()
    first.click()
    expect(answer(page)).to_contain_text("In 1987")
    finished(page)
    assert Message.objects.filter(role="user").get().text.endswith("Dredging the harbour?")
    after = page.locator("#suggested .action")
    expect(after).to_have_text(["What is said about The old lighthouse?"])
    page.reload()
    expect(after).to_have_count(1)
    settings(page).click()
    page.get_by_label("Suggest questions").uncheck()
    expect(after).to_be_hidden()
    page.goto("/")
    expect(model(page)).to_be_visible()
    expect(first).to_be_hidden()
    settings(page).click()
    page.get_by_label("Suggest questions").check()
    expect(first).to_be_visible()


def test_without_a_script_the_form_says_it_all(browser, live, owner, engine_server):
    make_document(owner, "ferry.pdf", collection="Town")
    make_document(owner, "lamps.pdf", collection="Harbour")
    context = browser.new_context(java_script_enabled=False, base_url=live.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Your question").fill("When?")
    page.get_by_label("Collection").select_option("Town")
    settings(page).click()
    page.get_by_label("Instructions").fill("Talk like a sailor.")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(chip(page, "Town")).to_be_visible()
    talk = Conversation.objects.get()
    assert talk.instructions == "Talk like a sailor."
    assert talk.collections == [Collection.objects.get(name="Town").pk]
    context.close()
