"""The page beside the answer."""

import re
import time

import pytest

from tests.factories import make_answer, make_document

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

LINES = "\n".join(f"Line {number} of the long page." for number in range(1, 52))
PAGES = [f"{LINES}\nThe harbour was dredged in 1987.", "Nothing of note happened afterwards."]

# Whether the middle of the marked passage is within what can be seen of the page.
MARK_IS_SEEN = """paper => {
  const [left, top, right, bottom] = paper.dataset.mark.trim().split(" ").map(Number)
  const box = paper.getBoundingClientRect(), seen = paper.parentElement.getBoundingClientRect()
  const middle = box.top + box.height * (top + bottom) / 2
  return middle > seen.top && middle < seen.bottom && box.left + box.width * left < seen.right
}"""


def panel(page):
    return page.get_by_role("complementary", name="Source")


def paper(page):
    return panel(page).locator("img.paper")


def loaded(page) -> None:
    expect(paper(page)).to_be_visible()
    end = time.monotonic() + 10
    while not paper(page).evaluate("paper => paper.complete && paper.naturalWidth > 1000"):
        assert time.monotonic() < end, "the picture did not come"
        time.sleep(0.02)


@pytest.fixture
def opened(page, owner):
    """An answer whose first citation has been clicked."""
    document = make_document(owner, pages=PAGES)
    chunk = document.current.content.chunks.get(page=1)
    chunk.start = len(LINES) + 1
    chunk.text = PAGES[0][chunk.start :]
    chunk.save()
    answer = make_answer(owner, document=document)
    page.goto(f"/c/{answer.conversation_id}/")
    page.locator("a.cite").click()
    loaded(page)
    return page


def test_a_citation_opens_its_page_at_the_marked_passage(opened):
    expect(panel(opened)).to_contain_text("page 1 of 2")
    expect(paper(opened)).to_have_attribute("alt", re.compile("dredged in 1987"))
    assert paper(opened).evaluate(MARK_IS_SEEN)
    opened.keyboard.press("Escape")
    expect(panel(opened)).to_be_hidden()
    expect(opened.locator("a.cite")).to_be_focused()


def test_pages_are_turned_by_keys_and_by_buttons(opened):
    opened.keyboard.press("ArrowRight")
    expect(panel(opened)).to_contain_text("page 2 of 2")
    loaded(opened)
    opened.keyboard.press("ArrowRight")
    expect(panel(opened).get_by_role("link", name="Open the original at page 2")).to_be_visible()
    panel(opened).get_by_role("link", name="Previous page").click()
    expect(panel(opened)).to_contain_text("page 1 of 2")
    loaded(opened)
    assert paper(opened).evaluate(MARK_IS_SEEN)


def test_as_text_the_passage_is_marked_too_and_stays_text(opened):
    panel(opened).get_by_role("link", name="Show as text").click()
    expect(panel(opened).locator("mark")).to_have_text("The harbour was dredged in 1987.")
    opened.keyboard.press("Escape")
    opened.locator("a.cite").click()
    expect(panel(opened).locator("mark")).to_be_visible()
    panel(opened).get_by_role("link", name="Show the page").click()
    loaded(opened)


def test_the_page_can_be_made_larger(opened):
    before = paper(opened).bounding_box()["width"]
    panel(opened).get_by_role("button", name="Larger").click()
    assert paper(opened).bounding_box()["width"] > 1.3 * before
    assert paper(opened).evaluate(MARK_IS_SEEN)
    paper(opened).click()
    assert paper(opened).bounding_box()["width"] == before


def test_on_a_phone_it_covers_the_screen_and_fits(opened):
    opened.set_viewport_size({"width": 390, "height": 844})
    opened.keyboard.press("Escape")
    opened.locator("a.cite").click()
    loaded(opened)
    opened.wait_for_timeout(300)
    box = panel(opened).bounding_box()
    assert (box["x"], box["width"], box["height"]) == (0, 390, 844)
    assert 300 < paper(opened).bounding_box()["width"] < 390
    assert paper(opened).evaluate(MARK_IS_SEEN)
    panel(opened).get_by_role("button", name="Larger").click()
    assert paper(opened).bounding_box()["width"] > 600
    assert paper(opened).evaluate(MARK_IS_SEEN)


def test_without_a_script_the_source_is_a_page(browser, live, owner):
    answer = make_answer(owner, document=make_document(owner, pages=PAGES))
    context = browser.new_context(base_url=live.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/c/{answer.conversation_id}/")
    page.locator(".sources__link").click()
    expect(page.locator("img.paper")).to_be_visible()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("page 2 of 2")).to_be_visible()
    context.close()


def test_what_was_sent_opens_beside_the_answer(page, owner):
    document = make_document(owner, pages=PAGES)
    answer = make_answer(owner, document=document)
    page.goto(f"/c/{answer.conversation_id}/")
    page.get_by_role("link", name="What was sent").click()
    expect(panel(page)).to_contain_text("The passages")
    panel(page).get_by_role("link", name="harbour.pdf, p. 1").click()
    loaded(page)
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()


def test_the_size_of_the_page_is_remembered(page, owner):
    page.goto(f"/c/{make_answer(owner, document=make_document(owner)).conversation_id}/")
    page.locator("chat-answer .cite").first.click()
    page.get_by_role("button", name="Larger").click()
    page.reload()
    page.locator("chat-answer .cite").first.click()
    expect(page.get_by_role("button", name="Smaller")).to_be_visible()


def test_on_a_phone_a_page_opens_large_enough_to_be_read(page, owner):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/c/{make_answer(owner, document=make_document(owner)).conversation_id}/")
    page.locator("chat-answer .cite").first.click()
    expect(page.get_by_role("button", name="Smaller")).to_be_visible()
