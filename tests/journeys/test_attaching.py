"""Files that come with a question: attached, waited for, taken off, asked about."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Message
from documents.models import Document
from tests.factories import make_answer, make_document, make_source
from tests.files import pdf

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

HARBOUR = {
    "name": "harbour.pdf",
    "mimeType": "application/pdf",
    "buffer": pdf("The harbour was dredged in 1987.", "Nothing of note happened afterwards."),
}


def ask(page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def answer(page, number: int = -1):
    return page.locator("chat-answer").nth(number)


def finished(page) -> None:
    writing = page.locator("chat-answer:is([data-topic], [data-unsent])")
    expect(writing).to_have_count(0, timeout=40_000)


def attach(page, *files) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files").click()
    chooser.value.set_files(list(files))


def test_a_question_asked_in_the_same_breath_waits_for_the_file(page, owner, engine_server):
    make_document(owner, "pensions.pdf", ["The harbour pension notes are dull."])
    engine_server.script(answer="It was dredged in 1987 [1]. ")
    page.goto("/")
    attach(page, HARBOUR)
    ask(page, "When was the harbour dredged?")
    finished(page)
    expect(page.locator(".tray__item")).to_have_count(0, timeout=1000)
    expect(answer(page).locator(".answer__read")).to_have_text(re.compile(r"^Read: harbour\.pdf"))
    expect(answer(page).locator(".sources__file").first).to_have_text("harbour.pdf")
    expect(answer(page).locator(".sources__words").first).to_contain_text("dredged in 1987")
    expect(page.get_by_role("checkbox", name="harbour.pdf")).to_be_checked()
    page.reload()
    expect(page.get_by_role("checkbox", name="harbour.pdf")).to_be_checked()
    page.get_by_role("checkbox", name="harbour.pdf").click()
    ask(page, "And the pension notes?")
    finished(page)
    first, second = Message.objects.answers().order_by("pk")
    assert first.wish.documents == [Document.objects.get(name="harbour.pdf").pk]
    assert second.wish.documents is None


def test_what_is_waited_for_is_said_and_can_be_left_out(page, owner, engine_server):
    engine_server.script(answer="The notes are dull [1].")
    make_document(owner, "pensions.pdf", ["The harbour pension notes are dull."])
    later = timezone.now() + timedelta(hours=1)  # so that nobody takes it for deserted
    reading = {"status": "embedding", "done": 120, "total": 305, "attempt": 1, "heartbeat": later}
    late = make_document(owner, "NETFLIX_2017.pdf", ["Streams of water."], **reading)
    first = make_answer(owner, unfinished=[late.pk], question="What of the harbour?")
    page.goto(f"/c/{first.conversation_id}/")
    expect(answer(page)).to_contain_text("NETFLIX_2017.pdf was still being read")
    answer(page).get_by_role("button", name="Ask again when it is in").click()
    step = answer(page).locator(".answer__step")
    expect(step).to_have_text(re.compile(r"^NETFLIX_2017.pdf: 120 of 305 passages"))
    page.reload()
    expect(answer(page).locator(".answer__step")).to_contain_text("NETFLIX_2017.pdf: 120 of 305")
    answer(page).get_by_role("button", name="Ask without it").click()
    finished(page)
    expect(answer(page).locator(".answer__read")).to_have_text("Read: pensions.pdf (1 passage)")
    expect(answer(page)).to_contain_text("NETFLIX_2017.pdf was still being read")


def test_attached_files_are_taken_off_and_survive_a_reload(page):
    page.goto("/")
    attach(page, HARBOUR, {"name": "notes.md", "mimeType": "text/markdown", "buffer": b"# Notes"})
    ready = page.locator("#tray-ready")
    expect(ready).to_have_text("2 documents are ready. You can ask now.", timeout=40_000)
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    expect(page.locator(".chip--scope :checked")).to_have_count(2)
    page.get_by_label("Your question").fill("When?")
    page.reload()
    expect(page.locator(".tray__name")).to_have_text(["harbour.pdf", "notes.md"])
    expect(page.get_by_label("Your question")).to_have_value("When?")
    page.get_by_role("button", name="Take off notes.md").click()
    expect(page.get_by_role("checkbox", name="harbour.pdf")).to_be_checked()
    page.get_by_role("button", name="Take off harbour.pdf").click()
    expect(page.locator("#tray")).to_be_hidden()
    expect(page.locator(".chip--scope")).to_have_count(0)


def test_a_pasted_picture_is_attached_and_pasted_text_is_not(page):
    page.goto("/")
    paste = """([types]) => {
        const data = new DataTransfer()
        data.items.add(new File(["x"], "image.png", {type: "image/png"}))
        if (types) data.setData("text/plain", "Words")
        const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
        document.querySelector("#question").dispatchEvent(event)
    }"""
    page.evaluate(paste, ["text"])
    expect(page.locator(".tray__item")).to_have_count(0)
    page.evaluate(paste, [""])
    expect(page.locator(".tray__name")).to_have_text(re.compile(r"^Pasted \d{4}-.*\.png$"))


def test_which_one_is_asked_and_answered_by_a_button(page, owner, engine_server):
    engine_server.script(answer="News of May [1].")
    for month in ("05-20", "08-19"):
        make_document(owner, f"FOOTLOCKER_2022_8K_dated-2022-{month}.pdf", [f"News of {month}."])
    page.goto("/")
    ask(page, "Summarise the Foot Locker 8-K")
    finished(page)
    expect(answer(page)).to_contain_text("Which one do you mean?")
    name = "FOOTLOCKER_2022_8K_dated-2022-05-20.pdf"
    answer(page).get_by_role("button", name=name).click()
    expect(page.locator("chat-answer")).to_have_count(2)
    finished(page)
    expect(answer(page).locator(".answer__read")).to_have_text(f"Read: {name} (1 passage)")
    expect(page.get_by_role("checkbox", name=name)).to_be_checked()


def test_a_hundred_sources_leave_the_answer_in_its_place(page, owner):
    document = make_document(owner)
    text = " ".join(f"It was so [{n}]." for n in range(1, 101))
    found = make_answer(owner, text, document=document)
    for number in range(2, 101):
        make_source(found, document, number)
    page.goto(f"/c/{found.conversation_id}/")
    expect(answer(page).locator(".sources__link:visible")).to_have_count(8)
    answer(page).get_by_text("All 100 sources").click()
    expect(answer(page).locator(".sources__link:visible")).to_have_count(100)


def test_a_refusal_shows_no_sources_and_leads_to_the_model_alone(page, owner, engine_server):
    engine_server.script(answer="A model knows.")
    declined = make_answer(
        owner, "Your documents do not answer this.", declined=True, document=make_document(owner)
    )
    page.goto(f"/c/{declined.conversation_id}/")
    expect(answer(page).locator(".sources__link")).to_have_count(0)
    answer(page).get_by_role("button", name="Ask the model without documents").click()
    expect(page.locator("chat-answer")).to_have_count(2)
    finished(page)
    expect(answer(page)).to_contain_text("A model knows.")
    expect(answer(page).locator(".answer__read")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Documents", exact=True)).to_be_checked()


def test_the_switch_for_documents_is_kept_with_the_conversation(page, context, engine_server):
    engine_server.script(answer="So it is.")
    page.goto("/")
    page.get_by_label("Documents", exact=True).uncheck()
    ask(page, "What is a harbour?")
    finished(page)
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_label("Documents", exact=True)).not_to_be_checked()


def test_a_stream_that_stalls_is_said(page, engine_server):
    engine_server.script(answer="One two three four.", stall_after=2)
    page.goto("/")
    ask(page, "Tell me.")
    expect(answer(page)).to_contain_text("One")
    step = answer(page).locator(".answer__step")
    expect(step).to_have_text(re.compile(r"^Writing: nothing new for 1\d s$"), timeout=20_000)
    page.get_by_role("button", name="Stop").click()
    finished(page)


def test_a_silent_model_says_since_when_it_reads(page, engine_server):
    engine_server.script(answer="So.", first_byte_delay=6)
    page.goto("/")
    ask(page, "Tell me.")
    step = answer(page).locator(".answer__step")
    expect(step).to_have_text(re.compile(r"tokens, for [3-9] s$"), timeout=12_000)
    finished(page)


def test_offline_is_said(page, context, engine_server):
    engine_server.script(answer="So.")
    page.goto("/")
    expect(page.locator(".box__model")).not_to_be_empty()
    context.set_offline(True)
    expect(page.get_by_text("This browser is offline.")).to_be_visible()
    context.set_offline(False)
    expect(page.locator("#line")).to_be_hidden()
