// The documents page, and the page of one document: what comes in, and what is looked for.

import "./page.js"
import "./documents-table.js"
import { show } from "./documents-table.js"
import { onAnnounce, onLine } from "./follow.js"
import { takeFiles, upload } from "./uploading.js"

const TYPING = 250  // milliseconds after the last letter
const table = document.querySelector("documents-table")
const form = document.querySelector("#upload")
const sieve = document.querySelector("#sieve")
const line = document.querySelector("#line")
let timer = 0

function sendingRow(file) {
  const row = document.createElement("tr")
  row.className = "table__row"
  row.dataset.sending = file.webkitRelativePath || file.name
  row.innerHTML = `<td class="table__choice"></td><th class="table__name" scope="row"></th><td></td>
    <td class="table__state"><span data-state></span><progress></progress></td><td></td><td></td><td></td>`
  row.querySelector("th").textContent = file.name
  table.put(row)
  return row
}

function take(files) {
  const collection = form.elements.collection.value
  for (const file of files) {
    const row = sendingRow(file)
    upload(file, collection, state => sent(row, state))
  }
}

function sent(row, state) {
  if (!row.isConnected) return
  if (state.document && !state.failed) {
    row.remove()
    return table.add(`document:${state.document}`, { mine: true })
  }
  show(row, state)
  if (state.failed) {
    row.classList.add("is-bad")
    row.querySelector("progress").remove()
  }
}

// What the fields ask for, without what is as ever.
function query() {
  const wanted = new URLSearchParams(new FormData(sieve))
  for (const [name, value] of [...wanted]) if (!value || (name === "sort" && value === "-added")) wanted.delete(name)
  return wanted.toString()
}

function sieveAsAsked() {
  const asked = new URLSearchParams(location.search)
  for (const field of sieve.querySelectorAll("[name]")) {
    if (field !== document.activeElement) field.value = asked.get(field.name) ?? (field.name === "sort" ? "-added" : "")
  }
  document.querySelector("#several [name=query]").value = table.query
}

function sift(event) {
  clearTimeout(timer)
  timer = setTimeout(() => table.sift(query()), event.type === "input" ? TYPING : 0)
}

if (form) {
  takeFiles(take)
  sieve.addEventListener("input", sift)
  sieve.addEventListener("submit", event => { event.preventDefault(); sift(event) })
  table.addEventListener("sifted", sieveAsAsked)
  addEventListener("click", event => {
    const link = event.target.closest("a[data-sift]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    table.sift(new URL(link.href).search.slice(1))
  })
}
onAnnounce(topic => { if (topic.startsWith("document:")) table.add(topic) })
onLine(text => {
  if (!line) return
  line.textContent = text
  line.hidden = !text
})
