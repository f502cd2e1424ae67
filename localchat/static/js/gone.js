// A conversation that was deleted elsewhere: that is said once, and what is typed goes along into a
// new one.

import { path, say } from "./roads.js"

const KEPT = ["draft:", "attached:", "pictures:", "next:"]  // of this tab
const box = document.querySelector("question-box")
const line = document.querySelector("#gone")
let isLooking = false

async function look() {
  if (!box.conversation || isLooking) return
  isLooking = true
  const found = await fetch(path(`c/${box.conversation}/scope/`), { headers: { "X-Fragment": "1" } }).catch(() => null)
  isLooking = false
  if (found?.status === 404) tell()
  else if (found?.ok) line.hidden = true  // it was taken back
}

function tell() {
  box.warn("")
  if (!line.hidden) return
  line.hidden = false
  say(line.textContent)
}

line.querySelector("a").addEventListener("click", () => {
  for (const kind of KEPT) {
    const kept = sessionStorage.getItem(kind + box.conversation)
    if (kept) sessionStorage.setItem(`${kind}new`, kept)
    sessionStorage.removeItem(kind + box.conversation)
  }
})

document.addEventListener("missing", look)
document.addEventListener("visibilitychange", () => { if (!document.hidden) look() })
