"""The front desk for another embedding model: who may ask for it, and the rows for it."""

import logging

from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from documents import tasks
from documents.ingest import embedding_model
from documents.models import Content, Index, Reembedding
from localchat.lib import events
from localchat.lib.errors import BadRequest
from localchat.lib.heartbeat import Stopped
from localchat.lib.sentences import Sentence
from models_mgmt import embedders, requesting
from models_mgmt.choosing import Embedder

logger = logging.getLogger(__name__)


def request(user: User, name: str, *, switch: bool = False) -> Reembedding:
    """Write the row and start it: vectors by that model, beside those in use.

    What was begun with the same model goes on from there; what is complete, or kept since an
    earlier switch, is made up to date. `switch`: into use as soon as it is complete.
    Raises NotAllowed, ModelMissing, EngineUnreachable, BadRequest.
    """
    job = enter(user, name, switch=switch)
    transaction.on_commit(lambda: start(job))
    return job


@transaction.atomic
def enter(user: User, name: str, *, switch: bool = False) -> Reembedding:
    """The row alone, not started yet."""
    requesting.check_may_manage(user)
    wanted = embedders.named(name.strip())
    current = embedding_model.index_in_use()
    if _is(current, wanted):
        raise BadRequest(Sentence("%(name)s is what finds the passages already.", name=wanted.name))
    index, fresh = _beside(current, wanted)
    job, made = Reembedding.objects.get_or_create(
        index=index, defaults={"owner": user, "switch": switch, "cleared": not fresh}
    )
    if not made:
        again = {"status": Reembedding.Status.QUEUED, "problem": "", "error": ""}
        ended = Reembedding.objects.filter(pk=job.pk).exclude(status__in=Reembedding.WORKING)
        ended.update(**again, stopping=False, finished=None, comparison={})
        Reembedding.objects.filter(pk=job.pk).update(switch=switch, owner=user)
        job.refresh_from_db()
    return job


def _is(index: Index, wanted: Embedder) -> bool:
    known = (index.engine, index.name, index.digest)
    return known == (wanted.engine, wanted.name, wanted.digest)


def _beside(current: Index, wanted: Embedder) -> tuple[Index, bool]:
    """The other index, and whether it is new: its column may hold another model's vectors."""
    other = Index.objects.select_for_update().filter(in_use=False).first()
    if other and _is(other, wanted):
        return other, False
    if other:
        Content.objects.filter(indexed=other).update(indexed=current)
        other.delete()
    columns = [each for each in Index.Column if each != current.column]
    made = {"in_use": False, "chosen": True, "column": columns[0]}
    return Index.objects.create(**wanted._asdict(), **made), True


def start(job: Reembedding) -> None:
    async_to_sync(events.announce)(job.owner_id, job.topic)
    try:
        tasks.reembed.delay(job.pk)
    except OperationalError:
        logger.warning("reembedding %d is left to the sweeper: no broker", job.pk)


def stop(job: Reembedding) -> None:
    """What nobody works on ends at once; a worker ends after its batch. The vectors are kept."""
    idle = Reembedding.objects.filter(pk=job.pk, status=Reembedding.Status.READY)
    idle = idle | Reembedding.objects.claimable().filter(pk=job.pk)
    ended = {"error": Stopped.code, "problem": Stopped().message, "finished": Now()}
    ended |= {"status": Reembedding.Status.STOPPED, "attempt": F("attempt") + 1}
    if idle.update(**ended):
        job.refresh_from_db()
        log = events.Log(job.topic, job.attempt)
        log.publish("failed", error=job.error, message=job.problem)
    elif Reembedding.objects.unfinished().filter(pk=job.pk).update(stopping=True):
        events.hint(stop=job.topic)
