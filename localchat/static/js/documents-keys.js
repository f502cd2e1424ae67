// The table of documents by keyboard, and a range of rows with Shift.

import "./documents-table.js"

const table = document.querySelector("documents-table")
const links = () => [...table.rows.querySelectorAll(".table__name a")]
const boxOf = link => link.closest("tr").querySelector(".table__choice input")
let last = null

const keys = {
  ArrowDown: ({ shiftKey }) => go(1, shiftKey),
  ArrowUp: ({ shiftKey }) => go(-1, shiftKey),
  j: () => go(1),
  k: () => go(-1),
  Home: () => links()[0]?.focus(),
  End: () => links().at(-1)?.focus(),
  x: () => toggle(),
  " ": () => toggle(),
}

function go(by, choosing) {
  const all = links()
  const at = all.indexOf(document.activeElement)
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)]
  if (choosing && at >= 0) for (const link of [all[at], next]) set(boxOf(link), true)
  next?.focus()
}

function toggle() {
  const link = document.activeElement
  if (link?.matches(".table__name a")) set(boxOf(link), !boxOf(link).checked)
}

function set(box, wanted) {
  box.checked = wanted
  table.count()
}

function erase() {
  const confirm = table.querySelector(".chosen .confirm")
  if (!table.chosen.length) return false
  confirm.open = true
  confirm.querySelector("button").focus()
  return true
}

addEventListener("keydown", event => {
  const { key, target, altKey, ctrlKey, metaKey } = event
  if (altKey || ctrlKey || metaKey || target.closest("input:not([type=checkbox]), select, textarea")) return
  if (key === "/") {
    event.preventDefault()
    return document.querySelector("#sieve [name=q]").focus()
  }
  if (key === "Delete" && erase()) return event.preventDefault()
  const begins = key === "ArrowDown" || key === "j"
  if (!keys[key] || !(target.closest(".table__name") || (begins && target === document.body))) return
  event.preventDefault()
  keys[key](event)
})

table.addEventListener("click", ({ target, shiftKey }) => {
  if (!target.matches("tbody .table__choice input")) return
  const boxes = [...table.rows.querySelectorAll(".table__choice input")]
  const [from, to] = [boxes.indexOf(last), boxes.indexOf(target)].sort((a, b) => a - b)
  if (shiftKey && from >= 0) for (const box of boxes.slice(from, to + 1)) box.checked = target.checked
  last = target
})
