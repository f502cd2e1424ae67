"""The roads of other programs' protocols, as roads.py has the others."""

ROADS: dict[str, dict[str, str]] = {
    "v1/": {},
    "v1/openapi.json": {},
    "v1/chat/completions": {},
    "v1/messages": {},
    "v1/messages/count_tokens": {},
    "v1/models": {},
    "v1/models/<path:model>": {"model": "model"},
    "v1/embeddings": {},
    "v1/files": {},
    "v1/files/<file_id>": {"file_id": "file"},
    "v1/files/<file_id>/content": {"file_id": "file"},
    "ollama/api/": {},
    "ollama/api/tags": {},
    "ollama/api/version": {},
    "ollama/api/show": {},
    "ollama/api/chat": {},
    "ollama/api/generate": {},
    "ollama/api/embed": {},
}

ASKED = [{"role": "user", "content": "more"}]
BODIES = [
    ("POST", "/v1/chat/completions", {"model": "+{collection_name}", "messages": ASKED}),
    ("POST", "/v1/messages", {"model": "+{collection_name}", "messages": ASKED}),
    ("POST", "/ollama/api/chat", {"model": "+{collection_name}", "messages": ASKED}),
]
