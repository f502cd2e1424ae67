// What is done with questions and answers that are there. Each is a form that works without a
// script; with one, the turns are shown anew in their place and the page stays.

import { fragment, request, say } from "./roads.js"

const turns = document.querySelector("#turns")
const scroller = document.querySelector("page-scroller")

document.addEventListener("submit", event => {
  if (event.target.id !== "turning" && !event.target.matches("[data-turn]")) return
  event.preventDefault()
  send(event.target, event.submitter)
})

async function send(form, button) {
  const place = placeOf(button ?? form)
  if (button) button.disabled = true
  try {
    const response = await request(button?.getAttribute("formaction") ?? form.action, {
      method: "POST",
      body: bodyOf(form, button),
    })
    const page = new DOMParser().parseFromString(await response.text(), "text/html")
    const found = page.querySelector("#turns")
    if (!found || new URL(response.url).pathname !== location.pathname) return location.assign(response.url)
    show(found, place)
  } catch (error) {
    if (button) button.disabled = false
    document.querySelector("question-box").warn(error.message)
  }
}

// What was asked in another tab, or on another device.
export async function renew() {
  const page = new DOMParser().parseFromString(await (await request(location.href)).text(), "text/html")
  const found = page.querySelector("#turns")
  if (!found || turns.querySelector("chat-answer:not([id]), .edit[open]")) return
  turns.replaceChildren(...found.childNodes)
  turns.dispatchEvent(new CustomEvent("turned", { bubbles: true }))
}

// A button is disabled once it is pressed, and FormData takes no disabled one.
function bodyOf(form, button) {
  const body = new URLSearchParams(new FormData(form))
  if (button?.name) body.set(button.name, button.value)
  return body
}

const nameOf = button => button.getAttribute("aria-label") ?? button.textContent.trim()

function placeOf(element) {
  const turn = element.closest(".turn")
  return {
    index: [...turns.children].indexOf(turn),
    top: turn?.getBoundingClientRect().top,
    name: element.matches("button") ? nameOf(element) : "",
    group: element.closest("[role=group]")?.getAttribute("aria-label"),
  }
}

// The turn stays where it was on the screen, and the button has the focus again if it is there.
function show(found, { index, top, name, group }) {
  turns.replaceChildren(...found.childNodes)
  const turn = turns.children[index] ?? turns.lastElementChild
  if (top !== undefined) scroller.scrollTop += turn.getBoundingClientRect().top - top
  const buttons = [...turn.querySelectorAll("button")].filter(button => button.checkVisibility())
  const inGroup = button => button.closest("[role=group]")?.getAttribute("aria-label") === group
  const again = buttons.find(button => nameOf(button) === name && inGroup(button))
    ?? buttons.find(button => group && inGroup(button))
  if (again) again.focus({ preventScroll: true })
  else document.querySelector("#question").focus({ preventScroll: true })
  if (group) say(turn.querySelector(`[aria-label="${group}"]`)?.innerText ?? "")
  turns.dispatchEvent(new CustomEvent("turned", { bubbles: true }))
}

document.addEventListener("toggle", ({ target }) => {
  if (!target.open) return
  if (target.matches(".edit")) begin(target)
  if (target.matches(".again")) offer(target)
}, true)

function begin(edit) {
  edit.querySelector("[data-cancel]").hidden = false
  const text = edit.querySelector("textarea")
  text.focus()
  text.setSelectionRange(text.value.length, text.value.length)
}

function end(edit) {
  edit.querySelector("form").reset()
  edit.open = false
  edit.querySelector("summary").focus()
}

async function offer(again) {
  const link = again.querySelector("a")
  if (!link) return
  try {
    link.replaceWith(await fragment(again.dataset.again))
  } catch (error) {
    link.textContent = error.message
  }
}

document.addEventListener("click", ({ target }) => {
  if (target.matches("[data-cancel]")) end(target.closest(".edit"))
})

// Before the page hears it: Escape ends the editing and nothing else.
document.addEventListener("keydown", event => {
  const edit = event.target.closest?.(".edit[open]")
  if (!edit) return
  if (event.key === "Escape") {
    event.stopPropagation()
    end(edit)
  }
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("textarea")) {
    event.preventDefault()
    edit.querySelector("form").requestSubmit()
  }
}, true)
