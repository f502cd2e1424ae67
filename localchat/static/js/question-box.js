// The box at the foot of the page: asks, and stops what is being written.

import { ask, newRef } from "./follow.js"
import { NextQuestions } from "./next-questions.js"
import { fragment, path, Refused, say, send } from "./roads.js"
import * as pictures from "./pictures.js"
import * as scope from "./box-scope.js"
import * as tray from "./upload-tray.js"
import { asBody, read } from "./wish.js"
import { gettext } from "./speech.js"

const DRAFT = "draft:"
const LOADED_MS = 300_000  // the model is asked for no more often while one types

customElements.define("question-box", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form")
    this.text = this.querySelector("textarea")
    this.stopButton = this.querySelector("#stop")
    this.line = document.querySelector("#line")
    this.takeUpDraft()
    this.form.addEventListener("submit", event => this.submit(event))
    this.text.addEventListener("input", () => this.changed())
    this.text.addEventListener("keydown", event => this.pressed(event))
    this.stopButton.addEventListener("click", () => this.stop())
    document.addEventListener("answered", ({ target }) => this.answered(target))
    document.addEventListener("turned", () => this.show())
    this.next = new NextQuestions(text => this.takeBack(text), this.isTemporary)
    this.next.open(this.conversation)
    document.addEventListener("submit", event => this.again(event))
    document.addEventListener("attached", () => this.narrow())
    this.narrow()
    this.show()
    if (!this.writing.length) this.askNext()
  }

  get conversation() { return Number(this.form.dataset.conversation) || undefined }
  get draft() { return DRAFT + (this.conversation ?? "new") }
  get isTemporary() { return "temporary" in this.form.dataset }
  // What the next question follows, with what was asked after it elsewhere.
  get last() {
    const answers = document.querySelectorAll("#turns chat-answer:not(.beside__aside > *)")
    return Number(answers[answers.length - 1]?.id.replace("message-", "")) || undefined
  }

  get writing() { return document.querySelectorAll("chat-answer:is([data-topic], [data-unsent])") }

  takeUpDraft() {
    if (!this.text.value) this.text.value = sessionStorage.getItem(this.draft) ?? ""
    this.grow()
  }

  changed() {
    if (!this.isTemporary) sessionStorage.setItem(this.draft, this.text.value)
    this.grow()
    this.load()
  }

  // Loads the model while the question is typed.
  load() {
    if (!this.text.value.trim() || performance.now() < this.loadedUntil) return
    this.loadedUntil = performance.now() + LOADED_MS
    const body = asBody(read(new FormData(this.form), this.conversation))
    send("POST", path("api/chat/typing"), body).catch(() => {})
  }

  // Browsers without field-sizing.
  grow() {
    if (CSS.supports("field-sizing", "content")) return
    this.text.rows = Math.min(12, this.text.value.split("\n").length)
  }

  pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    this.form.requestSubmit()
  }

  show() {
    const busy = this.writing.length > 0
    this.stopButton.hidden = !busy
    this.form.querySelector(".box__go").hidden = busy
  }

  stop() {
    for (const answer of this.writing) answer.stop()
    this.text.focus()
  }

  // Who attaches documents means these; each is a chip that can be unticked.
  narrow() {
    const now = tray.documents()
    for (const gone of (this.attached ?? []).filter(each => !now.some(other => other.document === each))) scope.drop("documents", gone)
    for (const each of now) if (!this.attached?.includes(each.document)) scope.add("documents", each.document, each.name)
    this.attached = now.map(each => each.document)
  }

  submit(event) {
    event.preventDefault()
    this.loadedUntil = 0
    const wish = read(new FormData(this.form), this.conversation)
    if (!wish.question) return
    if (this.writing.length || this.isAsking) this.next.add({ ref: newRef(), ...wish })
    else this.put(wish, () => {}, { attached: true })
    this.empty()
  }

  empty() {
    sessionStorage.removeItem(this.draft)
    this.text.value = ""
    this.form.elements.whole.checked = false
    this.dispatchEvent(new CustomEvent("emptied", { bubbles: true }))
    this.grow()
  }

  takeBack(text) {
    this.text.value = [text, this.text.value].filter(Boolean).join("\n\n")
    this.changed()
  }

  // What was asked next is asked now, unless nothing can be answered.
  answered(answer) {
    this.show()
    if (this.writing.length) return
    if (answer.dataset.status !== "failed") return this.askNext()
    for (let wish = this.next.first; wish; wish = this.next.first) {
      this.next.drop(wish)
      this.takeBack(wish.question)
    }
  }

  askNext() {
    const wish = this.next.first
    if (wish) this.put({ ...wish, conversation: this.conversation }, () => this.next.drop(wish), { attached: tray.documents().length > 0 || pictures.any() })
  }

  again(event) {
    if (!event.target.matches("[data-ask-again]")) return
    event.preventDefault()
    const wish = read(new FormData(event.target, event.submitter), this.conversation)
    if (this.writing.length || this.isAsking) return this.next.add({ ref: newRef(), ...wish })
    this.put(wish, () => { if (wish.documents) scope.load(this.conversation) })
  }

  // With the files that were attached: those that are still being sent are waited for here, those
  // that are still being read by the server.
  async complete(wish, answer) {
    await tray.sent(text => answer.await(text), answer.hurried.signal)
    const seen = await pictures.sent()
    if (answer.dropped) throw new Refused("")
    const files = tray.documents()
    const late = new Set(files.filter(each => !each.ended).map(each => each.document))
    const isHurried = answer.hurried.signal.aborted
    const { documents: chosen, collections } = read(new FormData(this.form), this.conversation)
    const documents = chosen?.filter(each => !isHurried || !late.has(each))
    tray.asked(isHurried)
    pictures.asked(answer.closest(".turn"))
    this.attached = []
    return { ...wish, pictures: seen.length ? seen : undefined, collections, documents: documents?.length ? documents : undefined, wait_for: late.size && !isHurried ? [...late] : undefined }
  }

  async put(said, taken = () => {}, { attached = false } = {}) {
    const after = this.last
    this.isAsking = true
    const turn = document.querySelector("#turn").content.cloneNode(true).firstElementChild
    turn.querySelector(".question").textContent = said.question
    document.querySelector("#welcome")?.remove()
    document.querySelector("#turns").append(turn)
    turn.dispatchEvent(new CustomEvent("asking", { bubbles: true }))
    this.warn("")
    const answer = turn.querySelector("chat-answer")
    answer.dataset.unsent = ""
    this.show()
    try {
      const wish = { ...attached ? await this.complete(said, answer) : said, after }
      const told = await ask(wish)
      taken()
      // Sent before a reload, it is there already.
      if (document.querySelector(`#message-${told.message}`)) turn.remove()
      else this.asked(answer, told)
    } catch (error) {
      taken()
      turn.remove()
      pictures.back(turn)
      this.takeBack(said.question)
      this.show()
      this.warn(error.message)
    } finally {
      this.isAsking = false
    }
  }

  asked(answer, { conversation, message, topic, beside }) {
    answer.id = `message-${message}`
    answer.dataset.url = path(`m/${message}/`)
    answer.dataset.topic = topic
    delete answer.dataset.unsent
    answer.follow({ sent: true })
    say(gettext("Asked."))
    this.show()
    if (this.conversation !== conversation) this.begun(conversation, answer)
    if (beside?.length) this.setBeside(answer)
  }

  // Asked of several models: the server knows how their answers stand.
  async setBeside(answer) {
    const whole = await fragment(answer.dataset.url).catch(() => null)
    const turn = whole?.querySelector(".turn")
    if (turn) answer.closest(".turn")?.replaceWith(turn)
    this.show()
  }

  begun(conversation, answer) {
    const address = path(`c/${conversation}/`)
    this.form.dataset.conversation = conversation
    this.form.action = address
    history.replaceState(null, "", address)
    this.next.open(conversation)
    answer.dispatchEvent(new CustomEvent("begun", { bubbles: true, detail: { conversation } }))
  }

  warn(text) {
    this.line.textContent = text
    this.line.hidden = !text
  }
})
