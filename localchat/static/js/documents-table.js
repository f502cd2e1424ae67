// The table of documents: rows that are live until they are ready, and many at once.

import { listen } from "./follow.js"
import { fragment, path, post, Refused, request, say } from "./roads.js"
import { progress } from "./words.js"
import { ngettext } from "./speech.js"

customElements.define("documents-table", class extends HTMLElement {
  connectedCallback() {
    this.followAll()
    this.addEventListener("submit", event => this.submit(event))
    this.addEventListener("change", event => this.choose(event))
    this.querySelector("[data-none]")?.addEventListener("click", () => this.chooseAll(false))
  }

  get rows() { return this.querySelector("#documents") }
  get chosen() { return [...this.rows.querySelectorAll(".table__choice :checked")] }
  get query() { return this.querySelector("[data-query]")?.dataset.query ?? "" }
  get isList() { return Boolean(this.dataset.url) }

  // Shows the table as the query has it; what was chosen and is still there stays chosen.
  async sift(query, { keep = true } = {}) {
    const before = keep ? new Set(this.chosen.map(box => box.value)) : new Set()
    const wanted = this.asked = query
    const fresh = await fragment(`${this.dataset.url}?${query}`)
    if (this.asked !== wanted) return
    for (const row of this.rows.querySelectorAll("tr")) row.unfollow?.()
    this.querySelector("[data-table]").replaceChildren(fresh)
    for (const box of this.rows.querySelectorAll(".table__choice input")) box.checked = before.has(box.value)
    history.replaceState(null, "", query ? `?${query}` : location.pathname)
    this.followAll()
    this.count()
    this.dispatchEvent(new CustomEvent("sifted"))
  }

  followAll() {
    for (const row of this.rows.querySelectorAll("tr[data-topic]")) this.follow(row)
  }

  follow(row) {
    const id = row.id
    row.unfollow = listen(row.dataset.topic, event => {
      const shown = document.getElementById(id)
      if (!shown) return
      show(shown, progress(event))
      if (event.type === "done" || event.type === "failed") this.refresh(shown)
    })
  }

  async refresh(row) {
    const fresh = await rowOf(row.dataset.row)
    if (!fresh) return row.remove()
    fresh.querySelector(".table__choice input").checked = row.querySelector(".table__choice input").checked
    row.unfollow?.()
    row.replaceWith(fresh)
    if (fresh.dataset.topic) this.follow(fresh)
    else say(`${fresh.querySelector("a").textContent}: ${fresh.querySelector("[data-state]").textContent}`)
  }

  // A document that began elsewhere, or here a moment ago.
  // Where rows are narrowed, others' are left for the next look.
  async add(topic, { mine = false } = {}) {
    const id = topic.replace(":", "-")
    const shown = document.getElementById(id)
    if (shown) return this.refresh(shown)
    if (!this.isList || (this.query && !mine)) return
    const fresh = await rowOf(path(`documents/${topic.split(":")[1]}/row`)).catch(() => null)
    if (!fresh || document.getElementById(id)) return
    const name = fresh.querySelector("a").textContent
    for (const row of this.rows.querySelectorAll("tr[data-sending]")) {
      if (row.dataset.sending === name) row.remove()
    }
    this.put(fresh)
    if (fresh.dataset.topic) this.follow(fresh)
  }

  put(row) {
    if (!this.rows.querySelector("tr")) this.rows.replaceChildren()
    this.rows.prepend(row)
  }

  async submit(event) {
    const changesMore = event.target.matches("[data-near]")
    if (changesMore && !this.isList) return  // the page of the document that stays follows
    event.preventDefault()
    if (event.target.id === "several") return this.several(event)
    const row = event.target.closest("tr")
    try {
      const answer = await post(event.target, event.submitter)
      if (changesMore) await this.sift(this.query)
      else if (event.target.closest(".confirm")) this.gone(row, (await answer.json()).message)
      else await this.refresh(row)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      show(row, { text: error.message })
    }
  }

  gone(row, said) {
    tell(said)
    row.unfollow?.()
    row.remove()
    if (!this.rows.querySelector("tr")) this.rows.replaceChildren()
    if (!this.isList) location.href = path("documents/")
  }

  async several({ target, submitter }) {
    const body = new URLSearchParams(new FormData(target, submitter))
    try {
      const answer = await request(target.action, { method: "POST", body })
      tell((await answer.json()).message)
      await this.sift(this.query, { keep: false })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      tell(error.message)
    }
    for (const open of target.querySelectorAll("details[open]")) open.open = false
  }

  choose({ target }) {
    if (target.matches("[data-all]")) return this.chooseAll(target.checked)
    if (target.closest(".table__choice")) this.count()
  }

  chooseAll(wanted) {
    for (const box of this.rows.querySelectorAll(".table__choice input")) box.checked = wanted
    this.count()
  }

  count() {
    const line = this.querySelector("[data-chosen]")
    if (!line) return
    const [chosen, all] = [this.chosen.length, this.rows.querySelectorAll(".table__choice input").length]
    line.textContent = ngettext("{n} chosen", "{n} chosen", chosen)
    this.querySelector("[data-none]").hidden = false
    const box = this.querySelector("[data-all]")
    box.checked = all > 0 && chosen === all
    box.indeterminate = chosen > 0 && chosen < all
  }
})

export function show(row, { text, done, total }) {
  row.querySelector("[data-state]").textContent = text
  const bar = row.querySelector("progress")
  if (!bar) return
  if (total) Object.assign(bar, { value: done, max: total })
  else bar.removeAttribute("value")
}

function tell(text) {
  const told = document.querySelector("#told")
  if (!told) return
  told.textContent = text
  told.hidden = false
}

async function rowOf(url) {
  return (await fragment(url)).querySelector("tr")
}
