// What every page has.

import "./live-fragment.js"
import { onAnnounce } from "./follow.js"
import { fragment, path } from "./roads.js"

const list = document.querySelector("#conversations")

export async function refreshConversations(current = "") {
  list.replaceChildren(await fragment(path(`conversations/?current=${current}`)))
}

addEventListener("keydown", event => {
  if (event.key !== "Escape") return
  for (const open of document.querySelectorAll("details.confirm[open]")) open.open = false
})

addEventListener("click", ({ target }) => {
  for (const open of document.querySelectorAll("details.confirm[open]")) {
    if (!open.contains(target)) open.open = false
  }
})

onAnnounce(topic => {
  if (topic.startsWith("answer:") && !document.querySelector("question-box")) refreshConversations()
})
