// The models page.

import "./page.js"
import "./model-pull.js"
import { takeModels } from "./model-file.js"
import { test } from "./model-test.js"
import { onAnnounce, onLine } from "./follow.js"
import { fragment, path, post, Refused, send } from "./roads.js"
import { gettext } from "./speech.js"

const pulls = document.querySelector("#pulls")
const line = document.querySelector("#line")
const installed = document.querySelector("#installed")

function tell(text) {
  line.textContent = text
  line.hidden = !text
}

async function add(topic) {
  const [, number] = topic.split(":")
  const shown = document.getElementById(`pull-${number}`)
  if (shown?.dataset.topic) return
  const row = (await fragment(path(`models/pulls/${number}/`)).catch(() => null))?.querySelector("model-pull")
  if (!row) return
  document.getElementById(row.id)?.remove()
  pulls.prepend(row)
}

async function submitted(event) {
  const form = event.target
  if (!form.matches("[data-pull], [data-act], [data-stop]")) return
  event.preventDefault()
  tell("")
  try {
    await post(form)
    if (form.matches("[data-act]")) refresh()
    if (form.matches("[data-pull]")) begun(form)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    tell(error.message)
    line.scrollIntoView({ block: "nearest" })
  }
}

// The new row comes by announcement.
function begun(form) {
  form.closest("model-pull")?.remove()
  form.reset()
}

// The library is asked only now, and only how large it is.
async function look(button) {
  const name = button.form.elements.name.value
  if (!name) return
  tell(gettext("Asking for its parts"))
  try {
    const { sentence } = await (await send("POST", path("api/models/look"), { model: name })).json()
    tell(sentence)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    tell(error.message)
  }
}

async function refresh() {
  await installed.load({ again: true })
  document.querySelector("#worth")?.load({ again: true })
  for (const each of document.querySelectorAll(".side__foot live-fragment")) each.load({ again: true })
}

document.addEventListener("submit", submitted)
document.addEventListener("click", event => {
  const button = event.target.closest("[data-test]")
  if (button) test(button)
  const asking = event.target.closest("[data-look]")
  if (asking) look(asking)
})
document.addEventListener("pulled", refresh)
document.addEventListener("loaded", ({ target }) => {
  if (target.querySelector("[data-making]")) setTimeout(() => target.load({ again: true }), 2000)
})
onAnnounce(topic => { if (pulls && topic.startsWith("pull:")) add(topic) })
if (pulls) takeModels(pulls)
onLine(tell)
