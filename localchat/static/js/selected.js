// What is selected in a talk or a source, and the buttons that stand below it meanwhile.

const PLACES = ".answer__text, .sheet, .quotes, .question"

const buttons = document.createElement("div")
buttons.className = "selected"
buttons.hidden = true
document.body.append(buttons)

const placeOf = node => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest(PLACES)

// Only within one of the places.
export function selected(places) {
  const selection = getSelection()
  if (!selection.rangeCount || selection.isCollapsed) return null
  const range = selection.getRangeAt(0)
  const place = placeOf(range.startContainer)
  const isOne = place && place === placeOf(range.endContainer) && place.matches(places)
  return isOne && range.toString().trim() ? range : null
}

// Numbers of citations mean something only where they stand.
export function textOf(range) {
  const holder = document.createElement("div")
  holder.className = "selected__held unseen"
  holder.append(range.cloneContents())
  for (const cited of holder.querySelectorAll("sup:has(.cite), a.cite, button, .unseen")) cited.remove()
  document.body.append(holder)
  const text = holder.innerText.trim()
  holder.remove()
  return text
}

// A button for what is selected in these places, and its key.
export function offer({ name, title, key, places, act }) {
  const button = document.createElement("button")
  button.className = "button"
  button.type = "button"
  button.textContent = name
  button.title = title
  buttons.append(button)
  const use = () => {
    const range = selected(places)
    if (range) act(range)
  }
  button.addEventListener("click", use)
  document.addEventListener("selectionchange", () => {
    button.hidden = !selected(places)
    show()
  })
  addEventListener("keydown", event => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
    if (event.key !== key || !isPlain || event.target.matches("input, textarea, select")) return
    if (!selected(places)) return
    event.preventDefault()
    use()
  })
}

function show() {
  const range = selected(PLACES)
  buttons.hidden = !range || [...buttons.children].every(button => button.hidden)
  if (buttons.hidden) return
  const { right, bottom } = [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect()
  const left = Math.min(right, innerWidth - buttons.offsetWidth - 12)
  buttons.style.setProperty("inset-inline-start", `${Math.max(12, left + scrollX)}px`)
  buttons.style.setProperty("inset-block-start", `${Math.min(bottom + 6, innerHeight - 48) + scrollY}px`)
}

document.addEventListener("scroll", () => { if (!buttons.hidden) show() }, { capture: true, passive: true })
buttons.addEventListener("pointerdown", event => event.preventDefault())  // keeps the selection
