// The list at the side of every page, and the line that takes back what was deleted.

import { fragment, path } from "./roads.js"

export const list = document.querySelector("#conversations")
const undo = document.querySelector("#undo")
const FOLDERS = "folders"
let shown = ""
let leaving = 0

export const here = () => document.querySelector("question-box form")?.dataset.conversation ?? ""

export async function refreshConversations(current = here()) {
  const fresh = await fragment(path(`conversations/side/?current=${current}&shown=${shown}`))
  const focused = list.contains(document.activeElement) && document.activeElement.getAttribute("href")
  list.replaceChildren(fresh)
  openFolders()
  showTitle()
  if (focused) list.querySelector(`a[href="${focused}"]`)?.focus()
}

// The one that is open may have got another title elsewhere.
function showTitle() {
  const link = list.querySelector("a[aria-current]")
  const title = link && (link.title || link.textContent)
  const head = document.querySelector(".head__title")
  if (!here() || !title || head.hidden || head.textContent === title) return
  head.textContent = title
  document.title = `${title} · LocalChat`
}

// Folders that the reader has opened stay so.
const opened = () => JSON.parse(localStorage.getItem(FOLDERS) ?? "[]")

export function openFolders() {
  const names = opened()
  for (const each of list.querySelectorAll("[data-folder]")) each.open ||= names.includes(each.dataset.folder)
}

list?.addEventListener("toggle", ({ target }) => {
  const names = opened().filter(name => name !== target.dataset.folder)
  if (target.open) names.push(target.dataset.folder)
  localStorage.setItem(FOLDERS, JSON.stringify(names))
}, { capture: true })

export async function refreshUndo() {
  undo.replaceChildren(await fragment(path("conversations/undo/")))
  expireUndo()
}

export function expireUndo() {
  const line = undo?.querySelector("[data-undo]")
  clearTimeout(leaving)
  if (line) leaving = setTimeout(refreshUndo, 1000 * Number(line.dataset.undo))
}

export function showOlder(number) {
  shown = number
  refreshConversations()
}
