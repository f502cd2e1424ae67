"""What holds for every page: no scrolling sideways, reachable by keys, enough contrast."""

import pytest

from chat.models import Provenance
from tests.factories import make_answer, make_document, make_pull

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

ANSWER = """The harbour was dredged in 1987 [1].

| Year | Depth in metres | Who did it | What it cost the town |
|------|----------------:|------------|----------------------:|
| 1987 | 12.5 | A company with a long name from the capital | 1,200,000 |

```python
print("a line of code that is quite a bit longer than the screen of a telephone is wide")
```

Averylongwordwithoutanyplacetobreakitbecausemodelssometimesdothatkindofthingtoo.
"""

# Every text's colour against what is behind it, as WCAG counts it.
CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true})
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    return canvas.getImageData(0, 0, 1, 1).data
  }
  const light = ([r, g, b]) => [r, g, b]
    .map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0)
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = rgba(getComputedStyle(each).backgroundColor)
      if (colour[3] === 255) return colour
    }
    return [255, 255, 255]
  }
  const poor = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue
    if (element.matches(":disabled, option") || element.closest("noscript, template")) continue
    const pair = [light(rgba(getComputedStyle(element).color)), light(behind(element))]
    const ratio = (Math.max(...pair) + .05) / (Math.min(...pair) + .05)
    if (ratio < 4.5) poor.push(`${walker.currentNode.textContent.trim().slice(0, 40)}: ${ratio.toFixed(2)}`)
  }
  return poor
}"""


@pytest.fixture
def addresses(owner) -> list[str]:
    document = make_document(owner, "reports/of-the-harbour-master-and-everybody-else-2024.pdf")
    make_document(owner, "locked.pdf", pages=["x"], status="failed", problem="It has a password.")
    answer = make_answer(owner, ANSWER, document=document)
    make_answer(
        owner, "", conversation=answer.conversation, status="failed", problem="The engine broke."
    )
    make_pull(owner, status="failed", problem="Nothing answers.", finished=answer.created)
    said = {"role": "system", "hash": "", "pieces": [{"text": "Answer. " * 90}]}
    body = {"options": {"num_ctx": 8192}}
    Provenance.objects.create(
        message=answer, model="tiny-chat", digest="7" * 64, turns=[said], body=body
    )
    return [
        "/",
        f"/c/{answer.conversation_id}/",
        f"/m/{answer.pk}/sources/1/",
        f"/m/{answer.pk}/sent/",
        "/documents/",
        f"/documents/{document.pk}/",
        "/models/",
    ]


@pytest.mark.parametrize("width", [320, 390, 800, 1440])
def test_no_page_scrolls_sideways(page, addresses, width):
    page.set_viewport_size({"width": width, "height": 844})
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        wide = "[...document.querySelectorAll('html, main, .scroller')]"
        over = page.evaluate(f"{wide}.filter(e => e.scrollWidth > e.clientWidth + 1).length")
        assert over == 0, address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(page, addresses, scheme):
    page.emulate_media(color_scheme=scheme)
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate(CONTRAST) == [], address


def test_the_first_key_leads_to_the_text(page, addresses):
    page.goto(addresses[1])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_on_a_phone_the_menu_opens_and_escape_closes_it(page, addresses):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(addresses[1])
    documents = page.get_by_role("link", name="Documents", exact=True)
    expect(documents).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(documents).to_be_visible()
    page.keyboard.press("Escape")
    expect(documents).to_be_hidden()


def test_the_first_load_is_small(page, watch):
    """As it goes over the wire."""
    requests = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    sizes = [request.sizes()["responseBodySize"] for request in requests]
    assert 0 < len(sizes) <= 12
    assert 0 < sum(sizes) < 60_000


def test_it_can_be_installed_as_an_app_of_its_own(page):
    page.goto("/documents/")
    line = page.context.new_cdp_session(page)
    found = line.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["manifest"]["startUrl"] == page.url.removesuffix("documents/")
    errors = line.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {error["errorId"] for error in errors} == {"in-incognito"}  # as every test is
