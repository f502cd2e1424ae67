// Ctrl+K: conversations, documents and commands by what is typed, with the keyboard alone.

import { show } from "./dialogs.js"
import { fragment, path } from "./roads.js"

const TYPING = 120  // milliseconds after the last letter

export async function open() {
  const dialog = await show(path("palette/"))
  const field = dialog.querySelector(".palette__field")
  const list = dialog.querySelector(".palette__list")
  let timer = 0
  let asked = ""

  const options = () => [...list.querySelectorAll("a[role=option]")]

  function choose(at) {
    const all = options()
    const chosen = all[(at + all.length) % all.length]
    for (const each of all) each.setAttribute("aria-selected", String(each === chosen))
    field.setAttribute("aria-activedescendant", chosen?.id ?? "")
    chosen?.scrollIntoView({ block: "nearest" })
  }

  async function look() {
    const wanted = asked = field.value
    const found = await fragment(path(`palette/?list&q=${encodeURIComponent(wanted)}`))
    if (wanted !== asked) return
    list.replaceChildren(found)
    choose(0)
  }

  function move(event) {
    const at = options().findIndex(each => each.getAttribute("aria-selected") === "true")
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
    if (to !== undefined) choose(to)
    else if (event.key === "Enter") options()[at]?.click()
    else return
    event.preventDefault()
  }

  field.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(look, TYPING)
  })
  field.addEventListener("keydown", move)
  list.addEventListener("click", event => { if (event.target.closest("a")) dialog.close() })
  choose(0)
}
