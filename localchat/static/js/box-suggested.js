// What comes with the last answer: questions that its documents suggest, and how full the model's
// window is.

import { fragment, path } from "./roads.js"

const form = document.querySelector("#box")
const suggested = document.querySelector("#suggested")

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
  put([suggested], "suggested")
  put(document.querySelectorAll("[data-context]"), "context")
}

document.addEventListener("answered", ended)
document.addEventListener("turned", ended)
document.addEventListener("asking", () => suggested.replaceChildren())
put([suggested], "suggested")

document.addEventListener("click", event => {
  const button = event.target.closest("[data-suggested]")
  if (!button) return
  event.preventDefault()
  document.querySelector("#question").value = button.value
  form.requestSubmit()
})
