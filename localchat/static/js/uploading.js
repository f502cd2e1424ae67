// Sending files, a few at a time, with what becomes of each of them.

import { listen } from "./follow.js"
import { path } from "./roads.js"
import { progress } from "./words.js"
import { gettext } from "./speech.js"

const AT_ONCE = 2
const waiting = []
let sending = 0

// Calls `changed` with {text, done, total, document, ended, failed} until the file is ready or failed.
export function upload(file, collection, changed) {
  waiting.push({ file, collection, changed })
  changed({ text: gettext("Waiting to be sent"), done: 0, total: 1 })
  next()
}

function next() {
  while (sending < AT_ONCE && waiting.length) {
    sending += 1
    send(waiting.shift()).finally(() => { sending -= 1; next() })
  }
}

function send({ file, collection, changed }) {
  const form = new FormData()
  form.append("files", file, file.webkitRelativePath || file.name)
  if (collection) form.append("collection", collection)
  const call = new XMLHttpRequest()
  call.open("POST", path("api/documents/upload"))
  call.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]').content)
  return new Promise(resolve => {
    call.upload.onprogress = ({ loaded, total }) => changed({
      text: loaded < total ? gettext("Sending, {n} %", { n: Math.floor(100 * loaded / total) }) : gettext("Sent"), done: loaded, total,
    })
    call.onprogress = () => { if (told(call, changed)) { resolve(); call.abort() } }
    call.onload = () => { if (!told(call, changed)) failed(call, changed); resolve() }
    call.onerror = () => { failed(call, changed); resolve() }
    call.send(form)
  })
}

// Once the document has a number its topic is followed, and the stream can go: leaving it ends nothing.
function told(call, changed) {
  if (call.status !== 200) return false
  for (const line of call.responseText.split("\n")) {
    if (!line.startsWith("data: ")) continue
    const frame = parsed(line.slice(6))
    const document = frame?.progress?.document ?? frame?.result?.document
    if (frame?.result && !frame.result.success) return ended(changed, frame.result.message, document)
    if (frame?.error) return ended(changed, frame.message)
    if (document) return begun(document, changed, frame.result?.message)
  }
  return false
}

// The last line may have come by half.
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function ended(changed, text, document) {
  changed({ text, document, ended: true, failed: true })
  return true
}

function begun(document, changed, message) {
  listen(`document:${document}`, event => changed({
    ...progress(event),
    ...(event.type === "done" && message ? { text: message } : {}),
    document,
    ended: event.type === "done" || event.type === "failed" || event.type === "refused",
    failed: event.type === "failed" || event.type === "refused",
  }))
  return true
}

function failed(call, changed) {
  let text = gettext("It could not be sent. Is LocalChat still running?")
  if (call.status === 413) text = gettext("The file is larger than this server accepts.")
  try {
    text = JSON.parse(call.responseText).message || text
  } catch {
    if (call.status >= 500) text = gettext("The server could not take it.")
  }
  changed({ text, ended: true, failed: true })
}

// Files dropped anywhere on the page, chosen in a form with data-upload, or pasted.
export function takeFiles(take) {
  let depth = 0
  const carries = event => event.dataTransfer?.types.includes("Files")
  const mark = () => document.body.classList.toggle("is-dropping", depth > 0)
  addEventListener("dragenter", event => { if (carries(event)) { depth += 1; mark() } })
  addEventListener("dragleave", event => { if (carries(event)) { depth -= 1; mark() } })
  addEventListener("dragover", event => { if (carries(event)) event.preventDefault() })
  addEventListener("drop", event => {
    depth = 0
    mark()
    if (!carries(event)) return
    event.preventDefault()
    take([...event.dataTransfer.files])
  })
  addEventListener("paste", event => {
    const { files, types } = event.clipboardData ?? {}
    if (!files?.length || types.includes("text/plain")) return  // text that brings its own picture
    event.preventDefault()
    take([...files].map(named))
  })
  for (const form of document.querySelectorAll("form[data-upload]")) chosen(form, take)
}

// Every picture that is pasted is called the same, and would be a new version of the last one.
function named(file) {
  if (!/^image\.\w+$/.test(file.name)) return file
  const moment = new Date().toISOString().slice(0, 23).replace("T", " ").replaceAll(":", ".")
  return new File([file], `Pasted ${moment}.${file.name.split(".").pop()}`, { type: file.type })
}

function chosen(form, take) {
  const input = form.querySelector("input[type=file]")
  input.addEventListener("change", () => {
    take([...input.files])
    input.value = ""
  })
}
