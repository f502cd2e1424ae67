// What is asked: as the form of a page has it, and as each road to the server has it.

// By the names of the websocket.
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
  documents: form.get("documents")?.split(" ").filter(Boolean).map(Number),
})

// By the names of POST /api/chat. What they have in common needs no line here.
export const asBody = ({ question, conversation, use_documents, ...rest }) => ({
  ...rest, message: question, conversation_id: conversation, use_rag: use_documents,
})
