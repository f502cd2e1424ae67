// GGUF files that are dropped in or chosen: sent in pieces, each shown in a row until it is a model.

import { path, Refused, request } from "./roads.js"
import { gettext } from "./speech.js"
import { takeFiles } from "./uploading.js"
import { size } from "./words.js"

const PIECE = 4_000_000

async function asked(method, file, start, body) {
  const query = new URLSearchParams({ name: file.name, start, total: file.size })
  const headers = { "Content-Type": "application/octet-stream" }
  return (await request(`${path("api/models/files")}?${query}`, { method, body, headers })).json()
}

class Row {
  constructor(list, file) {
    this.element = list.ownerDocument.querySelector("#model-file").content.firstElementChild.cloneNode(true)
    this.element.querySelector("b").textContent = file.name
    this.button = this.element.querySelector("button")
    this.button.addEventListener("click", () => { this.left = true })
    list.prepend(this.element)
  }

  show(done, total) {
    this.say(gettext("{done} of {total}", { done: size(done), total: size(total) }))
    Object.assign(this.element.querySelector("progress"), { value: done, max: total })
  }

  say(text) {
    this.element.querySelector("[data-state]").textContent = text
  }

  end(text, { bad = false } = {}) {
    this.say(text)
    this.element.classList.toggle("is-bad", bad)
    this.element.querySelector("progress").remove()
    this.button.remove()
  }
}

async function send(list, file) {
  const row = new Row(list, file)
  try {
    for (let done = 0, model = ""; !model;) {
      if (row.left) {
        await asked("DELETE", file, 0)
        return row.end(gettext("Stopped."))
      }
      row.show(done, file.size);
      ({ done, model } = await asked("POST", file, done, file.slice(done, done + PIECE)))
    }
    row.end(gettext("Installed."))
    row.element.dispatchEvent(new CustomEvent("pulled", { bubbles: true }))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    row.end(error.message, { bad: true })
  }
}

export function takeModels(list) {
  let before = Promise.resolve()
  takeFiles(files => {
    for (const file of files) before = before.then(() => send(list, file))
  })
}
