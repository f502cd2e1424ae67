// An answer is read aloud by a voice of this machine. A voice that is not of it would send the text
// away, so it is never taken; where there is no other, there is no button.

import { gettext } from "./speech.js"
import { say } from "./roads.js"

const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, tr, dt, dd"
const UNSPOKEN = ".code-head, pre, sup:has(a), a.cite"

const synthesis = globalThis.speechSynthesis
let reading = null  // the button that began it, what is still to be read, and what is read now

const voices = () => synthesis?.getVoices().filter(voice => voice.localService) ?? []

function voiceFor(language) {
  const spoken = voices().filter(voice => voice.lang.split(/[-_]/)[0].toLowerCase() === language)
  return spoken.find(voice => voice.default) ?? spoken[0]
}

export function offerAloud(place) {
  for (const button of place.querySelectorAll("[data-aloud]")) button.hidden = !voiceFor(button.dataset.aloud)
}

function wordsOf(block) {
  const copy = block.cloneNode(true)
  for (const each of copy.querySelectorAll(`${UNSPOKEN}, ${BLOCKS}`)) each.remove()
  for (const each of copy.querySelectorAll("math")) each.replaceWith(gettext("a formula"))
  const cells = [...copy.querySelectorAll("td, th")].map(cell => cell.textContent.trim()).filter(Boolean)
  return (cells.length ? cells.join(", ") : copy.textContent).replace(/\s+/g, " ").replace(/ (?=[.,;:!?])/g, "").trim()
}

// In their order; of a table row by row.
const pieces = text => [...text.querySelectorAll(BLOCKS)]
  .map(block => ({ block, words: wordsOf(block) }))
  .filter(({ words }) => words)

function begin(button) {
  const voice = voiceFor(button.dataset.aloud)
  if (!voice) return offerAloud(document)
  reading = { button, voice, rest: pieces(button.closest("chat-answer").querySelector(".answer__text")) }
  button.textContent = gettext("Stop reading")
  next()
}

function next() {
  const { voice, rest } = reading
  mark(null)
  const piece = rest.shift()
  if (!piece) return end()
  const spoken = new SpeechSynthesisUtterance(piece.words)
  spoken.voice = voice
  spoken.lang = voice.lang
  spoken.onstart = () => { if (reading?.spoken === spoken) mark(piece.block) }
  spoken.onend = () => { if (reading?.spoken === spoken) next() }
  spoken.onerror = () => { if (reading?.spoken === spoken) fail() }
  reading.spoken = spoken
  synthesis.speak(spoken)
}

function mark(block) {
  reading.marked?.classList.remove("is-spoken")
  block?.classList.add("is-spoken")
  reading.marked = block
}

function fail() {
  end()
  say(gettext("It could not be read aloud."))
}

function end() {
  if (!reading) return
  mark(null)
  reading.button.textContent = gettext("Read aloud")
  reading = null
  synthesis.cancel()
}

document.addEventListener("click", ({ target }) => {
  if (!target.matches("[data-aloud]")) return
  const isSame = reading?.button === target
  end()
  if (!isSame) begin(target)
})
document.addEventListener("keydown", ({ key }) => { if (key === "Escape") end() })
document.addEventListener("turned", () => { if (reading && !reading.button.isConnected) end() })
addEventListener("pagehide", end)
synthesis?.addEventListener("voiceschanged", () => offerAloud(document))
