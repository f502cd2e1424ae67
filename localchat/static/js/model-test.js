// A word from a model, and how long it took.

import { path, Refused, send } from "./roads.js"
import { gettext, locale } from "./speech.js"

async function tried(name) {
  const { result, seconds } = await (await send("POST", path("api/models/test"), { model: name })).json()
  const n = seconds.toLocaleString(locale, { maximumFractionDigits: 1 })
  return gettext("“{text}” after {n} s", { text: result, n })
}

export async function test(button) {
  const line = button.closest("tr").querySelector("[data-tried]")
  button.disabled = true
  line.hidden = false
  line.textContent = gettext("Asking for a word")
  try {
    line.textContent = await tried(button.dataset.test)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    line.textContent = error.message
  }
  button.disabled = false
}
