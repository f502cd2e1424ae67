"""The audit log: who did what, when, from where, to which row. No texts, and no names of rows."""

from django.db import models
from django.db.models.functions import Now

from localchat.lib.sentences import Sentence


class Act(models.TextChoices):
    LOGGED_IN = "logged_in", Sentence("logged in")
    LOGGED_OUT = "logged_out", Sentence("logged out")
    LOG_IN_FAILED = "log_in_failed", Sentence("failed to log in")
    LOG_IN_ENDED = "log_in_ended", Sentence("ended a log-in")
    KEY_MADE = "key_made", Sentence("made an API key")
    KEY_REVOKED = "key_revoked", Sentence("revoked an API key")
    INVITED = "invited", Sentence("made an invitation")
    INVITATION_REVOKED = "invitation_revoked", Sentence("revoked an invitation")
    INVITATION_TAKEN = "invitation_taken", Sentence("took an invitation")
    ACCOUNT_MADE = "account_made", Sentence("made an account")
    ACCOUNT_CHANGED = "account_changed", Sentence("changed an account")
    ACCOUNT_DELETED = "account_deleted", Sentence("deleted an account")
    FACTOR_ADDED = "factor_added", Sentence("added a second factor")
    FACTOR_REMOVED = "factor_removed", Sentence("removed a second factor")
    IDENTITY_CONNECTED = "identity_connected", Sentence("connected an account elsewhere")
    IDENTITY_REMOVED = "identity_removed", Sentence("disconnected an account elsewhere")
    GROUP_MADE = "group_made", Sentence("made a group")
    GROUP_CHANGED = "group_changed", Sentence("changed a group")
    GROUP_DELETED = "group_deleted", Sentence("deleted a group")
    DOCUMENT_ADDED = "document_added", Sentence("added a document")
    DOCUMENT_DELETED = "document_deleted", Sentence("deleted a document")
    COLLECTION_MADE = "collection_made", Sentence("made a collection")
    COLLECTION_RENAMED = "collection_renamed", Sentence("renamed a collection")
    COLLECTION_DELETED = "collection_deleted", Sentence("deleted a collection")
    CONVERSATION_EXPORTED = "conversation_exported", Sentence("exported a conversation")
    CONVERSATIONS_EXPORTED = "conversations_exported", Sentence("exported all conversations")
    CONVERSATION_DELETED = "conversation_deleted", Sentence("deleted a conversation")
    ADMIN_ADDED = "admin_added", Sentence("added a row in the admin")
    ADMIN_CHANGED = "admin_changed", Sentence("changed a row in the admin")
    ADMIN_DELETED = "admin_deleted", Sentence("deleted a row in the admin")
    SETTING_CHANGED = "setting_changed", Sentence("changed a setting")
    LOG_EXPORTED = "log_exported", Sentence("exported this log")


class Entry(models.Model):
    """One act. The account's number stays when the account goes; its name is the name it had."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    user_id = models.BigIntegerField(null=True, help_text="Empty: nobody who was logged in")
    user_name = models.CharField(max_length=150, blank=True)
    address = models.CharField(max_length=45, blank=True, help_text="Empty: not by a request")
    act = models.CharField(max_length=30, choices=Act)
    kind = models.CharField(max_length=40, blank=True, help_text="Of the row, or a setting's name")
    number = models.BigIntegerField(null=True, help_text="Of the row")

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "entries"
        permissions = [("view_logs", "Can read the logs of processes")]
        indexes = [
            models.Index(fields=["at"], name="entry_at"),
            models.Index(fields=["user_name", "-id"], name="entry_by_name"),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"

    @property
    def who(self) -> str:
        """As the page says it. A command and the program itself have no account and no address."""
        if self.user_name:
            return self.user_name
        if self.address:
            return Sentence("Somebody who was not logged in")
        return Sentence("The program itself, or a command on its machine,")
