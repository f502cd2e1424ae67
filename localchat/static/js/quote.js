// What is selected in an answer or a source can be quoted in the next question.

import { offer, textOf } from "./selected.js"
import { gettext } from "./speech.js"

const MOST = 2000  // characters
const KEY = "q"

function quote(range) {
  const whole = textOf(range)
  const text = whole.length > MOST ? `${whole.slice(0, MOST)} …` : whole
  const lines = text.split("\n").filter(line => line.trim()).map(line => `> ${line.trim()}`)
  const box = document.querySelector("#question")
  box.value = `${lines.join("\n")}\n\n${box.value}`
  getSelection().removeAllRanges()
  box.dispatchEvent(new Event("input", { bubbles: true }))
  box.focus()
  box.setSelectionRange(box.value.length, box.value.length)
}

offer({
  name: gettext("Quote"),
  title: gettext("Quote this in the next question ({key})", { key: KEY }),
  key: KEY,
  places: ".answer__text, .sheet, .quotes",
  act: quote,
})
