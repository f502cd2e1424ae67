// What is asked about: collections and documents, each a chip that is unticked to be taken off.

const scope = document.querySelector("#scope")

export const has = (kind, id) => scope.querySelector(`[name="${kind}"][value="${id}"]`) !== null

export function add(kind, id, name) {
  if (has(kind, id)) return
  const chip = document.querySelector("#scope-chip").content.cloneNode(true).firstElementChild
  const tick = chip.querySelector("input")
  tick.name = kind
  tick.value = id
  chip.querySelector(".chip__words").textContent = name
  scope.append(chip)
  tick.dispatchEvent(new Event("change", { bubbles: true }))
}

// What is taken off is told to who listens for changes before it goes.
scope.addEventListener("change", ({ target }) => {
  if (target.checked) return
  queueMicrotask(() => {
    target.closest(".chip").remove()
    document.querySelector("#question").focus()
  })
})
