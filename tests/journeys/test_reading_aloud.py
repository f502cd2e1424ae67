"""An answer is read aloud by a voice of this machine, and by no other."""

import json

import pytest

from tests.factories import make_answer, make_document
from tests.journeys.test_turns import button, expect

ANSWER = """\
## The harbour

It was *dredged* in **1987** [1].

- First the basin,
- then the channel.

| Year | Depth |
|---|---|
| 1987 | 9 m |

```
dig(basin)
```

Since then $x^2$ holds."""

# In place of what the browser speaks by: it says when a piece begins, and ends it when told to.
VOICES = """voices => {
  const recorded = { said: [], cancelled: 0, now: null }
  window.recorded = recorded
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
  const synthesis = Object.assign(new EventTarget(), {
    getVoices: () => voices,
    speak(spoken) {
      recorded.now = spoken
      recorded.said.push([spoken.text, spoken.voice?.name ?? "", spoken.lang])
      setTimeout(() => spoken.onstart())
    },
    cancel() { recorded.cancelled += 1; recorded.now = null },
  })
  Object.defineProperty(window, "speechSynthesis", { value: synthesis })
}"""
ANNA = {"name": "Anna", "lang": "de-DE", "localService": True, "default": False}
TOM = {"name": "Tom", "lang": "en_GB", "localService": True, "default": False}
CLOUD = {"name": "Cloud", "lang": "en-US", "localService": False, "default": True}


def open_with(page, answer, *voices):
    page.add_init_script(f"({VOICES})({json.dumps(voices)})")
    page.goto(f"/c/{answer.conversation_id}/")


def said(page):
    return page.evaluate("recorded.said")


def read(page):
    return page.locator(".is-spoken")


@pytest.fixture
def answer(owner, data_folder):
    return make_answer(owner, ANSWER, question="How deep is it?", document=make_document(owner))


def test_an_answer_is_read_from_its_beginning_to_its_end(page, answer):
    open_with(page, answer, CLOUD, ANNA, TOM)
    button(page, "Read aloud").click()
    expect(read(page)).to_have_text("The harbour")
    for _ in range(5):
        page.evaluate("recorded.now.onend()")
    expect(read(page)).to_have_text("1987\t9 m")
    page.evaluate("recorded.now.onend()")
    assert [text for text, _, _ in said(page)] == [
        "The harbour",
        "It was dredged in 1987.",
        "First the basin,",
        "then the channel.",
        "Year, Depth",
        "1987, 9 m",
        "Since then a formula holds.",
    ]
    assert {(voice, language) for _, voice, language in said(page)} == {("Tom", "en_GB")}
    page.evaluate("recorded.now.onend()")
    expect(button(page, "Read aloud")).to_be_visible()
    expect(read(page)).to_have_count(0)


def test_it_stops_when_told_to_and_when_its_answer_is_left(page, answer):
    open_with(page, answer, TOM)
    button(page, "Read aloud").click()
    expect(read(page)).to_have_text("The harbour")
    button(page, "Stop reading").click()
    expect(read(page)).to_have_count(0)
    assert page.evaluate("recorded.cancelled") == 1
    button(page, "Read aloud").click()
    page.keyboard.press("Escape")
    expect(button(page, "Read aloud")).to_be_visible()
    button(page, "Read aloud").click()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("recorded.cancelled") == 3
    assert [text for text, _, _ in said(page)] == ["The harbour"] * 3


def test_only_a_voice_of_this_machine_that_speaks_the_language_reads_once_it_is_there(
    page, owner, answer
):
    german = make_answer(
        owner,
        "Der Hafen wurde nicht vertieft, und das ist auch gut so.",
        question="Wurde der Hafen vertieft?",
        conversation=answer.conversation,
    )
    open_with(page, german, CLOUD, ANNA)
    expect(button(page, "Read aloud", 1)).to_be_visible()
    expect(button(page, "Read aloud", 0)).to_have_count(0)
    button(page, "Read aloud", 1).click()
    assert [(voice, language) for _, voice, language in said(page)] == [("Anna", "de-DE")]
    page.evaluate("voice => speechSynthesis.getVoices().push(voice)", TOM)
    page.evaluate("speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
    expect(button(page, "Read aloud", 0)).to_be_visible()
