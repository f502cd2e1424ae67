// Model, scope and settings of the conversation: kept as soon as they are changed.

import { path, request } from "./roads.js"

const KEPT = new Set(["model", "collections", "documents", "instructions", "temperature", "window", "length", "without_notes"])
const form = document.querySelector("#box")

form.addEventListener("change", ({ target }) => {
  if (target.name === "assistant") return beginWith(target.value)
  if (target.name === "model") named(target)
  if (target.id === "scope" || (KEPT.has(target.name) && target.checkValidity())) keep()
})

function beginWith(assistant) {
  const here = new URL(location)
  here.searchParams.set("assistant", assistant)
  location.assign(here)
}

// The usual model of who has not chosen is not said, until one is chosen.
export function named(radio) {
  for (const each of form.querySelectorAll('[name="model"]')) each.value = each.dataset.name
  form.querySelector(".pick--models > summary").textContent = radio.dataset.name
}

async function keep() {
  const { conversation } = form.dataset
  if (!conversation || form.querySelector("#settings :invalid")) return
  try {
    const body = new URLSearchParams(new FormData(form))
    await request(path(`c/${conversation}/manner/`), { method: "POST", body })
  } catch (error) {
    document.querySelector("question-box").warn(error.message)
  }
}

// What cannot be sent is shown where it stands.
form.addEventListener("invalid", ({ target }) => {
  const sheet = target.closest(".pick")
  if (sheet) sheet.open = true
}, true)

const sheets = () => form.querySelectorAll(".pick[open]")

function close(sheet) {
  sheet.open = false
  sheet.querySelector("summary").focus()
}

document.addEventListener("pointerdown", ({ target }) => {
  for (const sheet of sheets()) if (!sheet.contains(target)) sheet.open = false
})

form.addEventListener("keydown", event => {
  const sheet = event.target.closest(".pick[open]")
  if (!sheet) return
  if (event.key === "Escape") {
    event.stopPropagation()
    close(sheet)
  }
  if (event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault()  // would ask
    close(sheet)
  }
})

document.addEventListener("begun", () => document.querySelector("#assistants")?.remove())
