// The table of all conversations: which are chosen.

import "./page.js"
import { ngettext } from "./speech.js"

const table = document.querySelector("#kept")
const line = document.querySelector("[data-chosen]")
const boxes = () => [...table.querySelectorAll("tbody .table__choice input")]

table?.addEventListener("change", ({ target }) => {
  if (target.matches("[data-all]")) for (const box of boxes()) box.checked = target.checked
  const chosen = boxes().filter(box => box.checked).length
  const all = table.querySelector("[data-all]")
  all.checked = chosen === boxes().length
  all.indeterminate = chosen > 0 && !all.checked
  line.textContent = ngettext("{n} chosen", "{n} chosen", chosen)
})
