"""Models and vectors, as the protocols tell of them."""

import base64
import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.http import HttpRequest

from chat.question_parsing import storable
from localchat.lib.errors import BadRequest, ModelMissing
from localchat.lib.sentences import Sentence
from localchat.web.protocols import asked
from models_mgmt import choosing, engines
from models_mgmt.engines import Model

MOST_TEXTS = 2048
LONGEST_TEXT = 100_000  # characters


class Vectors(NamedTuple):
    model: str
    vectors: list[Sequence[float]]
    tokens: int  # about: four characters are one


def embed(name: str, texts: Sequence[str]) -> Vectors:
    """Raises BadRequest, ModelMissing, EngineUnreachable. Without a name the one of a new index."""
    if not texts or len(texts) > MOST_TEXTS or any(len(each) > LONGEST_TEXT for each in texts):
        raise BadRequest(
            Sentence(
                "From 1 to %(most)s texts, of up to %(longest)s characters each.",
                most=MOST_TEXTS,
                longest=LONGEST_TEXT,
            )
        )
    model = choosing.installed_model(name or choosing.embedding_model().name)
    if "embedding" not in model.capabilities:
        raise BadRequest(Sentence("%(name)s does not embed.", name=model.name))
    vectors = engines.named(model.engine).embed(model.name, [storable(each) for each in texts])
    return Vectors(model.name, list(vectors), sum(len(each) // 4 + 1 for each in texts))


def as_base64(vector: Sequence[float]) -> str:
    """Four bytes a number, the lowest first."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def models(user: User) -> list[dict[str, Any]]:
    """As OpenAI lists them."""
    _, *with_documents = asked.names(user, "")  # of the model that answers in the chat
    rows = [{**_ROW, "id": name} for name in with_documents]
    for each in choosing.installed().models:
        listed = asked.names(user, each.name) if choosing.can_chat(each) else [each.name]
        rows += [_row(name, each) for name in listed]
    return rows


def model(user: User, name: str) -> dict[str, Any]:
    """Raises ModelMissing."""
    wanted = name.strip().lower()
    for row in models(user):
        if row["id"].lower() == wanted:
            return row
    raise ModelMissing


def is_for_anthropic(request: HttpRequest) -> bool:
    """Its clients ask for models by OpenAI's road, and say of which protocol they are."""
    return "anthropic-version" in request.headers


def as_anthropic_page(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """All of them: no further page follows."""
    ids = [row["id"] for row in rows] or [None]
    data = [as_anthropic(row) for row in rows]
    return {"data": data, "has_more": False, "first_id": ids[0], "last_id": ids[-1]}


def as_anthropic(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "type": "model",
        "display_name": row["id"],
        "created_at": datetime.fromtimestamp(row["created"], UTC).isoformat(),
        "lifecycle": "active",
    }


_ROW = {"id": "", "object": "model", "created": 0, "owned_by": "localchat"}


def _row(name: str, model: Model) -> dict[str, Any]:
    return {**_ROW, "id": name, "created": _created(model), "owned_by": model.engine}


def _created(model: Model) -> int:
    try:
        return int(datetime.fromisoformat(model.modified).timestamp())
    except ValueError:
        return 0
