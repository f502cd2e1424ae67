// What a text gets once it is written: heads of its code, names of its marks, and keys to scroll by.

import { headCode } from "./code-head.js"
import { gettext } from "./speech.js"

const size = new ResizeObserver(entries => entries.forEach(({ target }) => reach(target)))

export function finishText(text) {
  headCode(text)
  for (const each of text.querySelectorAll("table, pre, .formula")) size.observe(each)
  for (const each of text.querySelectorAll(".cite")) each.ariaLabel = gettext("Source {n}", { n: each.dataset.n })
  for (const each of text.querySelectorAll(".footnote-mark:not(:has(span))")) each.prepend(named())
}

// Wider than its place, it is scrolled by keys too.
function reach(wide) {
  if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0
  else wide.removeAttribute("tabindex")
}

function named() {
  const name = document.createElement("span")
  name.className = "unseen"
  name.textContent = gettext("Footnote") + " "
  return name
}
