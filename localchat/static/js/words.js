// What is happening, in words.

import { count, gettext, locale, ngettext } from "./speech.js"

export function place(n) {
  if (!locale.startsWith("en")) return `${n}.`
  const ending = n % 100 > 10 && n % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][n % 10] ?? "th"
  return n + ending
}

export const inLine = n => gettext("{place} in line", { place: place(n) })

export function size(bytes) {
  const [value, unit] = bytes < 1e6 ? [Math.max(1, Math.round(bytes / 1e3)), "kB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"]
  const maximumFractionDigits = unit === "kB" || (unit === "MB" && bytes >= 1e7) ? 0 : 1
  return `${value.toLocaleString(locale, { minimumFractionDigits: maximumFractionDigits, maximumFractionDigits })} ${unit}`
}

export function time(seconds) {
  if (seconds < 60) return gettext("about {n} s left", { n: Math.max(1, Math.round(seconds)) })
  return seconds < 5400
    ? gettext("about {n} min left", { n: Math.round(seconds / 60) })
    : gettext("about {n} h left", { n: Math.round(seconds / 3600) })
}

// A document's event as {text, done, total}.
export function progress({ type, stage, done = 0, total = 0, place: ahead, message }) {
  if (type === "failed" || type === "refused") return { text: message }
  if (type === "done") return { text: gettext("Ready") }
  if (type === "restart") return { text: gettext("Starting again"), done: 0, total: 0 }
  const of = { done: count(done), total: count(total) }
  const texts = {
    queued: () => ahead ? inLine(ahead) : gettext("Waiting its turn"),
    waiting: () => gettext("Waiting for the engine"),
    reading: () => total ? gettext("Reading page {done} of {total}", of) : gettext("Reading"),
    chunking: () => gettext("Finding its passages"),
    embedding: () => total ? gettext("Indexing passages {done} of {total}", of) : gettext("Indexing passages"),
  }
  return { text: texts[stage]?.() ?? stage, done, total }
}

// What happens before a model says its first word.
// What is true at each moment from now on.
export function waiting(n, seconds) {
  const text = gettext("Waiting for the engine: you are {place} in line", { place: place(n) })
  const end = Date.now() + seconds * 1000
  return () => seconds === undefined ? text : `${text}, ${time(Math.max(0, end - Date.now()) / 1000)}`
}

export const loading = (tokens, seconds, elapsed = 0) => seconds === undefined
  ? gettext("Loading the model, then reading {n} tokens", { n: count(tokens) }) + since(elapsed)
  : gettext("Loading the model, {left}", { left: time(seconds) })

export function reading(tokens, seconds, elapsed = 0) {
  const n = count(tokens)
  if (seconds === undefined) return gettext("Reading {n} tokens", { n }) + since(elapsed)
  if (seconds < 2) return gettext("Reading {n} tokens, any moment now", { n })
  return gettext("Reading {n} tokens, {left}", { n, left: time(seconds) })
}

export const found = (passages, documents) => gettext("Reading {passages} of {documents}", {
  passages: ngettext("{n} passage", "{n} passages", passages),
  documents: ngettext("{n} document", "{n} documents", documents),
})

export const thinking = seconds => seconds < 1
  ? gettext("Thinking")
  : gettext("Thinking, {n} s", { n: Math.round(seconds) })

export const partRead = (done, total) => gettext("Reading {n} of {all} tokens", { n: count(done), all: count(total) })

export const silent = seconds => gettext("Writing: nothing new for {n} s", { n: Math.round(seconds) })

// How long a phase has lasted, where that is worth a word.
export const since = milliseconds => milliseconds < 3000
  ? ""
  : gettext(", for {n} s", { n: Math.round(milliseconds / 1000) })
