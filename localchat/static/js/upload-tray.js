// The files that are attached to the question, above its box, each with what is being done with it.

import { listen } from "./follow.js"
import * as pictures from "./pictures.js"
import { fragment, path, say } from "./roads.js"
import { takeFiles, upload } from "./uploading.js"
import { gettext, ngettext } from "./speech.js"
import { progress } from "./words.js"

const tray = document.querySelector("#tray")
const ready = document.querySelector("#tray-ready")
const form = document.querySelector("question-box form")
const attached = new Set()

const key = () => `attached:${form.dataset.conversation ?? "new"}`

// What survives a reload: files that have a document by now.
function keep() {
  const kept = [...attached].filter(each => each.document).map(({ document, name }) => ({ document, name }))
  if (kept.length) sessionStorage.setItem(key(), JSON.stringify(kept))
  else sessionStorage.removeItem(key())
  form.dispatchEvent(new CustomEvent("attached", { bubbles: true }))
}

const fold = () => { tray.hidden = [...tray.children].every(each => each.hidden) }

class Attachment {
  constructor(name) {
    this.name = name
    this.text = ""
    attached.add(this)
    this.item = document.querySelector("#attachment").content.cloneNode(true).firstElementChild
    this.item.querySelector(".tray__name").textContent = name
    const off = this.item.querySelector("button")
    off.setAttribute("aria-label", gettext("Take off {name}", { name }))
    off.addEventListener("click", () => this.leave())
    tray.append(this.item)
    tray.hidden = false
    ready.hidden = true
  }

  show({ text, done, total, document, ended, failed }) {
    if (document && !this.document && attached.has(this)) {
      this.document = document
      keep()
    }
    Object.assign(this, { text, ended, failed })
    this.item.querySelector(".tray__state").textContent = text
    this.item.classList.toggle("is-bad", Boolean(failed))
    const bar = this.item.querySelector("progress")
    bar.hidden = Boolean(ended)
    if (total) Object.assign(bar, { value: done, max: total })
    else bar.removeAttribute("value")
    this.changed?.()
    if (!ended) return
    if (failed) this.item.hidden = tray.hidden = false
    else if (this.isAsked) this.leave()
    tellReady()
  }

  leave() {
    attached.delete(this)
    this.item.remove()
    this.changed?.()
    fold()
    if (!attached.size) ready.hidden = true
    keep()
  }
}

async function tellReady() {
  const all = [...attached]
  if (all.some(each => !each.ended)) return
  const good = all.filter(each => !each.failed).length
  if (!good) return
  ready.textContent = ngettext("The document is ready. You can ask now.", "{n} documents are ready. You can ask now.", good)
  ready.hidden = all.every(each => each.isAsked)
  say(ready.textContent)
  const welcome = document.querySelector("#welcome")
  const now = welcome && (await fragment(path(""))).querySelector("#welcome")
  if (now) document.querySelector("#welcome")?.replaceWith(now)
}

async function take(files) {
  if (files.some(pictures.isOne)) await pictures.isKnown()
  for (const file of files) if (!pictures.takes(file, () => takeDocument(file))) takeDocument(file)
}

function takeDocument(file) {
  const collection = form.elements.collection?.value
  const one = new Attachment(file.name)
  if (pictures.mayTake(file)) one.item.querySelector("button").before(pictures.button(gettext("As a picture for this question"), () => {
    one.leave()
    pictures.take(file, () => takeDocument(file))
  }))
  upload(file, collection, state => one.show(state))
}

// The same file again after a reload: its document's own log tells how far it is.
function takeUp() {
  for (const { document, name } of JSON.parse(sessionStorage.getItem(key()) ?? "[]")) {
    const one = new Attachment(name)
    one.show({ text: gettext("Waiting its turn"), document })
    listen(`document:${document}`, event => one.show({
      ...progress(event),
      ended: ["done", "failed", "refused"].includes(event.type),
      failed: event.type === "failed" || event.type === "refused",
    }))
  }
}

export const documents = () => [...attached].filter(each => !each.failed && each.document)

// Resolves when each file has been sent, or is not waited for any more; tells how far they are.
export async function sent(tell, hurried) {
  const unsent = () => [...attached].filter(each => !each.document && !each.failed)
  while (unsent().length && !hurried.aborted) {
    const [one, ...more] = unsent()
    tell(`${one.name}: ${one.text}${more.length ? `, and ${more.length} more` : ""}`)
    await new Promise(resolve => {
      one.changed = resolve
      hurried.addEventListener("abort", resolve, { once: true })
    })
  }
}

// What is asked about stands in the box, and its answer tells how far it is. What is not waited for
// goes on above the box, and leaves when it is in.
export function asked(isHurried) {
  sessionStorage.removeItem(key())
  ready.hidden = true
  for (const each of [...attached]) {
    each.isAsked = true
    attached.delete(each)
    if (each.ended) each.item.remove()
    else each.item.hidden = !isHurried
  }
  fold()
}

const button = document.querySelector("#attach")
button.hidden = false
button.addEventListener("click", () => {
  const input = Object.assign(document.createElement("input"), { type: "file", multiple: true })
  input.addEventListener("change", () => take([...input.files]))
  input.click()
})

takeFiles(take)
takeUp()
