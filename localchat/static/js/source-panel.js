// The page beside the answer: opens at the passage that a number in the text stands for.

import { fragment, path } from "./roads.js"

customElements.define("source-panel", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("click", event => this.clicked(event))
    addEventListener("keydown", event => { if (event.key === "Escape" && !this.hidden) this.close(event) })
  }

  clicked(event) {
    if (event.target.closest("[data-close]")) return this.close(event)
    const link = event.target.closest("a[data-n]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const answer = link.closest("chat-answer")
    if (answer) {
      this.answer = answer
      this.opener = link
    }
    this.open(Number(link.dataset.n))
  }

  async open(number) {
    const message = this.answer.id.replace("message-", "")
    try {
      this.replaceChildren(await fragment(path(`m/${message}/sources/${number}/`)))
    } catch (error) {
      this.textContent = error.message
    }
    this.hidden = false
    for (const button of this.querySelectorAll("[data-close]")) button.hidden = false
    this.mark(number)
    this.focus({ preventScroll: true })
    this.show(this.querySelector("#passage"))
  }

  show(passage) {
    const room = this.querySelector(".panel__text").clientHeight
    passage?.scrollIntoView({ block: passage.offsetHeight > room * 0.8 ? "start" : "center" })
  }

  mark(number) {
    for (const link of document.querySelectorAll("chat-answer a[data-n][aria-current]")) link.removeAttribute("aria-current")
    for (const link of this.answer.querySelectorAll(`a[data-n="${number}"]`)) link.setAttribute("aria-current", "true")
  }

  close(event) {
    event.preventDefault()
    event.stopImmediatePropagation()
    this.hidden = true
    this.replaceChildren()
    this.mark(0)
    this.opener?.focus()
  }
})
