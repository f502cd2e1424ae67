"""What is remembered of the files of this machine that became documents."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import MD5

from documents.models.rights import Right, Role

if TYPE_CHECKING:
    from documents.models import Collection


class LocalFileQuerySet(models.QuerySet["LocalFile"]):
    def for_user(self, user: User) -> Self:
        """Those of collections into which the person may bring files."""
        held = Right.objects.of(user, Role.WRITER)
        return self.filter(collection__in=held.values("collection"))

    def of_folder(self, user: User, collection: "Collection", folder: bytes) -> Self:
        return self.for_user(user).filter(collection=collection, folder=folder)


class LocalFile(models.Model):
    """A file that `ingest` or `watch` made a document of, as it was then."""

    document = models.ForeignKey("Document", models.CASCADE, related_name="files")
    collection = models.ForeignKey("Collection", models.CASCADE, related_name="+")
    folder = models.BinaryField(help_text="The folder that was named, as the file system has it")
    path = models.BinaryField(help_text="From the folder down")
    stamp = models.CharField(max_length=80, help_text="Size and times; empty: look again")
    sha256 = models.CharField(max_length=64)
    made = models.BooleanField(help_text="The document came from this file and goes with it")

    objects = LocalFileQuerySet.as_manager()

    class Meta:
        constraints = [
            # Sums, since a path may be longer than an entry of an index can be.
            models.UniqueConstraint(
                "collection", MD5("folder"), MD5("path"), name="local_file_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
