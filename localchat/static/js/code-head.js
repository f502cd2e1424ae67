// What stands above code: its language, and a button that copies it whole.

import { say } from "./roads.js"
import { gettext } from "./speech.js"

export function headCode(text) {
  for (const wide of text.querySelectorAll("table, pre")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0 // scrolled by keys
  }
  for (const code of text.querySelectorAll("pre:not(.continued)")) {
    if (!code.previousElementSibling?.matches(".code-head")) code.before(head(code))
  }
}

function head(code) {
  const line = document.createElement("div")
  line.className = "code-head"
  const language = document.createElement("span")
  language.textContent = code.dataset.language ?? "code"
  line.append(language)
  if (navigator.clipboard) line.append(button(code))
  return line
}

function button(code) {
  const copy = document.createElement("button")
  copy.className = "action"
  copy.type = "button"
  copy.textContent = gettext("Copy")
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(whole(code))
    copy.textContent = gettext("Copied")
    say(gettext("Copied."))
  })
  return copy
}

// Long code comes in pieces.
function whole(code) {
  let text = ""
  for (let piece = code; piece && (piece === code || piece.matches("pre.continued")); piece = piece.nextElementSibling) {
    text += piece.textContent
  }
  return text
}
