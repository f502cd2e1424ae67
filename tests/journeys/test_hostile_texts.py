"""Three hundred hostile texts wherever a text of a person, a document or a model is shown."""

import json
import re

import pytest

from chat.models import Assistant, Conversation, SavedPrompt
from documents.models import Collection
from tests.factories import make_answer, make_conversation, make_document
from tests.hostile import TEXTS

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

SHORT = [text[:80].replace("\n", " ") for text in TEXTS]


def test_there_are_three_hundred():
    assert len(set(TEXTS)) == 300


@pytest.fixture
def quiet(page, live, watch):
    """A page whose visits are harmless: nothing ran, nothing was fetched that a text asked for."""

    def visit(address: str) -> None:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        harmless(page, watch)

    page.set_default_navigation_timeout(60_000)
    return visit


def harmless(page, watch) -> None:
    assert page.evaluate("window.ran") is None
    assert [url for url in watch.requests if "/ran/" in url or "elsewhere" in url] == []
    assert page.evaluate(ADDED) == []


# Whatever a text could have put there that no page of ours has.
ADDED = """[...document.querySelectorAll(
    'iframe, object, embed, portal, base, video, marquee, [onerror], [onload], [onfocus],'
    + '[onmouseover], [style*="/ran/"], [src*="/ran/"], [href^="javascript:"], xss'
)].filter(e => !e.closest('[data-own]')).map(e => e.outerHTML.slice(0, 200))"""


def make_talk(owner) -> Conversation:
    document = make_document(owner, f"{SHORT[1]}.pdf", [f"Harbour {text}" for text in TEXTS[:40]])
    conversation = make_conversation(owner, title=TEXTS[0][:200])
    for n in range(0, len(TEXTS), 5):
        text = "\n\n".join(TEXTS[n : n + 5])
        make_answer(
            owner, f"{text}\n\nIn 1987 [1].", question=text, conversation=conversation,
            document=document, model=SHORT[n], verdict="bad", verdict_words=TEXTS[n][:500],
            standalone=text,
        )  # fmt: skip
    return conversation


def test_in_questions_answers_and_sources(quiet, page, owner, watch):
    conversation = make_talk(owner)
    quiet(f"/c/{conversation.pk}/?whole=1")
    expect(page.locator("chat-answer")).to_have_count(60)
    page.locator("a.cite").last.click()
    expect(page.get_by_role("complementary", name="Source")).to_be_visible()
    page.wait_for_load_state("networkidle")
    harmless(page, watch)


def test_in_what_streams_in_and_what_is_typed(quiet, page, owner, watch, engine_server):
    engine_server.script(answer="\n\n".join(TEXTS))
    quiet("/")
    page.get_by_label("Your question").fill(TEXTS[185])
    page.keyboard.press("Enter")
    expect(page.locator("chat-answer")).to_contain_text("(window.ran=window.ran||[]).push(299)")
    page.wait_for_load_state("networkidle")
    harmless(page, watch)


def test_in_lists_of_conversations(quiet, page, owner, watch):
    for n, text in enumerate(SHORT):
        make_conversation(
            owner, title=TEXTS[n][:200], folder=text, tags=[text[:30]], pinned=n % 2 == 0
        )
    for address in ("/", "/conversations/", "/conversations/?q=window"):
        quiet(address)
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").press_sequentially("window")
    expect(dialog.get_by_role("option").filter(has_text="window.ran").first).to_be_visible()
    harmless(page, watch)


def test_in_prompts_and_assistants(quiet, owner):
    for n, text in enumerate(SHORT):
        word = re.sub(r"[\s/@]", "", f"{n}{text}")
        SavedPrompt.objects.create(owner=owner, name=word[:36], text=TEXTS[n])
        Assistant.objects.create(
            owner=owner, name=f"{n}{text[:70]}", instructions=TEXTS[n], model=text
        )
    for address in ("/", "/prompts/"):
        quiet(address)


def test_in_names_of_documents_and_collections(quiet, page, owner):
    for n, text in enumerate(SHORT):
        Collection.objects.create(owner=owner, name=f"{text[:70]}{n}")
    for name in SHORT[::6]:
        make_document(owner, f"{name}.pdf", ["One page."], collection=SHORT[3])
    quiet("/documents/")
    quiet("/")
    page.get_by_label("Your question").press_sequentially("@")
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.evaluate("window.ran") is None


def test_in_documents_that_failed_or_are_read(quiet, owner):
    pages = [f"Harbour {text}" for text in TEXTS]
    document = make_document(owner, f"{SHORT[7]}.pdf", pages)
    failed = make_document(owner, f"{SHORT[8]}.pdf", status="failed", problem=SHORT[1])
    for address in (f"/documents/{document.pk}/", f"/documents/{failed.pk}/"):
        quiet(address)


def test_in_exported_pages_and_what_comes_in(quiet, page, owner, watch, live):
    conversation = make_talk(owner)
    page.goto("about:blank")
    for answer in conversation.messages.answers():
        exported = live.http.get(f"/m/{answer.pk}/export/html/")
        assert exported.status_code == 200
        page.set_content(exported.text)
        harmless(page, watch)
    record = live.http.get(f"/c/{conversation.pk}/export/json/")
    assert json.loads(record.text)
