// Pictures that the next question is about, in the tray above its box.

import { path, request, send } from "./roads.js"
import { gettext } from "./speech.js"

const KINDS = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"])
const tray = document.querySelector("#tray")
const form = document.querySelector("question-box form")
const attached = new Set()
const ofTurns = new WeakMap()

const key = () => `pictures:${form.dataset.conversation ?? "new"}`
const rows = () => [...form.querySelectorAll(".pick__row")]
const chosen = () => rows().find(row => row.querySelector("input").checked)
const nameOf = row => row?.querySelector("input").dataset.name ?? ""
const seers = () => rows().filter(row => row.dataset.sees === "yes").map(nameOf)
const sight = () => chosen()?.dataset.sees

const warn = text => document.querySelector("question-box").warn(text)

// Nobody can see: nothing is said of it, and it is read like every other file.
function tellOthers(text) {
  const others = seers().join(", ")
  if (others) warn(`${text} ${gettext("These can: {models}.", { models: others })}`)
}

function keep() {
  const kept = [...attached].filter(each => each.id).map(({ id, name }) => ({ id, name }))
  if (kept.length && !("temporary" in form.dataset)) sessionStorage.setItem(key(), JSON.stringify(kept))
  else sessionStorage.removeItem(key())
  tray.hidden = !tray.children.length
}

export function button(name, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "action", textContent: name })
  made.addEventListener("click", act)
  return made
}

class Picture {
  constructor(name, source) {
    this.name = name
    this.item = document.querySelector("#attachment").content.cloneNode(true).firstElementChild
    this.item.querySelector(".tray__name").textContent = name
    this.image = Object.assign(document.createElement("img"), { src: source, alt: "", className: "tray__picture" })
    this.image.addEventListener("error", () => { if (this.id) this.leave() })
    this.item.prepend(this.image)
    const off = this.item.querySelector("button")
    off.setAttribute("aria-label", gettext("Take off {name}", { name }))
    off.addEventListener("click", () => this.takeOff())
    this.show(gettext("as a picture for this question"))
    this.enter()
  }

  show(text) { this.item.querySelector(".tray__state").textContent = text }

  enter() {
    attached.add(this)
    tray.append(this.item)
    keep()
  }

  async load(file) {
    const body = new FormData()
    body.append("file", file, file.name)
    try {
      this.id = (await (await request(path("api/pictures"), { method: "POST", body })).json()).id
    } catch (error) {
      this.failed = true
      this.item.classList.add("is-bad")
      this.show(error.message)
    }
    this.item.querySelector("progress").hidden = true
    keep()
  }

  leave() {
    attached.delete(this)
    this.item.remove()
    keep()
  }

  takeOff() {
    this.leave()
    this.ready.then(() => { if (this.id) send("DELETE", path(`api/pictures/${this.id}`)).catch(() => {}) })
  }
}

export const isOne = file => KINDS.has(file.type)

// Which models there are, and what can see, comes by itself after the page.
export async function isKnown() {
  const models = form.querySelector("live-fragment.box__model:not([data-loaded])")
  if (models) await new Promise(resolve => models.addEventListener("loaded", resolve, { once: true }))
}

// Whether the file goes with the question as a picture; else what could see it is told.
export function takes(file, intoDocuments) {
  if (!isOne(file)) return false
  if (sight() === "yes") {
    take(file, intoDocuments)
    return true
  }
  if (!sight() && chosen()) {
    const values = { model: nameOf(chosen()), name: file.name }
    tellOthers(gettext("{model} cannot see pictures: {name} is read as a document.", values))
  }
  return false
}

// Of who is not known to see or not: as a picture only if that is chosen.
export const mayTake = file => isOne(file) && sight() === "maybe"

export function take(file, intoDocuments) {
  const one = new Picture(file.name, URL.createObjectURL(file))
  one.ready = one.load(file)
  one.item.querySelector("button").before(button(gettext("Into my documents instead"), () => {
    one.takeOff()
    intoDocuments()
  }))
}

export const any = () => attached.size > 0

// Resolves to the ids, when each has been sent.
export async function sent() {
  await Promise.all([...attached].map(each => each.ready))
  return [...attached].filter(each => each.id).map(each => each.id)
}

// They stand below the question from now on.
export function asked(turn) {
  const gone = [...attached].filter(each => each.id)
  if (!gone.length) return
  const line = Object.assign(document.createElement("p"), { className: "pictures" })
  for (const [at, each] of gone.entries()) {
    each.leave()
    const link = Object.assign(document.createElement("a"), { href: path(`pictures/${each.id}/`), target: "_blank" })
    const alt = gettext("Picture {n} of the question", { n: at + 1 })
    link.append(Object.assign(each.image.cloneNode(), { className: "", alt }))
    line.append(link)
  }
  turn.querySelector(".question").after(line)
  ofTurns.set(turn, gone)
}

// A question that could not be asked is in the box again, and they are beside it.
export function back(turn) {
  for (const each of ofTurns.get(turn) ?? []) each.enter()
}

form.addEventListener("change", ({ target }) => {
  if (target.name !== "model") return
  warn("")
  if (any() && !sight()) tellOthers(gettext("{model} cannot see the picture.", { model: nameOf(chosen()) }))
})

for (const { id, name } of JSON.parse(sessionStorage.getItem(key()) ?? "[]")) {
  const one = new Picture(name, path(`pictures/${id}/`))
  Object.assign(one, { id, ready: Promise.resolve() })
  one.item.querySelector("progress").hidden = true
  keep()
}
