// The files of this page above the question box, each with what is being done with it.

import { takeFiles, upload } from "./uploading.js"

const SHOWN_AFTER = 6000
const tray = document.querySelector("#tray")
const collection = document.querySelector("question-box [name=collection]")

function line(file) {
  const item = document.createElement("li")
  const name = document.createElement("span")
  const state = document.createElement("span")
  const bar = document.createElement("progress")
  item.className = "tray__item"
  name.className = "tray__name"
  state.className = "tray__state"
  name.textContent = file.name
  item.append(name, state, bar)
  tray.append(item)
  tray.hidden = false
  return ({ text, done, total, ended, failed }) => {
    state.textContent = text
    item.classList.toggle("is-bad", Boolean(failed))
    bar.hidden = Boolean(ended)
    if (total) Object.assign(bar, { value: done, max: total })
    else bar.removeAttribute("value")
    if (ended && !failed) setTimeout(() => leave(item), SHOWN_AFTER)
  }
}

function leave(item) {
  item.remove()
  tray.hidden = !tray.children.length
}

takeFiles(files => {
  for (const file of files) upload(file, collection?.value, line(file))
})
