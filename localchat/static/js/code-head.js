// What stands above code: its language, a button that copies it whole, and one that shows what it
// looks like where it is a page or a drawing.

import { path, say } from "./roads.js"
import { gettext } from "./speech.js"

const SEEN = new Set(["html", "svg", "xhtml"])
let frames = 0

export function headCode(text) {
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
  const ways = document.createElement("span")
  ways.className = "code-head__ways"
  if (SEEN.has(code.dataset.language) || /^\s*(<\?xml[^>]*>\s*)?<svg[\s>]/.test(code.textContent)) ways.append(previewButton(code))
  if (navigator.clipboard) ways.append(copyButton(code))
  line.append(ways)
  return line
}

function button(name) {
  const made = document.createElement("button")
  made.className = "action"
  made.type = "button"
  made.textContent = name
  return made
}

function copyButton(code) {
  const copy = button(gettext("Copy"))
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(whole(code))
    copy.textContent = gettext("Copied")
    say(gettext("Copied."))
  })
  return copy
}

function previewButton(code) {
  const open = button(gettext("Preview"))
  open.setAttribute("aria-expanded", "false")
  let shown = null
  open.addEventListener("click", () => {
    if (shown) shown.remove()
    shown = shown ? null : preview(code)
    open.setAttribute("aria-expanded", String(Boolean(shown)))
    open.textContent = shown ? gettext("Close the preview") : gettext("Preview")
  })
  return open
}

// The server gives the code back as a page that may do nothing; see chat/html/preview.py. Nothing
// but that answer is ever shown in the frame, which our own policy holds to this server.
function preview(code) {
  const frame = document.createElement("iframe")
  frame.setAttribute("sandbox", "")
  frame.className = "preview"
  frame.name = `preview-${frames += 1}`
  frame.title = gettext("Preview: scripts do not run, nothing is loaded")
  lastPiece(code).after(frame)
  const form = document.createElement("form")
  Object.assign(form, { method: "post", action: path("preview/"), target: frame.name, hidden: true })
  const token = document.querySelector('meta[name="csrf-token"]').content
  for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, code: whole(code) })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }))
  }
  document.body.append(form)
  form.submit()
  form.remove()
  return frame
}

function lastPiece(code) {
  let last = code
  while (last.nextElementSibling?.matches("pre.continued")) last = last.nextElementSibling
  return last
}

// Long code comes in pieces.
function whole(code) {
  let text = ""
  for (let piece = code; piece && (piece === code || piece.matches("pre.continued")); piece = piece.nextElementSibling) {
    text += piece.textContent
  }
  return text
}
