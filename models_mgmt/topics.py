"""Who may follow a pull, what its row shows now, and what became of pulls nobody works on."""

from django.contrib.auth.models import User

from localchat.lib import celery_queues, events, following
from localchat.lib.errors import NotFound
from localchat.lib.following import Snapshot
from models_mgmt import requesting, tasks
from models_mgmt.llamacpp import leftovers
from models_mgmt.models import Pull

LAST = 1_000_000_000  # behind every event of an attempt
AT_ONCE = 50


class PullTopics:
    lossless = False

    def snapshot(self, user: User, pk: int) -> Snapshot | None:
        pull = Pull.objects.for_user(user).filter(pk=pk).first()
        if pull is None:
            return None
        if pull.is_live:
            counts = {"done": pull.completed, "total": pull.total}
            now = {"type": "progress", "stage": pull.stage or pull.status, **counts}
            return Snapshot([now], events.before(pull.attempt), False)
        end: events.Event = {"type": "done", "status": "success"}
        if pull.status != Pull.Status.READY:
            end = {"type": "failed", "error": pull.error, "message": pull.problem}
        return Snapshot([end], f"{pull.attempt}-{LAST}", True)

    def stop(self, user: User, pk: int) -> None:
        pull = Pull.objects.for_user(user).filter(pk=pk).first()
        if pull is None:
            raise NotFound
        requesting.stop(pull)


def register() -> None:
    following.register("pull", PullTopics())


def sweep() -> None:
    """Put on the belt what should be on it, and throw away what nobody goes on with.

    Claims make a second time harmless.
    """
    for pk in Pull.objects.stale().values_list("pk", flat=True)[:AT_ONCE]:
        tasks.pull.delay(pk)
    if celery_queues.length("pulls") == 0:
        queued = Pull.objects.filter(status=Pull.Status.QUEUED).order_by("created")
        for pk in queued.values_list("pk", flat=True)[:AT_ONCE]:
            tasks.pull.delay(pk)
    leftovers.tidy()
