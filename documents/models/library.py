"""Collections, documents and their versions, what these contain, and its passages."""

import uuid

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from pgvector.django import VectorField

from documents.models.fields import WordsField
from documents.models.index import Index
from documents.models.querysets import (
    ChunkQuerySet,
    CollectionQuerySet,
    ContentQuerySet,
    DocumentQuerySet,
)
from localchat.lib.jobs import Job
from localchat.lib.wording import SentenceField

OWNER = settings.AUTH_USER_MODEL


class Collection(models.Model):
    owner = models.ForeignKey(OWNER, models.CASCADE, related_name="collections")
    name = models.CharField(max_length=120)
    # For good, since what is taken from one reader stays shared with the next.
    apart = models.BooleanField(
        default=False, help_text="It was shared: its contents are kept apart from others"
    )
    created = models.DateTimeField(auto_now_add=True)

    objects = CollectionQuerySet.as_manager()
    role: int | None  # of a row of `with_role()`

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="collection_once_per_owner"),
        ]

    def __str__(self) -> str:
        return self.name

    def called_by(self, user: User) -> str:
        """The name by which the person may choose it; the owner has been fetched."""
        return self.name if self.owner_id == user.pk else f"{self.owner.get_username()}/{self.name}"


class Content(models.Model):
    """The bytes of a file, and what reading them gave.

    Once for each owner, and once more for each collection that is kept apart: who may read one of
    them learns nothing of what lies elsewhere.
    """

    owner = models.ForeignKey(OWNER, models.CASCADE, related_name="contents")
    apart = models.ForeignKey(
        Collection,
        models.CASCADE,
        null=True,
        related_name="+",
        help_text="The collection in which it is kept apart",
    )
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(help_text="Bytes")
    kind = models.CharField(max_length=20)
    stored = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=300, blank=True)
    pages = models.PositiveIntegerField(null=True, help_text="Null where the format has none")
    empty_pages = models.PositiveIntegerField(default=0, help_text="Pages without text")
    unread_pages = models.PositiveIntegerField(
        default=0, help_text="Pages on which something stands that could not be read"
    )
    # A letter a page, the first of its state's name: a table of its own would be as long as that
    # of the chunks.
    states = models.TextField(blank=True, help_text="How each page was read")
    confidences = models.JSONField(
        default=dict, help_text="Percent, by page, where it was recognised in a picture"
    )
    unread = models.JSONField(
        default=dict, help_text="How many of each thing could not be read, by its noun"
    )
    flags = models.JSONField(
        default=list, help_text="Where its text speaks to a model: page, passage, kind, hidden"
    )
    wishes = models.JSONField(
        default=dict, help_text="Pages to be read in one way, whatever speaks for another"
    )
    reader = models.PositiveSmallIntegerField(
        default=0, help_text="Version of the reader by which it was read"
    )
    passages = models.PositiveIntegerField(default=0, help_text="That can be found")
    description = models.CharField(max_length=200, blank=True, help_text="What it is, in a line")
    indexed = models.ForeignKey(Index, models.SET_NULL, null=True, related_name="contents")
    counted = models.BooleanField(default=True, help_text="Its chunks are, by their terms")
    secret = models.TextField(blank=True, editable=False, help_text="Its password, encrypted")
    relabelled = models.BooleanField(default=False, help_text="Vectors are behind the words")
    created = models.DateTimeField(auto_now_add=True)

    objects = ContentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "sha256", "apart"], name="content_once", nulls_distinct=False
            ),
        ]
        indexes = [
            # Looked at for each question.
            models.Index(fields=["owner"], condition=Q(counted=False), name="content_uncounted"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Document(Job):
    """A name in a collection, pointing to its current version."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        READING = "reading"
        CHUNKING = "chunking"
        EMBEDDING = "embedding"
        READY = "ready"
        FAILED = "failed"

    WAITING = (Status.QUEUED,)
    WORKING = (Status.READING, Status.CHUNKING, Status.EMBEDDING)
    CLAIMED = {
        "status": Status.READING,
        "error": "",
        "problem": "",
        "waiting": "",
        "done": 0,
        "total": 0,
        "tries": F("tries") + 1,
    }

    # Always the collection's.
    owner = models.ForeignKey(OWNER, models.CASCADE, related_name="documents")
    added_by = models.ForeignKey(
        OWNER, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who brought it"
    )
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="documents")
    name = models.CharField(max_length=500, help_text="Relative path, with forward slashes")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    current = models.ForeignKey("Version", models.SET_NULL, null=True, blank=True, related_name="+")
    incoming = models.ForeignKey(
        "Version", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    near = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    near_share = models.PositiveSmallIntegerField(default=0, editable=False, help_text="Per cent")
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Attempts at this version")
    waiting = SentenceField(default=str, blank=True, help_text="What it waits for, if any")
    done = models.PositiveIntegerField(default=0, help_text="Pages or chunks of this stage")
    total = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()
    chunks: int  # of a row of `with_details()`

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "name"], name="document_once_per_collection"
            ),
            models.CheckConstraint(
                condition=Q(status="failed") | Q(problem=""),
                name="document_problem_only_if_failed",
            ),
        ]
        indexes = [
            # Read by the sweeper.
            models.Index(
                fields=["heartbeat"],
                condition=~Q(status__in=["ready", "failed"]),
                name="document_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return f"document:{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.status in {*self.WAITING, *self.WORKING}

    @property
    def newest(self) -> "Version | None":
        return self.incoming or self.current


class Version(models.Model):
    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    content = models.ForeignKey(Content, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(help_text="From 1")
    unpacked = models.BooleanField(default=False, help_text="Attachments are documents by now")
    about = WordsField(default="", help_text="Terms of its name, its title and its beginning")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
        ]
        indexes = [GinIndex(fields=["about"], name="version_about", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"


class Chunk(models.Model):
    """A passage of a content: never longer than a page, found by its words and its vector."""

    # Indexes that begin with owner and content are below. The owner is that of the content: to
    # look up for each row whether it and the index are there takes a good part of writing it.
    owner = models.ForeignKey(
        OWNER, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    content = models.ForeignKey(Content, models.CASCADE, related_name="chunks", db_index=False)
    position = models.PositiveIntegerField(help_text="Order within the content, from 0")
    page = models.PositiveIntegerField(null=True, help_text="From 1; null without pages")
    start = models.PositiveIntegerField(help_text="Offset in the page's text, in characters")
    end = models.PositiveIntegerField()
    heading = models.CharField(max_length=500, blank=True)
    context = models.CharField(max_length=200, blank=True, help_text="File and headings, in words")
    text = models.TextField()
    text_hash = models.CharField(max_length=64, help_text="sha256 of what was embedded")
    words = WordsField(help_text="Terms with their positions")
    length = models.PositiveIntegerField(help_text="Terms, for BM25")
    # By which of the two a search goes is told by the index in use.
    embedding = VectorField(null=True)
    other_embedding = VectorField(null=True)

    objects = ChunkQuerySet.as_manager()

    class Meta:
        ordering = ["content", "position"]
        constraints = [
            models.UniqueConstraint(fields=["content", "position"], name="chunk_position_once"),
        ]
        indexes = [
            models.Index(fields=["owner", "text_hash"], name="chunk_text_hash"),
            # Sorted in for several contents at a time, see `term_counts`: searches read through
            # what is not.
            GinIndex(
                fields=["words"], name="chunk_words", fastupdate=True, gin_pending_list_limit=4096
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content_id}#{self.position}"

    @property
    def searchable(self) -> str:
        return in_context(self.context, self.text)


def in_context(context: str, text: str) -> str:
    """What words and vector of a chunk are made of."""
    return f"{context}\n{text}" if context else text
