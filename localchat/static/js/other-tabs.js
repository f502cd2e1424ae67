// A question that was asked in this conversation elsewhere appears here.

import { onAnnounce } from "./follow.js"
import { fragment, path } from "./roads.js"
import { renew } from "./turns.js"

const OWN_MS = 1_000 // after which a question of this tab has its number

const box = document.querySelector("question-box")

onAnnounce(topic => {
  const [kind, number] = topic.split(":")
  if (kind === "answer") setTimeout(look, OWN_MS, number)
})

async function look(number) {
  if (document.getElementById(`message-${number}`) || !box.conversation) return
  const turn = (await fragment(path(`m/${number}/`)).catch(() => null))?.querySelector(".turn")
  if (Number(turn?.dataset.conversation) === box.conversation) await renew()
}
