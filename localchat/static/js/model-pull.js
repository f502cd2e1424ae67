// One pull: how far it is, how fast it comes and how long it will take.

import { listen } from "./follow.js"
import { fragment, say } from "./roads.js"
import { size, time } from "./words.js"
import { gettext } from "./speech.js"

const RATE_SECONDS = 8

const STAGES = [
  ["queued", gettext("Waiting its turn")],
  ["pulling manifest", gettext("Asking for its parts")],
  ["verifying", gettext("Checking what has come")],
  ["writing", gettext("Putting it in its place")],
  ["removing", gettext("Tidying up")],
  ["resuming", gettext("The connection broke off; trying again")],
  ["stalled", gettext("Nothing has come for a while")],
]

customElements.define("model-pull", class extends HTMLElement {
  connectedCallback() {
    if (!this.dataset.topic) return
    const { stage, done, total } = this.dataset
    this.seen = []
    this.show({ stage, done: Number(done), total: Number(total) })
    this.end = listen(this.dataset.topic, event => this.hear(event))
  }

  disconnectedCallback() {
    this.end?.()
  }

  hear(event) {
    if (event.type === "progress") this.show(event)
    if (event.type === "restart") this.seen = []
    if (event.type === "done" || event.type === "failed") this.settle()
  }

  show({ stage, done, total }) {
    const words = STAGES.find(([start]) => stage.startsWith(start))?.[1]
    const bar = this.querySelector("progress")
    this.querySelector("[data-state]").textContent = words ?? this.amount(done, total)
    if (total) Object.assign(bar, { value: done, max: total })
  }

  amount(done, total) {
    if (!total) return gettext("Fetching")
    const now = performance.now() / 1000
    this.seen = [...this.seen.filter(([at]) => now - at < RATE_SECONDS), [now, done]]
    const [began, before] = this.seen[0]
    const rate = now - began > 1 ? (done - before) / (now - began) : 0
    const parts = [gettext("{done} of {total}", { done: size(done), total: size(total) })]
    if (rate > 0) parts.push(`${size(rate)}/s`, time((total - done) / rate))
    return parts.join(", ")
  }

  async settle() {
    const row = (await fragment(this.dataset.url)).querySelector("model-pull")
    say(`${row.querySelector("b").textContent}: ${row.querySelector("[data-state]").textContent}`)
    this.dispatchEvent(new CustomEvent("pulled", { bubbles: true }))
    this.replaceWith(row)
  }
})
