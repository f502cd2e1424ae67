"""Hundreds of documents in a real browser: found, sorted, chosen, by mouse and by keys."""

import pytest

from documents.models import Document
from tests.factories import make_document

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect


@pytest.fixture
def shelf(owner) -> None:
    for number in range(1, 9):
        make_document(owner, f"lease {number}.pdf", [f"Text {number}."], collection="Leases")
    make_document(owner, "letter.pdf", ["Dear all"])


def names(page) -> list[str]:
    return page.locator("#documents .table__name a").all_text_contents()


def test_typing_finds_and_the_address_keeps_it(page, shelf):
    page.goto("/documents/")
    page.get_by_label("Find by name").fill("lett")
    expect(page.locator("#documents tr")).to_have_count(1)
    assert page.url.endswith("/documents/?q=lett")
    page.reload()
    expect(page.locator("#documents tr")).to_have_count(1)
    page.get_by_label("Find by name").fill("nothing like it")
    expect(page.get_by_text("No document is like that.")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    expect(page.locator("#documents tr")).to_have_count(9)
    expect(page.get_by_label("Find by name")).to_have_value("")


def test_a_click_on_a_column_sorts(page, shelf):
    page.goto("/documents/")
    page.get_by_role("link", name="Name", exact=True).click()
    expect(page.locator("[aria-sort=ascending]")).to_have_text("Name")
    assert names(page)[0] == "lease 1.pdf"
    page.get_by_role("link", name="Name", exact=True).click()
    expect(page.locator("[aria-sort=descending]")).to_have_text("Name")
    assert names(page)[0] == "letter.pdf"


def test_a_range_is_chosen_and_moved(page, shelf):
    page.goto("/documents/?sort=name")
    expect(page.locator(".chosen")).to_be_hidden()
    page.get_by_label("Choose lease 2.pdf").click()
    page.get_by_label("Choose lease 5.pdf").click(modifiers=["Shift"])
    expect(page.get_by_text("4 chosen")).to_be_visible()
    page.get_by_label("Collection to move them to").fill("Old")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("4 documents moved to Old.")).to_be_visible()
    expect(page.locator("tr", has_text="lease 3.pdf")).to_contain_text("Old")
    expect(page.locator(".chosen")).to_be_hidden()


def test_keys_alone_choose_and_delete(page, shelf):
    page.goto("/documents/?sort=name")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="lease 1.pdf")).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Delete them")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 documents were deleted:")).to_be_visible()
    assert Document.objects.count() == 7
    page.keyboard.press("/")
    expect(page.get_by_label("Find by name")).to_be_focused()


def test_what_is_nearly_the_same_is_settled_in_its_row(page, shelf):
    new, old = (Document.objects.get(name=f"lease {number}.pdf") for number in (2, 1))
    Document.objects.filter(pk=new.pk).update(near=old, near_share=94)
    page.goto("/documents/?sort=name")
    page.get_by_role("button", name="skip this one").click()
    expect(page.locator("#documents tr")).to_have_count(8)
    assert not Document.objects.filter(pk=new.pk).exists()


def test_without_a_script_the_forms_do_the_same(browser, live, shelf):
    context = browser.new_context(base_url=live.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/documents/")
    page.get_by_label("Find by name").fill("lease 1")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#documents tr")).to_have_count(1)
    page.get_by_label("Choose lease 1.pdf").click()
    page.locator(".chosen summary").click()
    page.get_by_role("button", name="Delete them").click()
    expect(page.get_by_text("1 document was deleted:")).to_be_visible()
    assert page.url.endswith("?q=lease+1")
    context.close()
