"""Finding, renaming, ordering and deleting conversations in a real browser."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Conversation
from tests.factories import make_answer, make_conversation, make_document
from tests.journeys.test_chat import ask, finished

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect


@pytest.fixture
def talk(owner):
    """About a harbour, and fifty answers about nothing of the kind."""
    found = make_conversation(owner, title="Dues")
    for number in range(8):
        make_answer(owner, f"Line.\n\n{'text ' * 60}{number}", conversation=found)
    wanted = make_answer(owner, "The lighthouse keeper was called Margarethe.", conversation=found)
    for number in range(8):
        make_answer(owner, f"Line.\n\n{'text ' * 60}{number}", conversation=found)
    return wanted


def opened(page, keys: str = "Control+k"):
    page.keyboard.press(keys)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def test_the_palette_finds_what_was_said_and_opens_it_there(page, talk):
    page.goto("/documents/")
    dialog = opened(page)
    page.keyboard.type("keep margar")
    hit = dialog.get_by_role("option").first
    expect(hit.locator("mark")).to_have_text(["keeper", "Margarethe"])
    expect(hit).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/c/{talk.conversation_id}/?at={talk.pk}#message-{talk.pk}")
    expect(page.get_by_text("was called Margarethe")).to_be_in_viewport()


def test_the_palette_finds_documents_and_commands(page, owner):
    document = make_document(owner, "harbour.pdf")
    page.goto("/")
    opened(page, "Meta+k")
    page.keyboard.type("harbour")
    expect(page.get_by_role("option", name="harbour.pdf")).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/documents/{document.pk}/")
    opened(page)
    page.keyboard.type("model")
    expect(page.get_by_role("option")).to_have_text(["Models"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/models/")


def test_esc_gives_the_focus_back_and_stops_no_answer(page, engine_server):
    engine_server.script(answer=" ".join(f"word{n}" for n in range(90)), rate=20)
    page.goto("/")
    ask(page, "Tell me.")
    expect(page.locator("chat-answer")).to_contain_text("word3")
    field = page.get_by_label("Your question")
    field.focus()
    dialog = opened(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(field).to_be_focused()
    finished(page)
    expect(page.locator("chat-answer")).to_contain_text("word89")


def test_a_question_mark_shows_the_keys_but_not_while_one_types(page, owner):
    page.goto("/documents/")
    dialog = opened(page, "?")
    expect(dialog).to_contain_text("Stop the answer")
    page.keyboard.press("Escape")
    page.goto("/")
    page.get_by_label("Your question").fill("Why")
    page.keyboard.press("?")
    expect(page.get_by_label("Your question")).to_have_value("Why?")
    expect(dialog).to_be_hidden()


def test_a_title_is_changed_where_it_stands(page, owner):
    found = make_conversation(owner, title="Old")
    make_answer(owner, conversation=found)
    page.goto(f"/c/{found.pk}/")
    page.locator(".head__title").dblclick()
    page.get_by_label("Title").fill("Lights of the harbour")
    page.keyboard.press("Enter")
    expect(page.locator("#conversations")).to_contain_text("Lights of the harbour")
    expect(page).to_have_title("Lights of the harbour · LocalChat")
    page.locator("#conversations a[data-conversation]").focus()
    page.keyboard.press("F2")
    page.get_by_label("Title").fill("Never")
    page.keyboard.press("Escape")
    expect(page.locator("#conversations")).to_contain_text("Lights of the harbour")
    expect(page.locator("#conversations a[data-conversation]")).to_be_focused()
    assert Conversation.objects.get().titled == "person"


def test_a_folder_is_made_by_its_name_and_stays_open(page, owner):
    make_conversation(owner, title="Dues")
    page.goto("/")
    page.get_by_role("link", name="More about Dues").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Dues")
    dialog.get_by_label("Folder").fill("Ships")
    dialog.get_by_label("Tags").fill("tax, 2024")
    dialog.get_by_role("button", name="Save").click()
    folder = page.locator("summary", has_text="Ships")
    folder.click()
    expect(page.get_by_role("link", name="Dues", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Dues", exact=True)).to_be_visible()
    assert Conversation.objects.get().tags == ["tax", "2024"]


def test_pinned_ones_stand_first_and_archived_ones_nowhere(page, owner):
    make_conversation(owner, title="Dues")
    make_conversation(owner, title="Lights")
    side = page.locator("#conversations")
    page.goto("/")
    for title, button in (("Dues", "Pin"), ("Lights", "Archive")):
        page.get_by_role("link", name=f"More about {title}").focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name=title)
        dialog.get_by_role("button", name=button, exact=True).click()
        expect(dialog).to_be_hidden()
        expect(side.locator("h2").first).to_have_text("Pinned")
    expect(side).not_to_contain_text("Lights")
    expect(side.locator(".side__group").first).to_have_text("Pinned")
    page.goto("/conversations/?state=archived")
    expect(page.locator("#kept")).to_contain_text("Lights")


def test_what_is_deleted_is_taken_back(page, owner):
    found = make_answer(owner, document=make_document(owner)).conversation
    page.goto(f"/c/{found.pk}/")
    page.get_by_role("banner").get_by_role("link", name="More").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/")
    expect(page.get_by_text("“The harbour” is deleted.")).to_be_visible()
    expect(page.locator("#conversations")).not_to_contain_text("The harbour")
    page.get_by_role("button", name="Take it back").click()
    page.wait_for_url(f"**/c/{found.pk}/")
    expect(page.locator("#conversations")).to_contain_text("The harbour")
    expect(page.get_by_role("button", name="Take it back")).to_be_hidden()


def test_many_are_deleted_at_once_and_taken_back(page, owner):
    for number in range(3):
        make_conversation(owner, title=f"Number {number}")
    page.goto("/conversations/")
    page.get_by_label("Choose all that are shown").check()
    page.get_by_label("Choose Number 1").uncheck()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.locator("#several").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("2 conversations are deleted.")).to_be_visible()
    expect(page.locator("#kept tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#kept tbody tr")).to_have_count(3)


def test_older_ones_are_shown_on_request(page, owner):
    Conversation.objects.bulk_create(
        Conversation(owner=owner, title=f"Number {n}") for n in range(150)
    )
    page.goto("/")
    rows = page.locator(".side__row")
    expect(rows).to_have_count(60)
    page.get_by_role("link", name="Show older ones").click()
    expect(rows).to_have_count(120)
    page.get_by_role("link", name="Show older ones").click()
    expect(rows).to_have_count(150)


def until(holds) -> None:
    """Wait until that holds of how long the conversation still lasts."""
    deadline = time.monotonic() + 15
    while not holds(Conversation.objects.get().expires - timezone.now()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_temporary_chat_leaves_nothing(page, owner, engine_server):
    engine_server.script(answer="Nobody else knows.")
    page.goto("/")
    page.get_by_role("link", name="Temporary chat").click()
    expect(page.get_by_text("Temporary: is not kept")).to_be_visible()
    ask(page, "A secret?")
    finished(page)
    expect(page.locator("chat-answer")).to_contain_text("Nobody else knows.")
    expect(page.locator("#conversations")).not_to_contain_text("secret")
    page.reload()
    expect(page.get_by_text("Temporary: is not kept")).to_be_visible()
    expect(page.locator("chat-answer")).to_contain_text("Nobody else knows.")
    until(lambda left: left > timedelta(minutes=59))
    page.goto("/documents/")
    until(lambda left: left < timedelta(seconds=31))
    assert page.evaluate("JSON.stringify([sessionStorage, localStorage])").find("secret") == -1


def test_times_and_days_are_the_readers_own(browser, live, owner):
    make_answer(owner, conversation=make_conversation(owner, title="Dues"))
    Conversation.objects.update(touched="2021-05-03T20:30:00Z")
    context = browser.new_context(
        base_url=live.url, timezone_id="Asia/Tokyo", locale="en-GB", java_script_enabled=True
    )
    page = context.new_page()
    page.goto("/conversations/")
    expect(page.locator("#kept time")).to_have_text("4 May 2021, 05:30")
    context.close()


def test_the_page_speaks_german(browser, live, owner):
    make_conversation(owner, title="Gebühren")
    context = browser.new_context(base_url=live.url, locale="de-DE")
    page = context.new_page()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#conversations")).to_contain_text("Heute")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.locator("#conversations")).to_contain_text("Today")
    assert [each["name"] for each in context.cookies() if "language" in each["name"]] == [
        f"localchat_language_{live.port}"
    ]
    context.close()


def test_what_is_deleted_in_another_tab_is_said_to_be_and_what_is_typed_goes_along(
    page, context, owner, watch
):
    found = make_conversation(owner, title="Dues")
    make_answer(owner, conversation=found)
    page.goto(f"/c/{found.pk}/")
    other = context.new_page()
    other.goto(f"/c/{found.pk}/")
    other.get_by_role("link", name="More", exact=True).click()
    other.get_by_role("button", name="Delete", exact=True).click()
    other.wait_for_url(re.compile("/$"))
    ask(page, "And what did it cost?")
    gone = page.locator("#gone")
    expect(gone).to_be_visible()
    expect(gone).to_contain_text("This conversation was deleted in another tab.")
    expect(page.locator("#line")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(1)
    gone.get_by_role("link", name="Go on in a new one").click()
    page.wait_for_url(re.compile("/$"))
    expect(page.get_by_label("Your question")).to_have_value("And what did it cost?")
    assert all("404" in said for said in watch.errors)
    watch.errors.clear()
