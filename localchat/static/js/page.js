// What every page has.

import "./live-fragment.js"
import { show as showDialog } from "./dialogs.js"
import { onAnnounce } from "./follow.js"
import { open as openPalette } from "./palette.js"
import { rename } from "./renaming.js"
import { path, root } from "./roads.js"
import { expireUndo, here, list, openFolders, refreshConversations, showOlder } from "./side.js"
import { localise, tellZone } from "./speech.js"

const isTyping = target => target.closest("input:not([type=checkbox]), select, textarea")

function renameHere() {
  const link = document.activeElement?.closest("a[data-conversation]")
  if (link) rename(link, link.dataset.conversation)
  else if (here()) rename(document.querySelector(".head__title"), here())
}

function pressed(event) {
  const { key, ctrlKey, metaKey, shiftKey, altKey, target } = event
  const command = (ctrlKey || metaKey) && !altKey && key.toLowerCase()
  if (key === "Escape") return closeConfirms()
  if (command === "k" && !shiftKey) openPalette()
  else if (command === "o" && shiftKey) location.href = root
  else if (key === "?" && !command && !isTyping(target)) showDialog(path("keys/"))
  else if (key === "F2") renameHere()
  else return
  event.preventDefault()
}

function closeConfirms(but = null) {
  for (const open of document.querySelectorAll("details:is(.confirm, .again, .export)[open]")) {
    if (!but || !open.contains(but)) open.open = false
  }
}

function clicked(event) {
  closeConfirms(event.target)
  const link = event.target.closest("a[data-palette], a[data-keys], a[data-more], a[data-shown]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  if ("palette" in link.dataset) openPalette()
  else if ("keys" in link.dataset) showDialog(path("keys/"))
  else if ("more" in link.dataset) showDialog(link.href)
  else {
    showOlder(link.dataset.shown)
  }
}

addEventListener("keydown", pressed)
addEventListener("click", clicked)
document.querySelector(".head__title")?.addEventListener("dblclick", () => { if (here()) renameHere() })
localise(document)
if (list) openFolders()
expireUndo()
// Once there is time for it: whoever comes to type does not wait for it.
const atLeisure = globalThis.requestIdleCallback ?? setTimeout
atLeisure(() => { if (tellZone() && list?.querySelector("a")) refreshConversations() })

onAnnounce(topic => {
  if (topic.startsWith("answer:") && !document.querySelector("question-box")) refreshConversations()
})
