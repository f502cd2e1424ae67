// Where things are on this server, and how to speak to it.

import { gettext, localise } from "./speech.js"

const meta = name => document.querySelector(`meta[name="${name}"]`).content

export const root = meta("root")

export const path = rest => root + rest

export const socketUrl = () => {
  const url = new URL(path("ws/"), location.href)
  url.protocol = url.protocol.replace("http", "ws")
  return url
}

// What the server says when it is asked for the socket without one: which setting a proxy lacks.
// Where one person works alone there is none.
export async function whyNoSocket() {
  if (meta("proxied") !== "yes") return ""
  const response = await fetch(path("ws/"), { headers: { Accept: "application/json" } }).catch(() => null)
  const said = response?.status === 426 ? await response.json().catch(() => ({})) : {}
  return said.message
}

export class Refused extends Error {}

// Tells the page that the server does not know what was asked for.
export const missing = () => document.dispatchEvent(new Event("missing"))

// Resolves to the response, or rejects with the server's own sentence.
export async function request(url, options = {}) {
  const headers = { "X-CSRFToken": meta("csrf-token"), "X-Fragment": "1", ...options.headers }
  let response
  try {
    response = await fetch(url, { ...options, headers })
  } catch {
    throw new Refused(gettext("LocalChat does not answer. Is it still running?"))
  }
  if (response.ok || response.type === "opaqueredirect") return response
  if (response.status === 404) missing()
  const said = await response.json().catch(() => ({}))
  throw new Refused(said.message || gettext("That did not work ({status}).", { status: response.status }))
}

export const send = (method, url, body) => request(url, {
  method,
  headers: { "Content-Type": "application/json" },
  body: body && JSON.stringify(body),
})

// A form of the page, as the form itself would post it; the page stays.
export const post = (form, button = null) => request(form.action, {
  method: "POST",
  body: new URLSearchParams(new FormData(form, button)),
  redirect: "manual",
})

// The first element of a fragment that the server renders.
export async function fragment(url) {
  const html = await (await request(url)).text()
  const template = document.createElement("template")
  template.innerHTML = html
  localise(template.content)
  return template.content
}

// Tells screen readers what the page shows elsewhere.
export const say = text => { document.querySelector("#said").textContent = text }
