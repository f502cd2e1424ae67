"""What the chat page costs a browser: on the wire, until one can type, and while answers come in.

`BENCH_RUNS` fresh profiles, 5 unless said; medians of them. A stand-in answers at 20 tokens a second.
"""

import os
import re
import statistics
import time

import pytest

from tests.factories import make_answer, make_conversation

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
RUNS = int(os.environ.get("BENCH_RUNS", "5"))
SIZE = {"width": 1440, "height": 900}
QUESTION = "#question"
TURNS = 250  # of a long talk: a question and an answer each
ANSWERS = 50
WRITTEN = (
    "## Findings\n\nThe harbour was **dredged** in 1987, *twice*.\n\n"
    "- sand\n- mud\n- a pump, 3 m high\n\n| year | tonnes |\n|---|---|\n| 1987 | 1,200 |\n"
    "| 1988 | 900 |\n\n```python\ndef depth(sand: float) -> float:\n    return 12.5 - sand\n```\n\n"
) * 3

KEYS = """async keys => {
  const box = document.querySelector("#question"), took = []
  for (let n = 0; n < keys; n++) {
    const began = performance.now()
    box.setRangeText("x", box.value.length, box.value.length, "end")
    box.dispatchEvent(new InputEvent("input", {bubbles: true}))
    await new Promise(done => requestAnimationFrame(() => {
      const line = new MessageChannel()
      line.port1.onmessage = done
      line.port2.postMessage(0)
    }))
    took.push(performance.now() - began)
    await new Promise(done => setTimeout(done, 40))
  }
  return took
}"""

# When the first key that was pressed in the box has been painted, on the page's own clock: it begins
# with the navigation. And what kept the page busy for long until then.
FELT = """
globalThis.felt = {typed: 0, long: 0}
new PerformanceObserver(list => {
  for (const each of list.getEntries()) if (!felt.typed) felt.long += each.duration
}).observe({type: "longtask", buffered: true})
addEventListener("input", ({target}) => {
  if (target.id !== "question" || felt.typed) return
  requestAnimationFrame(() => {
    const line = new MessageChannel()
    line.port1.onmessage = () => { felt.typed ||= performance.now() }
    line.port2.postMessage(0)
  })
}, true)
"""
PAINTED = """() => ({
  ...felt,
  painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  response: performance.getEntriesByType("navigation")[0].responseEnd,
})"""
STILL_MS = 15  # between two keys of a person who cannot wait


class Visit:
    """A page of a fresh profile, and what the network brought it."""

    def __init__(self, browser, url):
        self.context = browser.new_context(base_url=url, viewport=SIZE)
        self.context.add_init_script(FELT)
        self.page = self.context.new_page()
        self.line = self.context.new_cdp_session(self.page)
        self.requests, self.bytes = 0, 0
        self.line.send("Network.enable")
        self.line.on("Network.requestWillBeSent", self._count)
        self.line.on("Network.loadingFinished", self._add)

    def _count(self, _event):
        self.requests += 1

    def _add(self, event):
        self.bytes += event["encodedDataLength"]

    def until_typed(self, address):
        """Milliseconds until what is typed stands in the box."""
        began = time.perf_counter()
        self.page.goto(address, wait_until="commit")
        self.page.locator(QUESTION).click()
        self.page.keyboard.type("hello")
        expect(self.page.locator(QUESTION)).to_have_value(re.compile("hello$"))
        return 1000 * (time.perf_counter() - began)

    def felt(self, address, at=None):
        """Milliseconds on the page's clock until the first key is painted, and what came before it.

        Keys are pressed from the beginning on, as somebody does who cannot wait: the box has the
        focus by itself, or is clicked `at` its place before each key.
        """
        self.page.goto(address, wait_until="commit")
        while not (found := self._pressed(at)):
            time.sleep(STILL_MS / 1000)
        return found

    def _pressed(self, at):
        if at:
            for kind in ("mousePressed", "mouseReleased"):
                facts = {"x": at[0], "y": at[1], "button": "left", "clickCount": 1}
                self.line.send("Input.dispatchMouseEvent", {"type": kind, **facts})
        for kind in ("keyDown", "keyUp"):
            key = {"type": kind, "key": "h", "text": "h" if kind == "keyDown" else ""}
            self.line.send("Input.dispatchKeyEvent", key)
        found = self.page.evaluate(PAINTED)
        return found if found["typed"] else None

    def heap(self):
        """Megabytes of scripts' memory after a collection."""
        self.line.send("HeapProfiler.collectGarbage")
        found = self.line.send("Runtime.getHeapUsage")
        return found["usedSize"] / 1e6

    def settle(self):
        self.page.wait_for_load_state("load")
        self.page.wait_for_timeout(1500)


def middle(values):
    return statistics.median(values)


def test_the_first_page(browser, live, owner):
    rows = []
    for _ in range(RUNS):
        visit = Visit(browser, live.url)
        typed = visit.until_typed("/")
        visit.settle()
        cold = (visit.requests, visit.bytes / 1024, typed)
        visit.page.goto("about:blank")
        visit.requests = visit.bytes = 0
        warm = visit.until_typed("/")
        visit.settle()
        rows.append((*cold, visit.requests, visit.bytes / 1024, warm, visit.heap()))
        visit.context.close()
    names = ("requests", "KiB on the wire", "typed text, ms")
    names = (*names, *(f"{name}, again" for name in names), "heap, MB")
    print(f"\nfirst page, {RUNS} fresh profiles, medians")
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        print(f"{name:<32}{middle(values):>10.1f}")


def told(name, rows):
    print(f"\n{name}, {RUNS} fresh profiles, medians, ms on the page's own clock")
    for each in ("response", "painted", "typed", "long"):
        print(f"{each:<32}{middle(row[each] for row in rows):>10.1f}")


def test_the_first_key_on_the_first_page(browser, live, owner):
    cold, warm = [], []
    for _ in range(RUNS):
        visit = Visit(browser, live.url)
        cold.append(visit.felt("/"))
        visit.settle()
        visit.page.goto("about:blank")
        warm.append(visit.felt("/"))
        visit.context.close()
    told("first page", cold)
    told("again", warm)


def test_the_first_key_in_a_talk_of_500_messages(browser, live, owner):
    conversation = a_long_talk(owner)
    address = f"/c/{conversation.pk}/"
    cold, warm = [], []
    for _ in range(RUNS):
        visit = Visit(browser, live.url)
        visit.page.goto("/")
        visit.settle()
        box = visit.page.locator(QUESTION).bounding_box()
        at = (box["x"] + 40, box["y"] + 12)
        cold.append(visit.felt(address, at))
        visit.settle()
        visit.page.goto("about:blank")
        warm.append(visit.felt(address, at))
        visit.context.close()
    told(f"{2 * TURNS} messages", cold)
    told("again", warm)


def a_long_talk(owner):
    conversation = make_conversation(owner)
    for n in range(TURNS):
        make_answer(owner, WRITTEN, question=f"Question {n}?", conversation=conversation)
    return conversation


def test_a_talk_of_500_messages(browser, live, owner):
    conversation = a_long_talk(owner)
    rows = []
    for _ in range(RUNS):
        visit = Visit(browser, live.url)
        began = time.perf_counter()
        visit.page.goto(f"/c/{conversation.pk}/", wait_until="commit")
        visit.page.locator("chat-answer").last.get_by_text("dredged").first.wait_for()
        shown = 1000 * (time.perf_counter() - began)
        typed = visit.until_typed(f"/c/{conversation.pk}/")
        visit.settle()
        rows.append((shown, typed, visit.heap()))
        visit.context.close()
    print(f"\n{2 * TURNS} messages: last one shown, typed text, heap")
    print("".join(f"{middle(values):>10.1f}" for values in zip(*rows, strict=True)))


def test_the_heap_after_fifty_answers(browser, live, owner, engine_server):
    engine_server.script(answer=WRITTEN)
    visit = Visit(browser, live.url)
    visit.until_typed("/")
    visit.settle()
    before = visit.heap()
    for n in range(ANSWERS):
        visit.page.locator(QUESTION).fill(f"What became of the harbour in {1900 + n}?")
        visit.page.keyboard.press("Enter")
        visit.page.locator("chat-answer[data-status=done]").nth(n).wait_for()
    visit.settle()
    nodes = visit.page.evaluate("document.querySelectorAll('*').length")
    print(f"\nheap before and after {ANSWERS} answers, MB: {before:.1f} {visit.heap():.1f};", nodes)
    visit.context.close()


def test_a_key_while_two_answers_stream(browser, live, owner, engine_server):
    engine_server.script(answer=WRITTEN * 10, rate=20)
    visit = Visit(browser, live.url)
    other = visit.context.new_page()
    for page in (other, visit.page):
        page.goto("/")
        page.locator(QUESTION).fill("What became of the harbour?")
        page.keyboard.press("Enter")
        page.locator("chat-answer").get_by_text("dredged").first.wait_for()
    took = sorted(visit.page.evaluate(KEYS, 200))
    print(f"\nkey to paint, ms: p50 {took[100]:.1f} p95 {took[190]:.1f} most {took[-1]:.1f}")
    visit.context.close()
