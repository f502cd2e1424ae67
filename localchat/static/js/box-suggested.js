// What comes with the last answer: questions that its documents suggest, and how full the model's
// window is.

import { fragment, path } from "./roads.js"

const form = document.querySelector("#box")
const suggested = document.querySelector("#suggested")
const wanted = document.querySelector("#suggesting")
const OFF = "suggesting-off"

async function put(places, name) {
  const { conversation } = form.dataset
  if (!conversation || document.querySelector("chat-answer[data-topic]")) return
  try {
    const found = await fragment(path(`c/${conversation}/${name}/`))
    for (const place of places) place.replaceChildren(found.cloneNode(true))
  } catch {
    // It is no part of the answer.
  }
}

function ended() {
  suggest()
  put(document.querySelectorAll("[data-context]"), "context")
}

document.addEventListener("answered", ended)
document.addEventListener("turned", ended)
document.addEventListener("asking", () => suggested.replaceChildren())

function suggest() {
  if (wanted.checked) put([suggested], "suggested")
}

// Kept in this browser.
wanted.checked = !localStorage.getItem(OFF)
wanted.closest("label").hidden = false

function switched() {
  for (const each of document.querySelectorAll(".suggested[role=group]")) each.hidden = !wanted.checked
  suggest()
}

wanted.addEventListener("change", () => {
  if (wanted.checked) localStorage.removeItem(OFF)
  else localStorage.setItem(OFF, "on")
  switched()
})
switched()

document.addEventListener("click", event => {
  const button = event.target.closest("[data-suggested]")
  if (!button) return
  event.preventDefault()
  document.querySelector("#question").value = button.value
  form.requestSubmit()
})
