// The chat page.

import { refreshConversations } from "./page.js"
import "./chat-answer.js"
import "./page-scroller.js"
import "./question-box.js"
import "./quote.js"
import "./source-panel.js"
import "./turns.js"
import "./upload-tray.js"
import { onAnnounce, onLine } from "./follow.js"

const box = document.querySelector("question-box")

document.addEventListener("begun", ({ detail, target }) => {
  const question = target.closest(".turn").querySelector(".question").textContent
  document.querySelector(".head__title").textContent = question
  document.title = `${question} · LocalChat`
  const remove = document.querySelector("#delete-conversation")
  remove.hidden = false
  remove.querySelector("form").action = `${location.pathname}delete/`
  refreshConversations(detail.conversation)
})

document.addEventListener("answered", () => refreshConversations(box.conversation))
onAnnounce(topic => { if (topic.startsWith("answer:")) refreshConversations(box.conversation) })
onLine(text => box.warn(text))

addEventListener("keydown", event => {
  if (event.key === "Escape" && box.writing.length) box.stop()
})
