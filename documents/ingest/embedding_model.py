"""The index in use: which embedding model it belongs to, and vectors from that model."""

import logging
from collections.abc import Callable, Sequence
from functools import cache, partial

from django.db import IntegrityError, transaction
from django.db.models.expressions import RawSQL

from documents.ingest import chunking
from documents.ingest.embedding_pace import Pace
from documents.models import Index
from localchat.lib.errors import EngineError, ModelMissing
from localchat.lib.sentences import Sentence
from models_mgmt import choosing, embedders, engines
from models_mgmt.builtin import tokens, weights
from models_mgmt.engines import embedding_families

_IS_READ_INTO = """
EXISTS (SELECT FROM documents_content WHERE indexed_id = documents_index.id)
OR EXISTS (SELECT FROM documents_chunk)"""
PACE = Pace()
logger = logging.getLogger(__name__)


class ModelChanged(ModelMissing):
    """The embedding model has changed since the documents were read."""

    status, code = 409, "embedding_model_changed"


class OtherModel(EngineError):
    """The embedding model has changed since the documents were read. Install the former one."""

    status, code = 409, "other_embedding_model"


def index_in_use() -> Index:
    """The index that documents are read into; chosen at the first ingest and then kept."""
    index = Index.objects.filter(in_use=True).annotate(read=RawSQL(_IS_READ_INTO, [])).first()
    if index and (index.read or index.chosen):
        return index
    return _choose()


def _choose() -> Index:
    """While nothing has been read the choice is still open."""
    wanted = choosing.embedding_model()
    model = {"engine": wanted.engine, "name": wanted.name, "digest": wanted.digest}
    facts = {"dimensions": wanted.dimensions, "window": wanted.window}
    try:
        with transaction.atomic():
            unread = Index.objects.filter(in_use=True, contents=None)
            # Of that model it stays: another document may be about to be read into it.
            unread.exclude(**model).delete()
            return Index.objects.get_or_create(in_use=True, **model, defaults=facts)[0]
    except IntegrityError:  # another process has just chosen
        return Index.objects.get(in_use=True)


def can_embed(index: Index) -> bool:
    """False where vectors are impossible for now and documents are found by words alone.

    Raises EngineUnreachable when the engine that should make them does not answer, ModelChanged.
    """
    engine = engines.named(index.engine)
    if not engine.configured():
        return False
    if not PACE.just_seen():
        engines.wake(index.engine, index.name)
    check_unchanged(index)
    return True


def check_unchanged(index: Index) -> None:
    """Raises ModelChanged where the name means another model by now: its vectors would not fit."""
    if embedders.has_changed(index.engine, index.name, index.digest):
        raise ModelChanged(
            Sentence(
                "The model %(name)s has changed since the documents were read. Run: python manage.py"
                " reembed %(name)s",
                name=index.name,
            )
        )


def embed(index: Index, texts: Sequence[str]) -> list[list[float]]:
    """One vector for each text. Raises EngineError, ModelChanged, OtherModel by its dimensions."""
    check_unchanged(index)
    mark = embedding_families.of(index.name).passage
    marked = [mark + text for text in texts]
    # Behind an engine that chats too, a second batch would be one more that a question waits for.
    lane = index.engine if engines.chats(index.engine) else ""
    vectors = PACE.embedded(partial(engines.named(index.engine).embed, index.name), marked, lane)
    found = {len(vector) for vector in vectors}
    if not index.dimensions and len(found) == 1:
        index.dimensions = found.pop()
        Index.objects.filter(pk=index.pk, dimensions=0).update(dimensions=index.dimensions)
    elif found - {index.dimensions}:
        raise OtherModel
    return vectors


@cache
def counter() -> Callable[[str], int]:
    """Counts tokens: by the built-in model's tokenizer where it is there, else by an estimate."""
    return tokens.count if weights.present() else chunking.approximate
