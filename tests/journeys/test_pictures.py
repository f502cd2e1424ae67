"""A picture that a question is about, in a browser: attached, chosen, sent, seen again."""

import pytest

from chat.models import Message
from chat.pictures import Picture
from documents.models import Document
from models_mgmt import choosing
from tests.chat.test_pictures import SEES, drawn
from tests.journeys.test_attaching import ask, attach, finished

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
BOAT = {"name": "boat.png", "mimeType": "image/png", "buffer": drawn((300, 200))}


def test_a_picture_is_asked_about_or_read_as_a_document(page, owner, engine_server):
    engine_server.stock.install(SEES)
    engine_server.script(answer="A red boat.")
    choosing.choose(owner, "tiny-see")
    page.goto("/")
    expect(page.locator(".pick--models > summary")).to_have_text("tiny-see:latest")
    page.goto("/")  # and one is attached before the models are known
    attach(page, BOAT)
    item = page.locator(".tray__item")
    expect(item).to_contain_text("as a picture for this question")
    expect(item.get_by_role("progressbar")).to_be_hidden()
    page.reload()
    expect(item.locator("img")).to_be_visible()
    ask(page, "What is it?")
    finished(page)
    expect(page.locator(".tray__item")).to_have_count(0)
    shown = page.get_by_role("img", name="Picture 1 of the question")
    expect(page.locator(".question + .pictures + .turn__tools")).to_have_count(1)
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 300
    sent = engine_server.asked_in("What is it?")["messages"][-1]
    assert len(sent["images"]) == 1
    assert not Document.objects.exists()
    attach(page, BOAT)
    page.get_by_role("button", name="Into my documents instead").click()
    expect(page.get_by_role("checkbox", name="boat.png")).to_be_checked(timeout=60_000)
    assert Picture.objects.count() == 1
    assert Document.objects.get().name == "boat.png"
    page.locator("#tray").get_by_role("button").last.click()
    page.locator(".pick--models > summary").click()
    page.locator(".pick__row").filter(has_text="tiny-chat").click()
    attach(page, {**BOAT, "name": "other.png"})
    expect(page.locator("#line")).to_have_text(
        "tiny-chat:latest cannot see pictures: other.png is read as a document."
        " These can: tiny-see:latest."
    )
    assert Message.objects.answers().get().model == "tiny-see:latest"
