// One answer: rendered as the server sent it, and while it is being written, live.

import { listen, stop } from "./follow.js"
import { offerAloud } from "./read-aloud.js"
import { finishText } from "./finished-text.js"
import { fragment, Refused, request, say } from "./roads.js"
import { found, inLine, loading, partRead, reading, silent, since, thinking, waiting } from "./words.js"
import { gettext } from "./speech.js"

const SILENT_MS = 12_000  // without a word from the server, which is then said

customElements.define("chat-answer", class extends HTMLElement {
  hurried = new AbortController()  // aborted: what was attached is not waited for

  connectedCallback() {
    this.addEventListener("click", event => { if (event.target.closest("[data-copy]")) this.copy() })
    this.addEventListener("submit", event => { if (event.target.matches("[data-go-on]")) this.askWithout(event) })
    this.finish()
    if (this.dataset.topic) this.follow()
    if (this.isWriting) this.begin(this.querySelector(".answer__step")?.textContent ?? gettext("Writing"))
  }

  disconnectedCallback() {
    clearInterval(this.ticking)
    clearInterval(this.watching)
    this.end?.()
  }

  get text() { return this.querySelector(".answer__text") }
  get isWriting() { return this.dataset.status === "writing" }

  // `sent`: the server follows for us already, because we asked.
  follow({ sent = false } = {}) {
    this.blocks = null
    this.end = listen(this.dataset.topic, event => this.hear(event), { as: "blocks", sent })
  }

  stop() {
    if ("unsent" in this.dataset) this.dropped = true
    this.hurried.abort()
    this.step = gettext("Stopping")
    if (this.dataset.topic) stop(this.dataset.topic)
  }

  // Since when, and where nothing comes any more, for how long: each phase by itself.
  watch() {
    this.heard ??= Date.now()
    this.watching ??= setInterval(() => this.tell(), 1000)
  }

  tell() {
    if (!this.phase) return
    const quiet = Date.now() - this.heard
    const isStalled = quiet >= SILENT_MS && this.phase.text === gettext("Writing")
    const text = isStalled ? silent(quiet / 1000) : this.phase.text
    this.show(text + (isStalled || this.phase.isCounted ? "" : since(Date.now() - this.phase.began)))
  }

  set step(text) {
    this.begin(text)
  }

  // `key`: what is the same phase, though its words differ. A counted one tells its time itself.
  begin(text, { key = text, isCounted = false } = {}) {
    const began = this.phase?.key === key ? this.phase.began : Date.now()
    this.phase = { key, text, began, isCounted }
    this.watch()
    this.tell()
  }

  // What was attached is still on its way.
  await(text) {
    this.begin(text, { key: "documents", isCounted: true })
    if (this.goOn?.isConnected || this.querySelector("[data-go-on]")) return
    this.goOn = document.createElement("form")
    this.goOn.className = "answer__go-on"
    this.goOn.dataset.goOn = ""
    const button = document.createElement("button")
    button.className = "action"
    button.textContent = gettext("Ask without it")
    this.goOn.append(button)
    this.text.before(this.goOn)
  }

  askWithout(event) {
    event.preventDefault()
    event.target.remove()
    this.hurried.abort()
    if (this.dataset.url) request(`${this.dataset.url}go-on/`, { method: "POST", redirect: "manual" }).catch(() => {})
  }

  show(text) {
    let line = this.querySelector(".answer__step")
    if (!line) {
      line = document.createElement("p")
      line.className = "answer__step"
      line.setAttribute("role", "status")
      this.prepend(line)
    }
    if (line.textContent !== text) line.textContent = text
  }

  hear(event) {
    this.heard = Date.now()
    if (event.stage !== "documents") this.querySelector("[data-go-on]")?.remove()
    if (event.type === "queued") this.step = inLine(event.position)
    if (event.type === "step") this.step = event.text
    if (event.type === "thinking") this.think()
    if (event.type === "progress") this.progress(event)
    if (event.type === "sources") this.found(event.sources)
    if (event.type === "quotes") this.quote(event.quotes)
    if (event.type === "restart") this.restart(event)
    if (event.type === "block" && !this.isCut) this.block(event)
    if (event.type === "token" && !this.blocks?.size && !this.isCut) this.append(event.text)
    if (event.type === "refused") this.step = event.message
    if (event.type === "done" || event.type === "failed") this.settle()
  }

  found(sources) {
    this.sources = sources
    const files = new Set(sources.map(source => source.filename)).size
    this.step = sources.length
      ? found(sources.length, files)
      : gettext("Nothing was found in the documents")
  }

  // What comes before the first word, and how long still, second by second.
  progress({ stage, done, total, seconds, place, text }) {
    clearInterval(this.ticking)
    if (stage === "documents") this.await(text)
    if (stage === "waiting") this.tick(waiting(place, seconds))
    if (stage === "waiting") this.loaded = undefined
    if (stage === "loading") this.loaded = seconds === undefined ? Infinity : Date.now() + seconds * 1000
    if (stage === "prompt" && done) this.begin(partRead(done, total), { key: "ticking" })
    else if (stage === "prompt") this.tick(this.reading(total, seconds))
  }

  // What is read once the model is loaded, if it is not.
  reading(tokens, seconds) {
    const loaded = this.loaded ?? Date.now()
    const end = loaded + seconds * 1000
    const left = moment => Number.isFinite(moment) ? (moment - Date.now()) / 1000 : undefined
    const began = Date.now()
    const elapsed = () => Date.now() - began
    return () => Date.now() < loaded ? loading(tokens, left(loaded), elapsed()) : reading(tokens, left(end), elapsed())
  }

  think() {
    if (this.thinkingSince) return
    this.thinkingSince = Date.now()
    this.tick(() => thinking((Date.now() - this.thinkingSince) / 1000))
  }

  tick(words) {
    const tell = () => this.begin(words(), { key: "ticking", isCounted: true })
    clearInterval(this.ticking)
    this.ticking = setInterval(tell, 1000)
    tell()
  }

  // What the passages say stands there until the model's own words do.
  quote(quotes) {
    this.quotes?.remove()
    this.quotes = document.createElement("div")
    this.quotes.className = "quotes"
    const title = document.createElement("p")
    title.className = "quotes__title"
    title.textContent = gettext("The passages that were found say:")
    this.quotes.append(title, ...quotes.map(quote => this.quoted(quote)))
    this.text.after(this.quotes)
  }

  quoted({ number, text }) {
    const source = this.sources?.find(each => each.number === number)
    const from = document.createElement("a")
    from.className = "quotes__from"
    from.dataset.n = number
    from.href = `#source-${this.id.replace("message-", "")}-${number}`
    const isPage = source?.label === `p. ${source?.page}`
    const where = isPage ? gettext(", p. {page}", { page: source.page }) : source?.label && `, ${source.label}`
    from.textContent = source ? source.filename + (where ?? "") : number
    const quote = document.createElement("blockquote")
    quote.className = "quotes__quote"
    quote.append(`${text} `, from)
    return quote
  }

  wordsCome() {
    clearInterval(this.ticking)
    this.quotes?.remove()
    this.step = gettext("Writing")
  }

  // What is only cut shorter stands there until the end comes, in a moment.
  restart({ shorter }) {
    this.isCut = shorter
    if (shorter) return
    clearInterval(this.ticking)
    this.thinkingSince = this.loaded = undefined
    this.quotes?.remove()
    this.blocks = this.live = null
    this.text.replaceChildren()
    this.step = gettext("Starting again")
  }

  block({ n, html, open }) {
    if (!this.blocks) {
      this.blocks = new Map()
      this.text.replaceChildren()
    }
    let block = this.blocks.get(n)
    if (block?.html === html) return
    if (!block) {
      const element = document.createElement("div")
      element.className = "answer__block"
      this.text.append(element)
      block = { element }
      this.blocks.set(n, block)
    }
    block.html = html
    // As the server does it in the whole page, where other answers have sources too.
    block.element.innerHTML = html.replaceAll('href="#source-', `href="#source-${this.id.replace("message-", "")}-`)
    if (open) this.wordsCome()
  }

  // Only on the plainer road, which knows no blocks.
  append(text) {
    if (this.blocks) return
    if (!this.live) {
      this.live = document.createElement("p")
      this.live.className = "answer__plain"
      this.text.replaceChildren(this.live)
    }
    this.live.append(text)
    this.wordsCome()
  }

  // The row's own rendering takes over; what is already there as it should be is not touched.
  async settle() {
    clearInterval(this.ticking)
    const turn = await fragment(this.dataset.url).catch(() => null)
    if (!turn) return this.ended("stopped")
    const final = turn.querySelector(`#${this.id}`)
    this.complete(turn)
    keep(this.text, final.querySelector(".answer__text"))
    this.querySelector(".answer__end").replaceChildren(...final.querySelector(".answer__end").childNodes)
    this.querySelector(".answer__before")?.replaceChildren(...final.querySelector(".answer__before").childNodes)
    this.ended(final.dataset.status)
    say(this.isWriting ? "" : gettext("The answer is complete."))
  }

  ended(status) {
    clearInterval(this.watching)
    this.watching = this.phase = null
    this.querySelector(".answer__step")?.remove()
    this.quotes?.remove()
    this.dataset.status = status
    delete this.dataset.topic
    this.finish()
    this.dispatchEvent(new CustomEvent("answered", { bubbles: true }))
  }

  // The turn of one that was asked here has its question alone.
  complete(turn) {
    const own = this.closest(".turn")
    if (!own || own.querySelector(".turn__tools")) return
    own.querySelector(".question").replaceWith(turn.querySelector(".question"))
    own.querySelector(".pictures, .question:not(:has(+ .pictures))").after(turn.querySelector(".turn__tools"))
  }

  finish() {
    if (!this.isWriting) finishText(this.text)
    for (const button of this.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard
    offerAloud(this)
  }

  // As Markdown, and as what it looks like. Given as promises: some browsers allow it only at once.
  async copy() {
    const copied = request(`${this.dataset.url}copy/`).then(answer => answer.json())
    const flavour = (name, type) => copied.then(each => new Blob([each[name]], { type }))
    try {
      await navigator.clipboard.write([new ClipboardItem({
        "text/plain": flavour("text", "text/plain"),
        "text/html": flavour("html", "text/html"),
      })])
    } catch (error) {
      const reason = await copied.then(() => error, refused => refused)
      return say(reason instanceof Refused ? reason.message : gettext("It could not be copied."))
    }
    say(gettext("Copied."))
    this.querySelector("[data-copy]").textContent = gettext("Copied")
  }
})

function keep(shown, final) {
  const now = Array.from(shown.querySelectorAll(":scope > .answer__block")).flatMap(block => [...block.children])
  const then = [...final.children]
  const same = now.length === then.length && now.every((element, i) => element.isEqualNode(then[i]))
  if (!same) shown.replaceChildren(...final.childNodes)
}
