"""Copying an answer, taking conversations out and bringing them in, in a real browser."""

import json

import pytest

from chat import asking
from chat.models import Conversation
from tests.chat.exchange.foreign import chatgpt
from tests.factories import make_answer, make_document

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect


@pytest.fixture
def answer(owner):
    document = make_document(owner, "harbour_1987.pdf")
    return make_answer(owner, "Notes due 2026 and **2028** [1].", document=document)


def downloaded(page, link) -> str:
    with page.expect_download() as found:
        link.click()
    return found.value.path().read_text()


def test_a_copied_answer_names_its_sources_as_text_and_as_what_it_looks_like(page, context, answer):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/c/{answer.conversation_id}/")
    page.locator("chat-answer").get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    read = """type => navigator.clipboard.read()
        .then(([item]) => item.getType(type)).then(blob => blob.text())"""
    assert page.evaluate(read, "text/plain") == (
        "Notes due 2026 and **2028** [1].\n\nSources:\n\n- [1] harbour_1987.pdf, p. 1\n"
    )
    pasted = page.evaluate(read, "text/html")
    assert "<strong>2028</strong> [1]." in pasted
    assert "[1] harbour_1987.pdf, p. 1" in pasted


def test_an_answer_goes_to_a_colleague_with_its_pages(page, browser, answer, watch, tmp_path):
    page.goto(f"/c/{answer.conversation_id}/")
    page.locator("chat-answer").get_by_text("More", exact=True).click()
    file = tmp_path / "answer.html"
    file.write_text(downloaded(page, page.get_by_role("link", name="With its pages")))
    elsewhere = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    try:
        opened = elsewhere.new_page()
        watch.attach(opened)
        opened.goto(file.as_uri())
        expect(opened.get_by_role("heading", level=1)).to_have_text("When was the harbour dredged?")
        picture = opened.locator("#source-1 img")
        assert picture.evaluate("image => image.complete && image.naturalWidth") > 1000
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert opened.pdf()[:4] == b"%PDF"
        asked = [url for url in watch.requests if url.startswith("file:")]
        assert asked == [file.as_uri()]
        watch.requests.remove(file.as_uri())
    finally:
        elsewhere.close()


def test_a_conversation_is_exported_from_more_and_comes_back(page, answer, tmp_path):
    page.goto(f"/c/{answer.conversation_id}/")
    page.get_by_role("link", name="More", exact=True).click()
    dialog = page.get_by_role("dialog")
    text = downloaded(page, dialog.get_by_role("link", name="Markdown"))
    assert "- [1] harbour_1987.pdf, p. 1" in text
    exported = downloaded(page, dialog.get_by_role("link", name="JSON"))
    asking.delete(answer.conversation)
    (tmp_path / "talk.json").write_text(exported)
    page.goto("/conversations/")
    for said in ("1 conversation was imported.", "1 was there already"):
        page.get_by_role("link", name="Export, import").click()
        page.get_by_label("File to import").set_input_files(tmp_path / "talk.json")
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.locator("main")).to_contain_text(said)
    page.locator("#kept").get_by_role("link", name="The harbour", exact=True).click()
    page.locator("chat-answer .cite").click()
    expect(page.locator("#panel img.paper")).to_be_visible()
    assert Conversation.objects.count() == 1


def test_what_cannot_be_imported_is_said(page, owner, watch, tmp_path):
    (tmp_path / "wrong.json").write_text("[1, 2]")
    page.goto("/conversations/transfer/")
    page.get_by_label("File to import").set_input_files(tmp_path / "wrong.json")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("not one of those that can be imported")
    assert [error for error in watch.errors if "400" in error]
    watch.errors.clear()


def test_chatgpts_conversations_are_read_here(page, owner, tmp_path):
    (tmp_path / "conversations.json").write_text(json.dumps(chatgpt()))
    page.goto("/conversations/transfer/")
    page.get_by_label("File to import").set_input_files(tmp_path / "conversations.json")
    page.get_by_role("button", name="Import", exact=True).click()
    page.locator("#kept").get_by_role("link", name="Harbour work", exact=True).click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").first).to_contain_text("2 of 2")
    page.goto("/conversations/transfer/")
    with page.expect_download() as found:
        page.get_by_role("link", name="Markdown and JSON").click()
    assert found.value.suggested_filename.endswith(".zip")
