// A title, where it stands, becomes a field: Enter keeps what is written, Esc leaves it as it was.

import { refreshConversations } from "./side.js"
import { path, say, send } from "./roads.js"
import { gettext } from "./speech.js"

export function rename(shown, conversation) {
  if (shown.hidden) return
  const field = document.createElement("input")
  const before = shown.title || shown.textContent
  Object.assign(field, { className: "field renaming", value: before, maxLength: 200 })
  field.setAttribute("aria-label", gettext("Title"))
  shown.hidden = true
  shown.after(field)
  field.select()
  field.focus()

  let isDone = false  // the field is left once more when it goes

  function end() {
    isDone = true
    shown.hidden = false
    field.remove()
    shown.focus()
  }

  async function keep() {
    const title = field.value
    if (isDone) return
    end()
    if (title.trim() === before) return
    try {
      const answer = await send("PATCH", path(`api/conversations/${conversation}`), { title })
      const { title: kept } = await answer.json()
      shown.textContent = kept
      if (shown.matches(".head__title")) document.title = `${kept} · LocalChat`
      refreshConversations()
      say(kept)
    } catch (error) {
      say(error.message)
    }
  }

  field.addEventListener("keydown", event => {
    event.stopPropagation()
    if (event.key === "Escape") end()
    if (event.key === "Enter" && !event.isComposing) keep()
  })
  field.addEventListener("blur", keep)
}
