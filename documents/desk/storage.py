"""How much a person may keep: the bytes of all files, each once, with versions that are cited."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Sum

from documents.models import Content
from localchat.lib.errors import StorageFull
from localchat.lib.sentences import Sentence


def check_room(owner: User, more: int) -> None:
    """Within a transaction, in which others of the person's files wait. Raises StorageFull."""
    most = settings.STORAGE_BYTES_PER_USER
    if settings.OWNER_MODE or not most:
        return
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    used = Content.objects.filter(owner=owner).aggregate(used=Sum("size"))["used"] or 0
    if used + more > most:
        raise StorageFull(
            Sentence(
                "This server keeps %(most)s MB of files for each person, and with this one it"
                " would be more. Delete some first.",
                most=round(most / 10**6, 1),
            )
        )
