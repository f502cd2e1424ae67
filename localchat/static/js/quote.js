// What is selected in an answer or a source can be quoted in the next question.

import { gettext } from "./speech.js"

const PLACES = ".answer__text, .sheet, .quotes"
const MOST = 2000  // characters
const KEY = "q"

const button = document.createElement("button")
button.className = "button quote-it"
button.type = "button"
button.textContent = gettext("Quote")
button.title = gettext("Quote this in the next question ({key})", { key: KEY })
button.hidden = true
document.body.append(button)

const placeOf = node => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest(PLACES)

function selected() {
  const selection = getSelection()
  if (!selection.rangeCount || selection.isCollapsed) return null
  const range = selection.getRangeAt(0)
  const place = placeOf(range.startContainer)
  return place && place === placeOf(range.endContainer) && range.toString().trim() ? range : null
}

function show() {
  const range = selected()
  button.hidden = !range
  if (!range) return
  const { right, bottom } = [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect()
  const left = Math.min(right, innerWidth - button.offsetWidth - 12)
  button.style.setProperty("inset-inline-start", `${Math.max(12, left + scrollX)}px`)
  button.style.setProperty("inset-block-start", `${Math.min(bottom + 6, innerHeight - 48) + scrollY}px`)
}

// Numbers of citations mean something only where they stand.
function textOf(range) {
  const holder = document.createElement("div")
  holder.className = "quote-it__held unseen"
  holder.append(range.cloneContents())
  for (const cited of holder.querySelectorAll("sup:has(.cite), a.cite, button")) cited.remove()
  document.body.append(holder)
  const text = holder.innerText.trim()
  holder.remove()
  return text.length > MOST ? `${text.slice(0, MOST)} …` : text
}

function quote() {
  const range = selected()
  if (!range) return
  const lines = textOf(range).split("\n").filter(line => line.trim()).map(line => `> ${line.trim()}`)
  const box = document.querySelector("#question")
  box.value = `${lines.join("\n")}\n\n${box.value}`
  getSelection().removeAllRanges()
  box.dispatchEvent(new Event("input", { bubbles: true }))
  box.focus()
  box.setSelectionRange(box.value.length, box.value.length)
}

document.addEventListener("selectionchange", show)
document.addEventListener("scroll", () => { if (!button.hidden) show() }, { capture: true, passive: true })
button.addEventListener("pointerdown", event => event.preventDefault())  // keeps the selection
button.addEventListener("click", quote)

addEventListener("keydown", event => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
  if (event.key !== KEY || !isPlain || event.target.matches("input, textarea, select")) return
  if (!selected()) return
  event.preventDefault()
  quote()
})
