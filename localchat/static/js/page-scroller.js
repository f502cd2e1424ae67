// Keeps the newest text in view, unless the reader has scrolled up to read.

const NEAR = 48

customElements.define("page-scroller", class extends HTMLElement {
  connectedCallback() {
    this.below = document.querySelector("#below")
    this.isAtEnd = true
    this.addEventListener("scroll", () => this.scrolled(), { passive: true })
    this.below.addEventListener("click", () => this.toEnd())
    document.addEventListener("asking", () => this.toEnd())
    new ResizeObserver(() => this.grown()).observe(this.firstElementChild)
    new ResizeObserver(() => this.grown()).observe(this)
    this.start()
  }

  start() {
    const target = location.hash && document.querySelector(`#${CSS.escape(location.hash.slice(1))}`)
    if (target) target.scrollIntoView()
    else this.toEnd()
  }

  get rest() { return this.scrollHeight - this.clientHeight - this.scrollTop }

  scrolled() {
    this.isAtEnd = this.rest < NEAR
    if (this.isAtEnd) this.below.hidden = true
  }

  grown() {
    if (this.isAtEnd) this.toEnd()
    else if (this.querySelector("chat-answer[data-topic]") && this.rest > NEAR) this.below.hidden = false
  }

  toEnd() {
    this.scrollTop = this.scrollHeight
    this.isAtEnd = true
    this.below.hidden = true
  }
})
