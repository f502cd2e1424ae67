"""What the sweeper looks for: documents whose work broke off, or never began, and the index."""

from documents import tasks
from documents.finding import candidates
from documents.ingest import term_counts
from documents.models import Chunk, Content, Document, Index, Reembedding
from localchat.lib import celery_queues

AT_ONCE = 50


def sweep() -> None:
    """Put on the belt what should be on it. Claims make a second time harmless."""
    for pk in Document.objects.stale().values_list("pk", flat=True)[:AT_ONCE]:
        tasks.ingest.delay(pk)
    for pk in Reembedding.objects.claimable().values_list("pk", flat=True):
        tasks.reembed.delay(pk)
    term_counts.sweep()
    if celery_queues.length("documents") == 0:
        queued = Document.objects.filter(status=Document.Status.QUEUED).order_by("heartbeat")
        for pk in queued.values_list("pk", flat=True)[:AT_ONCE]:
            tasks.ingest.delay(pk)
        for pk in Document.objects.packed().values_list("pk", flat=True)[:AT_ONCE]:
            tasks.unpack_later(pk)
        _sweep_vectors()


def _sweep_vectors() -> None:
    index = Index.objects.current()
    if index and Chunk.objects.without_vector(index).exists():
        tasks.embed_missing.delay()
    if Content.objects.filter(relabelled=True).exists():
        tasks.embed_relabelled.delay()
    if index and candidates.wants_vector_index(index):
        tasks.build_vector_index.delay()
