// A piece of the page that may be slow to make; it comes by itself and never holds the page up.

import { fragment } from "./roads.js"

const loading = new Map()

customElements.define("live-fragment", class extends HTMLElement {
  connectedCallback() {
    this.load()
  }

  async load({ again = false } = {}) {
    const src = this.getAttribute("src")
    if (again || !loading.has(src)) loading.set(src, fragment(src))
    try {
      this.replaceChildren((await loading.get(src)).cloneNode(true))
    } catch (error) {
      this.textContent = error.message
    }
    this.dataset.loaded = ""
    this.dispatchEvent(new CustomEvent("loaded", { bubbles: true }))
  }
})
