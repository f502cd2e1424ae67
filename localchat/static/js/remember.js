// What a person wants every answer to know, taken from the talk: kept as a note of “About me”.
// Never of a document: what stands in one is to give no model orders. Nor of a temporary chat.

import { path, say, send } from "./roads.js"
import { offer, textOf } from "./selected.js"
import { gettext } from "./speech.js"

const KEY = "r"
const box = document.querySelector("question-box")

async function remember(text) {
  let told = gettext("Kept in “About me”.")
  try {
    await send("POST", path("api/notes"), { text })
    say(told)
  } catch (error) {
    told = error.message
  }
  box.warn(told)
}

if (!("temporary" in box.form.dataset)) {
  offer({
    name: gettext("Remember"),
    title: gettext("Keep this in “About me”, for every answer to know ({key})", { key: KEY }),
    key: KEY,
    places: ".answer__text, .question",
    act: range => {
      remember(textOf(range))
      getSelection().removeAllRanges()
    },
  })
}

document.addEventListener("click", event => {
  const button = event.target.closest("[data-remember]")
  if (!button) return
  event.preventDefault()
  remember(button.value)
})
