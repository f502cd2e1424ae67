"""Documents, what they contain, and the passages that can be found in them."""

from documents.models.cached_vectors import CachedVector
from documents.models.evaluation_run import EvaluationRun
from documents.models.fingerprints import Sketch
from documents.models.index import Index
from documents.models.library import (
    Chunk,
    Collection,
    Content,
    Document,
    Version,
    in_context,
)
from documents.models.local_files import LocalFile
from documents.models.reembedding import Reembedding
from documents.models.rights import Grant, Right, Role
from documents.models.sheets import Sheet
from documents.models.terms import Term

__all__ = [
    "CachedVector",
    "Chunk",
    "Collection",
    "Content",
    "Document",
    "EvaluationRun",
    "Grant",
    "Index",
    "LocalFile",
    "Reembedding",
    "Right",
    "Role",
    "Sheet",
    "Sketch",
    "Term",
    "Version",
    "in_context",
]
