// Completion in the question: `@` names what is asked about, `/` a saved prompt.

import * as scope from "./box-scope.js"
import { path, request, say } from "./roads.js"
import { gettext, ngettext } from "./speech.js"

const TOKEN = /(?<=^|\s)([@/])([^\s@/]*)$/
const PAUSE_MS = 80
const KINDS = { collections: gettext("Collection"), documents: gettext("Document") }

const text = document.querySelector("#question")
const list = document.querySelector("#completions")
const hint = document.querySelector("#no-prompts")
const narrow = document.querySelector("#narrow")
let found = []
let chosen = 0
let timer
let asked = 0

const before = () => text.value.slice(0, text.selectionStart)
const token = () => TOKEN.exec(before())

function look() {
  clearTimeout(timer)
  if (!token()) return close()
  timer = setTimeout(fill, PAUSE_MS)
}

async function fill() {
  const [, sign, typed] = token() ?? []
  if (!sign) return close()
  const turn = ++asked
  const query = new URLSearchParams({ sign, q: typed })
  const body = await request(path(`box/complete/?${query}`)).then(answer => answer.json()).catch(() => ({ found: [] }))
  if (turn !== asked || !token()) return
  found = body.found
  chosen = 0
  show()
  hint.hidden = sign !== "/" || typed !== "" || found.length > 0
  if (!hint.hidden) say(hint.textContent)
  if (found.length) say(ngettext("{n} can stand here.", "{n} can stand here.", found.length))
}

function show() {
  list.replaceChildren(...found.map(item))
  list.hidden = !found.length
  const current = list.children[chosen]
  if (current) text.setAttribute("aria-activedescendant", current.id)
  else text.removeAttribute("aria-activedescendant")
  current?.scrollIntoView({ block: "nearest" })
}

function item(each, place) {
  const row = document.createElement("li")
  row.className = "completions__item"
  row.id = `completion-${place}`
  row.role = "option"
  row.ariaSelected = String(place === chosen)
  row.dataset.place = place
  row.append(
    part("completions__name", each.kind === "prompt" ? `/${each.name}` : each.name),
    part("completions__kind", KINDS[each.kind] ?? each.text),
  )
  return row
}

function part(name, words) {
  const span = document.createElement("span")
  span.className = name
  span.textContent = words
  return span
}

function close() {
  asked += 1
  found = []
  hint.hidden = true
  show()
}

function take(each) {
  const [whole] = token() ?? [""]
  const end = text.selectionStart
  const words = each.kind === "prompt" ? each.text : ""
  text.setRangeText(words, end - whole.length, end, "end")
  close()
  if (each.kind !== "prompt") scope.add(each.kind, each.id, each.name)
  text.dispatchEvent(new Event("input", { bubbles: true }))
  text.focus()
}

const KEYS = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: () => take(found[chosen]),
  Tab: () => take(found[chosen]),
  Escape: close,
}

function step(by) {
  chosen = (chosen + by + found.length) % found.length
  show()
}

// Before the box, which would send the question, and the page, which would stop the answer.
document.querySelector("question-box").addEventListener("keydown", event => {
  const act = found.length && event.target === text && !event.isComposing && !event.shiftKey && KEYS[event.key]
  if (!act) return
  event.preventDefault()
  event.stopPropagation()
  act()
}, true)

list.addEventListener("pointerdown", event => {
  event.preventDefault()  // the question keeps the focus
  const row = event.target.closest("[data-place]")
  if (row) take(found[row.dataset.place])
})

text.addEventListener("input", look)
text.addEventListener("blur", ({ relatedTarget }) => { if (!hint.contains(relatedTarget)) close() })
// What called for a prompt is not to stand in the box when one comes back with it.
hint.querySelector("a").addEventListener("click", () => {
  const [whole] = token() ?? [""]
  const end = text.selectionStart
  text.setRangeText("", end - whole.length, end, "end")
  text.dispatchEvent(new Event("input", { bubbles: true }))
})
hint.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget !== text) close() })

narrow.hidden = false
narrow.addEventListener("click", () => {
  const at = text.selectionStart
  const gap = at && !/\s/.test(text.value[at - 1]) ? " @" : "@"
  text.focus()
  text.setRangeText(gap, at, at, "end")
  text.dispatchEvent(new Event("input", { bubbles: true }))
})
