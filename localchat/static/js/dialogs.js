// One dialog above the page at a time; when it is closed, the focus is where it was.

import { refreshConversations, refreshUndo } from "./side.js"
import { fragment, path, post, Refused, say } from "./roads.js"

export async function show(url) {
  document.querySelector("dialog.dialog")?.close()
  const dialog = document.createElement("dialog")
  dialog.className = "dialog"
  dialog.append(await fragment(url))
  for (const button of dialog.querySelectorAll("[data-close]")) button.hidden = false
  const title = dialog.querySelector("[aria-labelledby], [aria-label]")
  if (title) for (const name of ["aria-labelledby", "aria-label"]) {
    if (title.hasAttribute(name)) dialog.setAttribute(name, title.getAttribute(name))
  }
  dialog.addEventListener("close", () => dialog.remove())
  dialog.addEventListener("keydown", event => pressed(event, dialog))
  dialog.addEventListener("submit", event => submitted(event, dialog))
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest("[data-close]")) dialog.close()
  })
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}

// What is pressed here is not for the page below.
function pressed(event, dialog) {
  event.stopPropagation()
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return
  event.preventDefault()
  dialog.close()
}

async function submitted(event, dialog) {
  const form = event.target
  if (!form.matches("[data-keep]")) return
  event.preventDefault()
  try {
    const answer = await post(form, event.submitter)
    dialog.close()
    if ("delete" in form.dataset) deleted(form.dataset.keep)
    else changed(form.dataset.keep, await answer.json())
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    refuse(form, error.message)
  }
}

function refuse(form, text) {
  const line = form.querySelector(".bad") ?? document.createElement("p")
  line.className = "bad"
  line.setAttribute("role", "alert")
  line.textContent = text
  form.append(line)
}

const isOpen = conversation => document.querySelector(`question-box form[data-conversation="${conversation}"]`)

function deleted(conversation) {
  if (isOpen(conversation)) location.href = path("")
  else if (document.querySelector("#kept")) location.reload()
  else refreshConversations()
  refreshUndo()
}

function changed(conversation, { title }) {
  if (document.querySelector("#kept")) return location.reload()
  if (isOpen(conversation)) {
    document.querySelector(".head__title").textContent = title
    document.title = `${title} · LocalChat`
  }
  say(title)
  refreshConversations()
}
