// What every page has.

import "./live-fragment.js"
import { onAnnounce } from "./follow.js"
import { fragment, path, root } from "./roads.js"
import { localise, tellZone } from "./speech.js"

const list = document.querySelector("#conversations")
const undo = document.querySelector("#undo")
const FOLDERS = "folders"
let shown = ""
let leaving = 0

const here = () => document.querySelector("question-box form")?.dataset.conversation ?? ""

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

function openFolders() {
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

function expireUndo() {
  const line = undo?.querySelector("[data-undo]")
  clearTimeout(leaving)
  if (line) leaving = setTimeout(refreshUndo, 1000 * Number(line.dataset.undo))
}

const isTyping = target => target.closest("input:not([type=checkbox]), select, textarea")

async function palette() { (await import("./palette.js")).open() }
async function dialog(url) { (await import("./dialogs.js")).show(url) }

async function rename() {
  const { rename: edit } = await import("./renaming.js")
  const link = document.activeElement?.closest("a[data-conversation]")
  if (link) edit(link, link.dataset.conversation)
  else if (here()) edit(document.querySelector(".head__title"), here())
}

function pressed(event) {
  const { key, ctrlKey, metaKey, shiftKey, altKey, target } = event
  const command = (ctrlKey || metaKey) && !altKey && key.toLowerCase()
  if (key === "Escape") return closeConfirms()
  if (command === "k" && !shiftKey) palette()
  else if (command === "o" && shiftKey) location.href = root
  else if (key === "?" && !command && !isTyping(target)) dialog(path("keys/"))
  else if (key === "F2") rename()
  else return
  event.preventDefault()
}

function closeConfirms(but = null) {
  for (const open of document.querySelectorAll("details.confirm[open]")) {
    if (!but || !open.contains(but)) open.open = false
  }
}

function clicked(event) {
  closeConfirms(event.target)
  const link = event.target.closest("a[data-palette], a[data-keys], a[data-more], a[data-shown]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  if ("palette" in link.dataset) palette()
  else if ("keys" in link.dataset) dialog(path("keys/"))
  else if ("more" in link.dataset) dialog(link.href)
  else {
    shown = link.dataset.shown
    refreshConversations()
  }
}

addEventListener("keydown", pressed)
addEventListener("click", clicked)
document.querySelector(".head__title")?.addEventListener("dblclick", () => { if (here()) rename() })
localise(document)
if (list) openFolders()
expireUndo()
if (tellZone() && list?.querySelector("a")) refreshConversations()

onAnnounce(topic => {
  if (topic.startsWith("answer:") && !document.querySelector("question-box")) refreshConversations()
})
