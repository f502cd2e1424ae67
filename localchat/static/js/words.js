// What is happening, in words.

export const count = number => number.toLocaleString("en")

export function place(n) {
  const ending = n % 100 > 10 && n % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][n % 10] ?? "th"
  return n + ending
}

export function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

export function time(seconds) {
  if (seconds < 60) return `about ${Math.max(1, Math.round(seconds))} s left`
  return seconds < 5400 ? `about ${Math.round(seconds / 60)} min left` : `about ${Math.round(seconds / 3600)} h left`
}

// A document's event as {text, done, total}.
export function progress({ type, stage, done = 0, total = 0, place: ahead, message }) {
  if (type === "failed" || type === "refused") return { text: message }
  if (type === "done") return { text: "Ready" }
  if (type === "restart") return { text: "Starting again", done: 0, total: 0 }
  const of = total ? ` ${count(done)} of ${count(total)}` : ""
  const texts = {
    queued: ahead ? `${place(ahead)} in line` : "Waiting its turn",
    waiting: "Waiting for the engine",
    reading: total ? `Reading page${of}` : "Reading",
    chunking: "Finding its passages",
    embedding: `Indexing passages${of}`,
  }
  return { text: texts[stage] ?? stage, done, total }
}

// What happens before a model says its first word.
export const waiting = place => `Waiting for the engine${place > 1 ? `: ${place - 1} before you` : ""}`

export const loading = (tokens, seconds, elapsed = 0) => seconds === undefined
  ? `Loading the model, then reading ${count(tokens)} tokens${since(elapsed)}`
  : `Loading the model, ${time(seconds)}`

export function reading(tokens, seconds, elapsed = 0) {
  if (seconds === undefined) return `Reading ${count(tokens)} tokens${since(elapsed)}`
  const still = seconds < 2 ? ", any moment now" : `, ${time(seconds)}`
  return `Reading ${count(tokens)} tokens${still}`
}

export const partRead = (done, total) => `Reading ${count(done)} of ${count(total)} tokens`

export const thinking = seconds => seconds < 1 ? "Thinking" : `Thinking, ${Math.round(seconds)} s`

// How long a phase has lasted, where that is worth a word.
export const since = milliseconds => milliseconds < 3000 ? "" : `, for ${Math.round(milliseconds / 1000)} s`
