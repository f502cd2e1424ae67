// Keeps the newest text in view, unless the reader has scrolled up to read.

const NEAR = 48
const TOUCH_MS = 1000  // in which scrolling is still the reader's

customElements.define("page-scroller", class extends HTMLElement {
  connectedCallback() {
    this.below = document.querySelector("#below")
    this.isAtEnd = true
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.addEventListener(kind, () => { this.touched = performance.now() }, { passive: true })
    }
    this.addEventListener("scroll", () => this.scrolled(), { passive: true })
    this.below.addEventListener("click", () => this.toEnd())
    document.addEventListener("asking", () => this.toEnd())
    new ResizeObserver(() => this.grown()).observe(this.firstElementChild)
    new ResizeObserver(() => this.grown()).observe(this)
    this.start()
  }

  start() {
    const target = location.hash && document.querySelector(`#${CSS.escape(location.hash.slice(1))}`)
    if (!target) return this.toEnd()
    this.isAtEnd = false
    target.scrollIntoView()
  }

  get rest() { return this.scrollHeight - this.clientHeight - this.scrollTop }

  scrolled() {
    // Text that has grown meanwhile is no reader who scrolled up.
    const isReader = this.scrollHeight === this.height || performance.now() - this.touched < TOUCH_MS
    if (this.rest < NEAR) this.isAtEnd = true
    else if (isReader) this.isAtEnd = false
    if (this.isAtEnd) this.below.hidden = true
  }

  grown() {
    this.height = this.scrollHeight
    if (this.isAtEnd) this.toEnd()
    else if (this.querySelector("chat-answer[data-topic]") && this.rest > NEAR) this.below.hidden = false
  }

  toEnd() {
    this.scrollTop = this.scrollHeight
    this.isAtEnd = true
    this.below.hidden = true
  }
})
