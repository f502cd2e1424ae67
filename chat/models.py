"""Conversations, their messages, and the passages that each answer rests on."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from chat.kept_notes import KeptNote  # noqa: F401 - one of the models
from chat.manner import AboutMe, Assistant, Manner, SavedPrompt  # noqa: F401 - some of the models
from chat.pictures import Picture  # noqa: F401 - one of the models
from chat.querysets import (
    ConversationQuerySet,
    MessageQuerySet,
    ProvenanceQuerySet,
    SearchTerms,
    SourceManager,
    forget,
)
from chat.question_parsing import Wish
from documents.models import Chunk, Document, Version
from localchat.lib.jobs import Job
from localchat.lib.wording import SentenceField


class Conversation(Manner):
    class Titled(models.TextChoices):
        """Who gave the title; a person's is never changed again by another."""

        QUESTION = "question"
        MODEL = "model"
        PERSON = "person"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="conversations"
    )
    uid = models.UUIDField(
        default=uuid.uuid4, editable=False, help_text="The same wherever it is taken"
    )
    title = models.CharField(max_length=200, blank=True)
    titled = models.CharField(max_length=8, choices=Titled, default=Titled.QUESTION)
    pinned = models.BooleanField(default=False)
    archived = models.BooleanField(default=False)
    folder = models.CharField(max_length=80, blank=True)
    tags = models.JSONField(default=list, blank=True)
    temporary = models.BooleanField(default=False, help_text="Kept in no list, and not for long")
    deleted = models.BooleanField(default=False, help_text="Can be taken back until it expires")
    expires = models.DateTimeField(null=True, blank=True, help_text="When it is cleared away")
    created = models.DateTimeField(auto_now_add=True)
    touched = models.DateTimeField(auto_now_add=True, help_text="When it was last asked")
    shown = models.ForeignKey(
        "Message",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The last message of the branch that is shown",
    )
    assistant = models.ForeignKey(
        Assistant,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="That it began with",
    )

    objects = ConversationQuerySet.as_manager()

    class Meta(Manner.Meta):
        ordering = ["-touched", "-pk"]
        indexes = [
            models.Index(fields=["owner", "-touched"], name="conversation_recent"),
            # Read by the sweeper, and by every page for what can be taken back.
            models.Index(
                fields=["expires"], condition=Q(expires__isnull=False), name="conversation_expires"
            ),
            GinIndex(SearchTerms("title"), name="conversation_terms"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Message(Job):
    """A question, or the answer that is being or has been written to it.

    Each follows another, so that a conversation is a tree: what follows the same message are
    versions of each other. A conversation's first question follows nothing.
    """

    class Role(models.TextChoices):
        USER = "user"
        ASSISTANT = "assistant"

    class Status(models.TextChoices):
        WRITING = "writing"
        DONE = "done"
        STOPPED = "stopped"
        INTERRUPTED = "interrupted"
        FAILED = "failed"

    class Verdict(models.TextChoices):
        GOOD = "good"
        BAD = "bad"

    WAITING = ()
    WORKING = (Status.WRITING,)
    CLAIMED = {"text": F("begun"), "thinking": "", "cursor": "0-0"}

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    role = models.CharField(max_length=9, choices=Role)
    status = models.CharField(max_length=11, choices=Status, default=Status.DONE)
    text = models.TextField(blank=True)
    begun = models.TextField(blank=True, help_text="What an answer that is written on goes on from")
    thinking = models.TextField(blank=True)
    cursor = models.CharField(
        max_length=40, default="0-0", help_text="Id of the last event that `text` includes"
    )
    previous = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="following",
        help_text="The message that it follows",
    )
    ref = models.UUIDField(default=uuid.uuid4, help_text="The client's own id of the question")
    request = models.JSONField(default=dict, help_text="Model and scope asked for")
    reason = models.CharField(max_length=12, blank=True, help_text="Why the answer ended")
    model = models.CharField(max_length=200, blank=True)
    usage = models.JSONField(default=dict, help_text="Tokens and seconds")
    standalone = models.TextField(
        blank=True, help_text="The question as it was searched for, where it leans on the talk"
    )
    notes = SentenceField(default=list, help_text="What is said below the answer")
    computed = models.TextField(blank=True, help_text="The computation that is the answer")
    declined = models.BooleanField(default=False, help_text="Nothing that was found answers")
    read = models.JSONField(null=True, help_text="Passages of each document; null: not told")
    unfinished = models.JSONField(
        default=list, help_text="Documents in scope that were still being read"
    )
    choices = models.JSONField(
        default=list, help_text="Documents of which one is to be chosen first"
    )
    left_out = models.PositiveIntegerField(default=0, help_text="Passages that did not fit")
    hurried = models.BooleanField(default=False, help_text="Left out to begin sooner")
    cut = models.BooleanField(default=False, help_text="The model saw less than was sent")
    doubts = models.JSONField(default=list, help_text="Sentences that the sources do not support")
    verdict = models.CharField(max_length=4, choices=Verdict, blank=True)
    verdict_words = models.CharField(max_length=500, blank=True, help_text="Why, in a word")
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()
    is_doubtful = False  # a former writer of the answer may have died of the question

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "ref", "role"], name="message_ref_once"),
            models.CheckConstraint(
                condition=Q(role="assistant") | Q(status="done"), name="message_questions_are_done"
            ),
            models.CheckConstraint(
                condition=Q(role="user") | Q(previous__isnull=False), name="message_answers_follow"
            ),
            # So there are no circles.
            models.CheckConstraint(
                condition=Q(previous__isnull=True) | Q(previous__lt=F("id")),
                name="message_after_previous",
            ),
            models.CheckConstraint(
                condition=Q(verdict="") | Q(role="assistant", verdict__in=["good", "bad"]),
                name="message_verdict_on_answers",
            ),
            models.CheckConstraint(
                condition=Q(verdict_words="") | ~Q(verdict=""), name="message_words_with_verdict"
            ),
        ]
        indexes = [
            # Read by the sweeper.
            models.Index(
                fields=["heartbeat"], condition=Q(status="writing"), name="message_unfinished"
            ),
            GinIndex(SearchTerms("text"), name="message_terms"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def topic(self) -> str:
        return f"answer:{self.pk}"

    @property
    def question(self) -> "Message | None":
        """Of an answer."""
        return self.previous if self.role == self.Role.ASSISTANT else None

    @property
    def wish(self) -> Wish:
        return Wish.from_request(self.request)

    @property
    def is_writing(self) -> bool:
        return self.status == self.Status.WRITING


class Provenance(models.Model):
    """What made an answer: the search, and what was sent to the model.

    Texts of documents and of the talk are not copied: `turns` says where each piece stands, so
    that what is deleted is gone from here too.
    """

    message = models.OneToOneField(Message, models.CASCADE, related_name="provenance")
    search = SentenceField(default=dict, help_text="A SearchRecord")
    engine = models.CharField(max_length=20, blank=True, help_text="Empty: no model was asked")
    model = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=80, blank=True)
    url = models.CharField(max_length=500, blank=True)
    body = models.JSONField(default=dict, help_text="As sent, without the turns")
    turns = models.JSONField(default=list, help_text="Role, sha256 and pieces of each turn")
    parts = models.JSONField(default=list, help_text="Names and tokens")
    tokens = models.PositiveIntegerField(default=0, help_text="Of the prompt, as we count")
    continued = models.JSONField(default=list, help_text="The calls by which it was written on")

    objects = ProvenanceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"provenance of {self.message_id}"


class Source(models.Model):
    """A passage that was found for an answer, under the number that the answer cites it by."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="sources")
    number = models.PositiveIntegerField(help_text="From 1")
    document = models.ForeignKey(Document, forget, null=True, related_name="+")
    version = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="citations")
    chunk = models.ForeignKey(Chunk, models.SET_NULL, null=True, related_name="+")
    filename = models.CharField(max_length=500)
    page = models.PositiveIntegerField(null=True)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    heading = models.CharField(max_length=500, blank=True)
    support = models.CharField(
        max_length=300, blank=True, help_text="Its words for the sentence that cites it"
    )
    score = models.FloatField()
    stages = models.JSONField(default=dict, help_text="Score and rank at each stage of the search")
    text = models.TextField()
    hash = models.CharField(max_length=64, blank=True, help_text="sha256 of the text")
    sent = models.BooleanField(default=True, help_text="False: it was left out of the prompt")

    objects = SourceManager()
    is_withdrawn = False

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="source_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} [{self.number}]"

    @property
    def withdrawn(self) -> bool:
        """The document is there, but no longer shared with the asker."""
        return self.is_withdrawn

    @withdrawn.setter
    def withdrawn(self, is_so: bool) -> None:
        """Told as the row is read, which then is as empty as if the document were gone."""
        self.is_withdrawn = is_so
        if is_so:
            self.document = self.version = self.chunk = None
            self.filename = self.heading = self.text = self.support = self.hash = ""

    @property
    def change(self) -> str:
        """What has happened to the document since: nothing, "changed", "gone" or "withdrawn"."""
        if self.withdrawn:
            return "withdrawn"
        if self.document is None:
            return "" if self.is_from_elsewhere else "gone"
        return "" if self.document.current_id == self.version_id else "changed"

    @property
    def is_from_elsewhere(self) -> bool:
        """It came with a conversation whose document is not in this library."""
        return self.document_id is None and bool(self.filename)
