"""Documents in a real browser."""

import pytest

from documents.models import Document
from tests.factories import make_document
from tests.files import pdf

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect


def row(page, name: str):
    return page.locator("tr", has_text=name)


def choose(page, *names: str) -> None:
    page.locator("input[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "application/pdf", "buffer": pdf(f"It is called {name}.")}
            for name in names
        ]
    )


def test_several_files_are_read_before_ones_eyes(page):
    page.goto("/documents/")
    expect(page.get_by_text("No documents yet.")).to_be_visible()
    choose(page, "one.pdf", "two.pdf", "three.pdf")
    for name in ("one.pdf", "two.pdf", "three.pdf"):
        expect(row(page, name)).to_have_count(1)
        expect(row(page, name).locator("[data-state]")).to_have_text("Ready", timeout=40_000)
    expect(page.get_by_text("No documents yet.")).to_be_hidden()


def test_dropped_files_are_taken(page):
    page.goto("/documents/")
    page.evaluate(
        """() => {
            const data = new DataTransfer()
            data.items.add(new File(["Ships come and go."], "ships.txt"))
            for (const type of ["dragenter", "dragover", "drop"])
                document.body.dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true}))
        }"""
    )
    expect(row(page, "ships.txt").locator("[data-state]")).to_have_text("Ready", timeout=40_000)


def test_what_cannot_be_read_says_why(page, watch):
    page.goto("/documents/")
    page.locator("input[type=file]").set_input_files(
        {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 nothing"}
    )
    expect(row(page, "broken.pdf")).to_contain_text("damaged", timeout=40_000)
    row(page, "broken.pdf").get_by_role("button", name="Retry").click()
    expect(row(page, "broken.pdf")).to_contain_text("damaged", timeout=40_000)


def test_a_locked_file_asks_for_its_password_in_its_row(page):
    page.goto("/documents/")
    page.locator("input[type=file]").set_input_files(
        {"name": "locked.pdf", "mimeType": "application/pdf", "buffer": pdf("x", password="y")}
    )
    for password, said in (("wrong", "does not open this file"), ("y", "Ready")):
        field = row(page, "locked.pdf").get_by_label("Password of locked.pdf")
        field.fill(password, timeout=40_000)
        row(page, "locked.pdf").get_by_role("button", name="Open").click()
        expect(row(page, "locked.pdf").locator("[data-state]")).to_contain_text(
            said, timeout=40_000
        )


def test_a_document_is_deleted_after_a_second_thought(page, owner):
    make_document(owner, "harbour.pdf")
    page.goto("/documents/")
    row(page, "harbour.pdf").locator("summary").click()
    row(page, "harbour.pdf").get_by_role("button", name="Delete it").click()
    expect(row(page, "harbour.pdf")).to_have_count(0)
    expect(page.get_by_text("No documents yet.")).to_be_visible()
    assert not Document.objects.exists()


def test_what_begins_elsewhere_comes_by_itself(context, page):
    page.goto("/documents/")
    other = context.new_page()
    other.goto("/documents/")
    choose(other, "elsewhere.pdf")
    expect(row(page, "elsewhere.pdf")).to_be_visible(timeout=20_000)
    expect(row(page, "elsewhere.pdf").locator("[data-state]")).to_have_text("Ready", timeout=40_000)
