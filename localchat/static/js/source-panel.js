// The page beside the answer: opens at the passage that a number in the text stands for.

import { fragment, path, say } from "./roads.js"
import { gettext } from "./speech.js"

const LEFT_FREE = 20 // pixels beside a passage, and above one that is too high to be shown whole
const SIZE = "page-size" // remembered for the next page
const PHONE = "(width < 1000px)" // where a page that is fitted to the width cannot be read
const DWELL = 60 // milliseconds on a number, after which it may be meant

customElements.define("source-panel", class extends HTMLElement {
  connectedCallback() {
    const size = localStorage.getItem(SIZE) ?? (matchMedia(PHONE).matches ? "large" : "small")
    this.classList.toggle("panel--large", size === "large")
    document.addEventListener("click", event => this.clicked(event))
    document.addEventListener("pointerover", event => this.foresee(event))
    addEventListener("keydown", event => { if (event.key === "Escape" && !this.hidden) this.close(event) })
    this.addEventListener("keydown", event => this.pressed(event))
  }

  clicked(event) {
    if (event.target.closest("[data-close]")) return this.close(event)
    if (event.target.closest("[data-larger], img.paper")) return this.enlarge()
    const copied = event.target.closest("source-panel [data-copy-from]")
    if (copied) return this.copy(copied)
    const link = event.target.closest("a[data-n], a[data-beside], source-panel a[data-turn]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const answer = link.closest("chat-answer")
    if (answer) {
      this.answer = answer
      this.opener = link
    }
    if (link.dataset.n) return this.open(Number(link.dataset.n))
    if ("turn" in link.dataset) return this.turn(link)
    this.openBeside(link)
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key]
    if (!way) return
    event.preventDefault()
    this.querySelector(`a[rel="${way}"]`)?.click()
  }

  // A page that may be asked for next is drawn while the pointer is still on its way.
  foresee({ target, pointerType }) {
    const link = target.closest("chat-answer a[data-n]")
    if (!link || pointerType === "touch") return
    const url = this.url(link.closest("chat-answer"), link.dataset.n)
    clearTimeout(this.dwelling)
    this.dwelling = setTimeout(() => {
      if (this.foreseen?.url !== url) this.foreseen = { url, content: fragment(url).catch(() => null) }
    }, DWELL)
  }

  url(answer, number) {
    return path(`m/${answer.id.replace("message-", "")}/sources/${number}/${this.asText ? "?text" : ""}`)
  }

  async open(number) {
    this.mark(number)
    if (await this.load(this.url(this.answer, number))) this.text?.focus({ preventScroll: true })
  }

  async openBeside(link) {
    this.mark(0)
    if (await this.load(link.href)) this.text?.focus({ preventScroll: true })
  }

  async copy(button) {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copyFrom).textContent)
    say(gettext("Copied."))
    button.textContent = gettext("Copied")
  }

  async turn(link) {
    const again = document.activeElement === link && link.rel
    this.asText = new URL(link.href).searchParams.has("text")
    if (!await this.load(link.href)) return
    const target = again && this.querySelector(`a[rel="${again}"]`) || this.text
    target?.focus({ preventScroll: true })
    say(this.querySelector(".panel__page")?.textContent ?? "")
  }

  enlarge() {
    localStorage.setItem(SIZE, this.classList.toggle("panel--large") ? "large" : "small")
    this.settle()
    this.show()
  }

  // Buttons that need this script, and what the larger one does.
  settle() {
    for (const button of this.querySelectorAll("[data-close], [data-larger]")) button.hidden = false
    for (const button of this.querySelectorAll("[data-copy-from]")) button.hidden = !navigator.clipboard
    const larger = this.querySelector("[data-larger]")
    if (larger) larger.textContent = this.classList.contains("panel--large") ? gettext("Smaller") : gettext("Larger")
  }

  get text() { return this.querySelector(".panel__text") }

  // Whether it is shown: whoever asks for another page meanwhile gets that one alone.
  async load(url) {
    const asked = this.asked = Symbol(url)
    this.setAttribute("aria-busy", "true")
    let content
    try {
      content = (this.foreseen?.url === url && await this.foreseen.content) || await fragment(url)
    } catch (error) {
      content = error.message
    }
    if (asked !== this.asked) return false
    this.foreseen = null
    this.removeAttribute("aria-busy")
    this.replaceChildren(content)
    this.hidden = false
    this.settle()
    this.show()
    return true
  }

  show() {
    const paper = this.querySelector("img[data-mark]")
    if (paper) return this.scrollToMark(paper)
    const passage = this.querySelector("#passage")
    passage?.scrollIntoView({ block: passage.offsetHeight > this.text.clientHeight * 0.8 ? "start" : "center" })
  }

  scrollToMark(paper) {
    const [left, top, , bottom] = paper.dataset.mark.trim().split(" ").map(Number)
    const free = this.text.clientHeight - (bottom - top) * paper.offsetHeight
    this.text.scrollTop = paper.offsetTop - this.text.offsetTop + top * paper.offsetHeight - Math.max(free / 2, LEFT_FREE)
    this.text.scrollLeft = left * paper.offsetWidth - LEFT_FREE
  }

  mark(number) {
    for (const link of document.querySelectorAll("chat-answer a[data-n][aria-current]")) link.removeAttribute("aria-current")
    for (const link of this.answer.querySelectorAll(`a[data-n="${number}"]`)) link.setAttribute("aria-current", "true")
  }

  close(event) {
    event.preventDefault()
    event.stopImmediatePropagation()
    this.asked = null
    this.hidden = true
    this.replaceChildren()
    this.mark(0)
    this.opener?.focus()
  }
})
