// The chat page.

import "./page.js"
import "./chat-answer.js"
import "./folded-turns.js"
import "./gone.js"
import "./other-tabs.js"
import "./page-scroller.js"
import "./question-box.js"
import "./box-compare.js"
import "./box-completion.js"
import "./box-settings.js"
import "./box-suggested.js"
import "./quote.js"
import "./remember.js"
import "./source-panel.js"
import "./turns.js"
import "./upload-tray.js"
import { onAnnounce, onLine } from "./follow.js"
import { path } from "./roads.js"
import { refreshConversations } from "./side.js"

const box = document.querySelector("question-box")

document.addEventListener("begun", ({ detail, target }) => {
  const question = target.closest(".turn").querySelector(".question").textContent
  document.querySelector(".head__title").textContent = question
  document.title = `${question} · LocalChat`
  const more = document.querySelector("#more")
  more.hidden = false
  more.href = `${location.pathname}keep/`
  document.querySelector("#temporary")?.remove()
  refreshConversations(detail.conversation)
})

document.addEventListener("answered", () => refreshConversations(box.conversation))
onAnnounce(topic => { if (topic.startsWith("answer:")) refreshConversations(box.conversation) })
onLine(text => box.warn(text))

addEventListener("keydown", event => {
  if (event.key === "Escape" && box.writing.length) box.stop()
})

// What is temporary goes when it is left. Of a page that is only loaded again the server hears
// the leaving after the coming, and of two tabs one may be left: so whoever is here goes on saying so.
const STAYING_MS = 10_000
const isTemporary = () => "temporary" in box.form.dataset && box.conversation

function tellLeaving(stays) {
  if (!isTemporary()) return
  const form = new FormData()
  form.append("csrfmiddlewaretoken", document.querySelector('meta[name="csrf-token"]').content)
  if (stays) form.append("stays", "on")
  navigator.sendBeacon(path(`c/${box.conversation}/leave/`), form)
}

addEventListener("pagehide", () => {
  tellLeaving(false)
  if (isTemporary()) for (const kind of ["draft:", "next:"]) sessionStorage.removeItem(kind + box.conversation)
})
if (isTemporary()) setTimeout(tellLeaving, 1000, true)
setInterval(tellLeaving, STAYING_MS, true)

addEventListener("pageshow", ({ persisted }) => {
  if (persisted && "temporary" in box.form.dataset) location.reload()
})
