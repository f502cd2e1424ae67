// What is asked about: collections and documents, each a chip that is unticked to be taken off.

import { fragment, path } from "./roads.js"

const scope = document.querySelector("#scope")

const tick = (kind, id) => scope.querySelector(`[name="${kind}"][value="${id}"]`)

export function add(kind, id, name) {
  if (tick(kind, id)) return
  const chip = document.querySelector("#scope-chip").content.cloneNode(true).firstElementChild
  const box = chip.querySelector("input")
  box.name = kind
  box.value = id
  chip.querySelector(".chip__words").textContent = name
  scope.append(chip)
  box.dispatchEvent(new Event("change", { bubbles: true }))
}

export function drop(kind, id) {
  const box = tick(kind, id)
  box?.closest(".chip").remove()
  if (box) scope.dispatchEvent(new Event("change", { bubbles: true }))
}

// As the conversation keeps it.
export async function load(conversation) {
  scope.replaceChildren(...(await fragment(path(`c/${conversation}/scope/`))).childNodes)
}

// What is taken off is told to who listens for changes before it goes.
scope.addEventListener("change", ({ target }) => {
  if (target === scope || target.checked) return
  queueMicrotask(() => {
    target.closest(".chip").remove()
    document.querySelector("#question").focus()
  })
})
