"""What models write beside plain text, as it is seen in a real browser."""

import pytest

from tests.factories import make_answer, make_document

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

ANSWER = r"""
The return on equity is \(r = \frac{n}{e}\), for \$3 of income on \$20 of equity, and so

$$
\begin{aligned}
r &= \frac{3}{20} \\
  &= 15\,\%
\end{aligned}
$$

It fell from $17 to $15.[^why] See [the filing](https://filings.example/10-K).

- [x] Income found
- [ ] Equity of the year before

```python
def ratio(income, equity):
    return income / equity
```

| Year | Income | Equity | Liabilities | Cash | Inventories | Receivables | Payables |
|---|--:|--:|--:|--:|--:|--:|--:|
| 2018 | 1,577 | 20,100 | 31,500 | 1,240 | 13,100 | 4,900 | 8,700 |

[^why]: The price of oil.
"""


def shown(page, owner):
    page.goto(f"/c/{make_answer(owner, ANSWER).conversation_id}/")
    return page.locator("chat-answer")


def test_a_formula_stands_as_one(page, owner):
    answer = shown(page, owner)
    expect(answer.locator("math")).to_have_count(2)
    fraction, above = answer.locator("math mfrac").first, answer.locator("math mfrac > *").first
    assert above.bounding_box()["height"] < fraction.bounding_box()["height"] / 1.5
    expect(answer).to_contain_text("from $17 to $15.")


def test_code_is_copied_whole_by_its_button(page, owner, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = shown(page, owner)
    expect(answer.locator(".code-head")).to_contain_text("python")
    answer.locator(".code-head").get_by_role("button", name="Copy").click()
    expect(answer.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "def ratio(income, equity):\n    return income / equity\n"


def test_a_link_says_where_it_leads_and_is_asked_for_only_when_clicked(page, owner, watch):
    answer = shown(page, owner)
    expect(answer.get_by_role("link", name="the filing (filings.example)")).to_be_visible()
    assert not [url for url in watch.requests if "filings.example" in url]


def test_a_wide_table_scrolls_in_itself_on_a_phone(page, owner):
    page.set_viewport_size({"width": 390, "height": 844})
    answer = shown(page, owner)
    sizes = answer.locator("table").evaluate("table => [table.scrollWidth, table.clientWidth]")
    assert sizes[0] > sizes[1]
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_wide_formula_scrolls_in_itself_and_a_footnote_is_no_source(page, owner):
    page.set_viewport_size({"width": 390, "height": 844})
    terms = " + ".join(f"a_{{{n}}} x^{{{n}}}" for n in range(30))
    text = f"Dredged [1], so they say.[^2]\n\n$$p = {terms}$$\n\n$$q = 1$$\n\n[^2]: In the log."
    answer = make_answer(owner, text, document=make_document(owner))
    page.goto(f"/c/{answer.conversation_id}/")
    wide, narrow = page.locator(".formula").all()
    assert wide.evaluate("box => box.scrollWidth > box.clientWidth + 100")
    expect(wide).to_have_attribute("tabindex", "0")
    expect(wide).to_have_css("border-right-style", "solid")
    assert narrow.get_attribute("tabindex") is None
    wide.focus()
    page.keyboard.press("ArrowRight")
    expect(wide).not_to_have_js_property("scrollLeft", 0)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.get_by_role("link", name="Source 1", exact=True)).to_have_text("1")
    expect(page.locator("p > .footnote-mark").first).to_have_text("Footnote 2")


def test_tasks_can_be_read_out(page, owner):
    answer = shown(page, owner)
    expect(answer.get_by_role("checkbox", name="Income found")).to_be_checked()
