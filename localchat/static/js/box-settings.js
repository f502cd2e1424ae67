// Model, scope and settings of the conversation: kept as soon as they are changed.

import { path, request } from "./roads.js"

const KEPT = new Set(["model", "collections", "documents", "instructions", "temperature", "window", "length"])
const form = document.querySelector("#box")

form.addEventListener("change", ({ target }) => {
  if (target.name === "assistant") return location.assign(`${target.dataset.begins}?assistant=${target.value}`)
  if (target.name === "model") named(target)
  if (target.id === "scope" || KEPT.has(target.name)) keep()
})

// The usual model of who has not chosen is not said, until one is chosen.
function named(radio) {
  for (const each of form.querySelectorAll('[name="model"]')) each.value = each.dataset.name
  form.querySelector(".pick__used").textContent = radio.dataset.name
}

async function keep() {
  const { conversation } = form.dataset
  if (!conversation) return
  try {
    const body = new URLSearchParams(new FormData(form))
    await request(path(`c/${conversation}/manner/`), { method: "POST", body })
  } catch (error) {
    document.querySelector("question-box").warn(error.message)
  }
}

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
