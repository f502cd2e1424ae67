// A question may be asked of several models at once: "Compare with…", below the conversation's own.

import { named } from "./box-settings.js"

const MOST = 3
const form = document.querySelector("#box")
const others = () => [...form.querySelectorAll('[name="beside"]')]
const chosen = () => others().filter(each => each.checked)
const own = () => form.querySelector('[name="model"]:checked')
let picked = ""  // the model of the answer that the talk is to go on from

function show() {
  const name = own()?.dataset.name
  for (const each of others()) {
    each.closest("label").hidden = each.value === name
    if (each.value === name) each.checked = false
  }
  const isFull = chosen().length >= MOST
  for (const each of others()) each.disabled = isFull && !each.checked
  const summary = form.querySelector(".pick--models > summary")
  if (name) summary.textContent = [name, ...chosen().map(each => each.value)].join(" + ")
}

form.addEventListener("change", ({ target }) => {
  if (target.name === "beside" && own()) named(own())
  if (target.name === "beside" || target.name === "model") show()
})

// It is for one question.
document.addEventListener("emptied", () => {
  if (!chosen().length) return
  for (const each of chosen()) each.checked = false
  show()
})

document.addEventListener("click", ({ target }) => {
  if (target.matches('[name="go_on"]')) picked = target.closest("[data-model]").dataset.model
})

document.addEventListener("turned", () => {
  const radio = picked && form.querySelector(`[name="model"][data-name="${CSS.escape(picked)}"]`)
  picked = ""
  if (!radio) return
  radio.checked = true
  named(radio)
  show()
})
