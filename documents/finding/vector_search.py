"""The half of a search that goes by vectors, in threads beside the one that goes by words."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from documents.finding import candidates
from documents.finding.candidates import Half
from documents.finding.scope import Scope
from documents.models import Index
from localchat.lib import engine_priority
from localchat.lib.db_snapshot import exported_moment, one_moment
from localchat.lib.db_threads import keep_own_connection, refresh
from localchat.lib.errors import EngineError
from localchat.lib.sentences import Sentence
from models_mgmt import embedders, engines
from models_mgmt.engines import embedding_families

EMBED_SECONDS = 10.0

_asking = ThreadPoolExecutor(8, thread_name_prefix="vector")
_looking = ThreadPoolExecutor(8, thread_name_prefix="nearest", initializer=keep_own_connection)

Vector = list[float]


class Near(NamedTuple):
    vector: Vector | None  # of the question
    half: Half | None  # None where it has not been looked for yet
    note: str = ""  # why there is no vector


class Nearest:
    """What is nearest to a question. Its vector is asked for at once, before there is a scope."""

    def __init__(self, index: Index, query: str) -> None:
        self.index = index
        self.vector: Future[Vector] = _asking.submit(_embedded, index, query)
        self.half: Future[Half] | None = None

    def look(self, scope: Scope) -> None:
        """By a connection of its own, at this transaction's moment."""
        self.half = _looking.submit(_found, scope, self.vector, exported_moment())

    def found(self) -> Near:
        """In time, or with a note that says why not."""
        try:
            vector = self.vector.result(EMBED_SECONDS)
            half = self.half.result(EMBED_SECONDS) if self.half else None
            return Near(vector, half)
        except TimeoutError:
            why: str = Sentence("the embedding model takes too long to answer.")
        except EngineError as error:
            why = error.message
        return Near(None, None, Sentence("Searched by words alone: %(why)s", why=why))


def _embedded(index: Index, query: str) -> Vector:
    if embedders.has_changed(index.engine, index.name, index.digest):
        raise EngineError(
            Sentence(
                "%(name)s has changed since the documents were read. Run: python manage.py reembed"
                " %(name)s",
                name=index.name,
            )
        )
    with engine_priority.first():
        marked = embedding_families.of(index.name).question + query
        vector = engines.named(index.engine).embed(index.name, [marked])[0]
    if len(vector) != index.dimensions:
        raise EngineError(Sentence("the documents were read with another model."))
    return vector


def _found(scope: Scope, vector: Future[Vector], moment: str) -> Half:
    asked = vector.result(EMBED_SECONDS)  # or an engine that hangs would hang up all searches
    refresh()
    with one_moment(moment):
        return candidates.by_vector(scope, asked)
