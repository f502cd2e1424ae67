// The one socket of a page: asking, following, stopping, and coming back after it was lost.

import * as streams from "./streams.js"
import { missing, Refused, socketUrl, whyNoSocket } from "./roads.js"
import { gettext } from "./speech.js"

const LONGEST_PAUSE = 15_000
const TRIES_BEFORE_STREAMS = 2
const NO_PLACE = 4429  // as many sockets are open as one person may have
const ENDS = new Set(["done", "failed"])

const followed = new Map()  // topic -> {after, as, listeners}
const asked = new Map()  // ref -> {wish, resolve, reject}
const announced = new Set()
const watchers = new Set()

let socket = null
let opened = false  // the server has spoken to us by socket at least once
let tries = 0
let timer = 0
let byStreams = false
let told = ""

const isOpen = () => socket?.readyState === WebSocket.OPEN

function connect() {
  if (socket || byStreams) return
  clearTimeout(timer)
  socket = new WebSocket(socketUrl())
  socket.onopen = greet
  socket.onmessage = ({ data }) => hear(JSON.parse(data))
  socket.onclose = lost
}

function greet() {
  opened = true
  tries = 0
  tell("")
  for (const topic of followed.keys()) sendFollow(topic)
  for (const { wish } of asked.values()) sendAsk(wish)
}

function lost({ code }) {
  socket = null
  tries += 1
  if (code === NO_PLACE) return useStreams()
  if (!opened && tries >= TRIES_BEFORE_STREAMS) return useStreams()
  if (opened) tell(gettext("The connection was lost. Trying again; nothing is lost with it."))
  const pause = Math.min(LONGEST_PAUSE, 300 * 2 ** tries)
  timer = setTimeout(connect, pause * (0.5 + Math.random() / 2))
}

function useStreams() {
  byStreams = true
  tell(gettext("No live connection is possible here, so text comes by a plainer road."))
  whyNoSocket().then(reason => { if (reason) tell(reason) })
  for (const [topic, entry] of followed) entry.source = streams.follow(topic, entry.after, deliver)
  for (const { wish } of asked.values()) askByStream(wish)
}

function hear(event) {
  if (event.type === "announce") return announced.forEach(listener => listener(event.topic))
  if (event.ref && asked.has(event.ref)) return answerAsked(event)
  if (event.topic) deliver(event)
}

function answerAsked(event) {
  const { resolve, reject } = asked.get(event.ref)
  asked.delete(event.ref)
  if (event.type === "asked") return resolve(event)
  if (event.error === "not_found") missing()
  reject(new Refused(event.message))
}

function deliver(event) {
  const entry = followed.get(event.topic)
  if (!entry) return
  if (event.id) entry.after = event.id
  if (ENDS.has(event.type) || event.type === "refused") forget(event.topic)
  for (const listener of entry.listeners) listener(event)
}

function forget(topic) {
  followed.get(topic)?.source?.close()
  followed.delete(topic)
}

function sendFollow(topic) {
  const { after, as } = followed.get(topic)
  // Blocks are rendered from the whole text, so they are asked for from the start.
  const cursor = as === "blocks" ? {} : { after }
  socket.send(JSON.stringify({ type: "follow", topic, as, ...cursor }))
}

function tell(text) {
  if (text === told) return
  told = text
  watchers.forEach(watcher => watcher(text))
}

function sendAsk(wish) {
  socket.send(JSON.stringify({ type: "ask", as: "blocks", ...wish }))
}

function askByStream(wish) {
  const { resolve, reject } = asked.get(wish.ref)
  asked.delete(wish.ref)
  streams.ask(wish).then(resolve, reject)
}

// Calls the listener with every event until the end; the result ends it sooner.
export function listen(topic, listener, { after = "", as = "text", sent = false } = {}) {
  connect()
  const entry = followed.get(topic) ?? { after, as, listeners: new Set() }
  const isNew = !followed.has(topic)
  followed.set(topic, entry)
  entry.listeners.add(listener)
  if (isNew && byStreams) entry.source = streams.follow(topic, after, deliver)
  else if (isNew && isOpen() && !sent) sendFollow(topic)
  return () => {
    entry.listeners.delete(listener)
    if (entry.listeners.size || followed.get(topic) !== entry) return
    forget(topic)
    if (isOpen()) socket.send(JSON.stringify({ type: "unfollow", topic }))
  }
}

// The events of a topic, to its end.
export async function* follow(topic, options) {
  const events = []
  let wake
  const end = listen(topic, event => { events.push(event); wake?.() }, options)
  try {
    for (;;) {
      if (!events.length) await new Promise(resolve => { wake = resolve })
      const event = events.shift()
      yield event
      if (ENDS.has(event.type) || event.type === "refused") return
    }
  } finally {
    end()
  }
}

// Resolves to {conversation, message, topic}. The same question is sent again after a
// reconnect; its ref keeps it one question.
export function ask(wished) {
  connect()
  const wish = { ref: newRef(), ...wished }
  return new Promise((resolve, reject) => {
    asked.set(wish.ref, { wish, resolve, reject })
    if (byStreams) askByStream(wish)
    else if (isOpen()) sendAsk(wish)
  })
}

export const newRef = () => crypto.randomUUID?.() ?? uuid()

// crypto.randomUUID is missing where the page did not come by https or from this machine.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = bytes[6] & 15 | 64
  bytes[8] = bytes[8] & 63 | 128
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
}

export function stop(topic) {
  if (isOpen()) socket.send(JSON.stringify({ type: "stop", topic }))
  else streams.stop(topic)
}

export function onAnnounce(listener) {
  connect()
  announced.add(listener)
}

// Calls the watcher with a sentence about the connection, or "" when all is well.
export function onLine(watcher) {
  watchers.add(watcher)
}

// A socket may stay open for long without anything behind it.
addEventListener("offline", () => tell(gettext("This browser is offline. What you ask is sent when it is back.")))
addEventListener("online", () => {
  if (isOpen()) tell("")
  connect()
})
addEventListener("pageshow", ({ persisted }) => { if (persisted) connect() })
