// A question that was asked in this conversation elsewhere appears here.

import { onAnnounce } from "./follow.js"
import { fragment, path } from "./roads.js"
import { renew } from "./turns.js"

const WAIT_MS = 500

const box = document.querySelector("question-box")

onAnnounce(topic => {
  const [kind, number] = topic.split(":")
  if (kind === "answer") setTimeout(look, WAIT_MS, number)
})

// A question that this tab has just asked has no number yet.
const isAsking = () => document.querySelector("#turns chat-answer:not([id])") !== null

async function look(number) {
  if (isAsking()) return setTimeout(look, WAIT_MS, number)
  if (document.getElementById(`message-${number}`) || !box.conversation) return
  const turn = (await fragment(path(`m/${number}/`)).catch(() => null))?.querySelector(".turn")
  if (Number(turn?.dataset.conversation) === box.conversation && !isAsking()) await renew()
}
