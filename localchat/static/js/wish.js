// What is asked: as the form of a page has it, and as each road to the server has it.

const numbers = (form, name) => form.getAll(name).flatMap(text => text.split(" ")).filter(Boolean).map(Number)

// By the names of the websocket. What is empty is said to be ours; what is not there is not said.
export const read = (form, conversation) => ({
  question: form.get("question").trim(),
  conversation,
  use_documents: form.has("use_documents"),
  whole: form.has("whole") || undefined,
  patient: form.has("patient") || undefined,
  think: form.has("think") || undefined,
  once: form.has("once") || undefined,
  wait_for: form.get("wait_for")?.split(" ").filter(Boolean).map(Number),
  temporary: form.has("temporary") || undefined,
  collection: form.get("collection") || undefined,
  documents: form.has("documents") ? numbers(form, "documents") : undefined,
  collections: form.has("collections") ? numbers(form, "collections") : undefined,
  assistant: Number(form.get("assistant")) || undefined,
  model: form.get("model") || undefined,
  beside: form.has("beside") ? form.getAll("beside") : undefined,
  instructions: form.get("instructions") ?? undefined,
  temperature: form.get("temperature") ?? undefined,
  window: form.get("window") ?? undefined,
  length: form.get("length") ?? undefined,
  without_notes: form.has("notes_asked") ? form.has("without_notes") : undefined,
})

// By the names of POST /api/chat. What they have in common needs no line here.
export const asBody = ({ question, conversation, use_documents, ...rest }) => ({
  ...rest, message: question, conversation_id: conversation, use_rag: use_documents,
})
