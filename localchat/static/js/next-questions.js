// Questions that are asked while an answer is being written: they wait above the box, and are sent
// one by one when it ends. Kept for this tab, so that a reload loses none.

import { gettext } from "./speech.js"

const KEPT = "next:"
const list = document.querySelector("#next")

export class NextQuestions {
  // `edit` gets the text of one that is taken back into the box. `isTemporary`: nothing is kept.
  constructor(edit, isTemporary) {
    this.edit = edit
    this.isTemporary = isTemporary
  }

  // The conversation may get its number while they wait.
  open(conversation) {
    const before = this.key
    this.key = KEPT + (conversation ?? "new")
    if (before === this.key) return
    if (before === `${KEPT}new` && this.wishes?.length) sessionStorage.removeItem(before)
    else this.wishes = JSON.parse(sessionStorage.getItem(this.key) ?? "[]")
    this.keep()
  }

  // Its ref keeps it one question, even if it is sent twice.
  add(wish) {
    this.wishes.push(wish)
    this.keep()
  }

  get first() { return this.wishes[0] }

  drop(wish) {
    this.wishes = this.wishes.filter(each => each !== wish)
    this.keep()
  }

  keep() {
    if (this.wishes.length && !this.isTemporary) sessionStorage.setItem(this.key, JSON.stringify(this.wishes))
    else sessionStorage.removeItem(this.key)
    list.replaceChildren(...this.wishes.map(wish => this.line(wish)))
    list.hidden = !this.wishes.length
  }

  line(wish) {
    const item = document.createElement("li")
    item.className = "next__item"
    const text = document.createElement("span")
    text.className = "next__text"
    text.textContent = gettext("Next: {question}", { question: wish.question })
    text.title = wish.question
    item.append(
      text,
      this.button(gettext("Edit"), () => this.edit(wish.question), wish),
      this.button(gettext("Take it back"), () => {}, wish),
    )
    return item
  }

  button(name, act, wish) {
    const button = document.createElement("button")
    button.className = "action"
    button.type = "button"
    button.textContent = name
    button.addEventListener("click", () => {
      this.drop(wish)
      act()
      document.querySelector("#question").focus()
    })
    return button
  }
}
