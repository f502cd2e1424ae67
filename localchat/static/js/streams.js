// The road for places where no websocket is possible: EventSource, and plain posts.

import { path, Refused, request, send } from "./roads.js"
import { asBody } from "./wish.js"
import { gettext } from "./speech.js"

const ENDS = new Set(["done", "failed"])
const url = topic => path(`api/streams/${topic}`)

// Delivers the topic's events; has `close`. Comes back by itself after a loss.
export function follow(topic, after, deliver) {
  let source
  let timer = 0
  const hear = ({ data, lastEventId }) => {
    const event = JSON.parse(data)
    after = lastEventId || after
    if (ENDS.has(event.type)) source.close()
    deliver({ topic, ...event })
  }
  const open = () => {
    source = new EventSource(`${url(topic)}?after=${encodeURIComponent(after)}`)
    source.onmessage = hear
    source.onerror = () => {
      source.close()
      timer = setTimeout(open, 1000 + 2000 * Math.random())
    }
  }
  open()
  return { close() { clearTimeout(timer); source.close() } }
}

export async function ask(wish) {
  const response = await send("POST", path("api/chat"), asBody(wish))
  const topic = response.headers.get("X-Topic")
  // Leaving this stream ends nothing; the topic is followed instead.
  response.body?.cancel()
  if (!topic) throw new Refused(gettext("The question could not be asked."))
  return {
    topic,
    message: Number(response.headers.get("X-Message")),
    conversation: Number(response.headers.get("X-Conversation")),
    beside: response.headers.get("X-Beside")?.split(" "),
  }
}

export const stop = topic => request(`${url(topic)}/stop`, { method: "POST" })
