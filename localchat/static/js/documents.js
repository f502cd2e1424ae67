// The documents page, and the page of one document: rows that are live until they are ready.

import "./page.js"
import { listen, onAnnounce, onLine } from "./follow.js"
import { fragment, path, post, Refused, say } from "./roads.js"
import { takeFiles, upload } from "./uploading.js"
import { progress } from "./words.js"

const rows = document.querySelector("#documents")
const form = document.querySelector("#upload")
const line = document.querySelector("#line")

customElements.define("documents-table", class extends HTMLElement {
  connectedCallback() {
    for (const row of this.querySelectorAll("tr[data-topic]")) follow(row)
    this.addEventListener("submit", event => { if (event.target.matches("[data-act]")) act(event) })
  }
})

function follow(row) {
  const id = row.id
  row.unfollow = listen(row.dataset.topic, event => {
    show(document.getElementById(id), progress(event))
    if (event.type === "done" || event.type === "failed") refresh(document.getElementById(id))
  })
}

function show(row, { text, done, total }) {
  row.querySelector("[data-state]").textContent = text
  const bar = row.querySelector("progress")
  if (!bar) return
  if (total) Object.assign(bar, { value: done, max: total })
  else bar.removeAttribute("value")
}

async function refresh(row) {
  const fresh = await rowOf(row.dataset.row)
  if (!fresh) return row.remove()
  row.unfollow?.()
  row.replaceWith(fresh)
  if (fresh.dataset.topic) follow(fresh)
  else say(`${fresh.querySelector("a").textContent}: ${fresh.querySelector("[data-state]").textContent}`)
}

async function rowOf(url) {
  return (await fragment(url)).querySelector("tr")
}

async function act(event) {
  event.preventDefault()
  const row = event.target.closest("tr")
  try {
    await post(event.target)
    if (event.target.closest(".confirm")) gone(row)
    else await refresh(row)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    show(row, { text: error.message })
  }
}

function gone(row) {
  say("Deleted.")
  row.unfollow?.()
  row.remove()
  if (!rows.querySelector("tr")) rows.replaceChildren()
  if (!form) location.href = path("documents/")
}

// A document that began elsewhere, or here a moment ago.
async function add(topic) {
  const id = topic.replace(":", "-")
  const shown = document.getElementById(id)
  if (shown) return refresh(shown)
  const fresh = await rowOf(path(`documents/${topic.split(":")[1]}/row`)).catch(() => null)
  if (!fresh || document.getElementById(id)) return
  const name = fresh.querySelector("a").textContent
  for (const row of rows.querySelectorAll("tr[data-sending]")) {
    if (row.dataset.sending === name) row.remove()
  }
  if (form && filtered() && fresh.querySelector(".table__beside").textContent !== filtered()) return
  rows.prepend(fresh)
  if (fresh.dataset.topic) follow(fresh)
}

const filtered = () => new URLSearchParams(location.search).get("collection")

function sendingRow(file) {
  const row = document.createElement("tr")
  row.className = "table__row"
  row.dataset.sending = file.webkitRelativePath || file.name
  row.innerHTML = `<th class="table__name" scope="row"></th><td></td>
    <td class="table__state"><span data-state></span><progress></progress></td><td></td><td></td><td></td>`
  row.querySelector("th").textContent = file.name
  if (!rows.querySelector("tr")) rows.replaceChildren()
  rows.prepend(row)
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
    return add(`document:${state.document}`)
  }
  show(row, state)
  if (state.failed) {
    row.classList.add("is-bad")
    row.querySelector("progress").remove()
  }
}

if (form) {
  takeFiles(take)
  onAnnounce(topic => { if (topic.startsWith("document:")) add(topic) })
  const narrow = document.querySelector("#narrow")
  narrow?.addEventListener("change", () => narrow.form.requestSubmit())
}
onLine(text => {
  if (!line) return
  line.textContent = text
  line.hidden = !text
})
