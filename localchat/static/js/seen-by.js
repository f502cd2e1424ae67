// Who else sees what is dropped into the collection that is named beside the files.

const told = document.getElementById("seen-by")
const field = document.querySelector("#upload [name=collection]")

if (told && field) {
  const sentences = JSON.parse(told.dataset.names)
  const folded = new Map(Object.entries(sentences).map(([name, said]) => [name.toLowerCase(), said]))
  const tell = () => {
    const said = folded.get((field.value.trim() || field.placeholder).toLowerCase())
    told.textContent = said ?? ""
    told.hidden = !said
  }
  field.addEventListener("input", tell)
  tell()
}
