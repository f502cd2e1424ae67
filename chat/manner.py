"""How a person wants to be answered, which a conversation keeps and an assistant begins with."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

HOTTEST = 2.0
WINDOWS = (2048, 1_048_576)  # tokens
LENGTHS = (16, 131_072)  # tokens
LONGEST_INSTRUCTIONS = 8000  # characters
LONGEST_PROMPT = 20_000
SETTINGS = ("instructions", "temperature", "window", "length")
LONGEST_NOTE = 500
NOTES_SENT = 2_000  # characters of all notes together
MOST_NOTES = 200


class Settings(models.Model):
    """How a model is to answer."""

    instructions = models.TextField(blank=True, max_length=LONGEST_INSTRUCTIONS)
    temperature = models.FloatField(null=True, blank=True, help_text="Empty: ours")
    window = models.PositiveIntegerField(null=True, blank=True, help_text="Tokens; empty: ours")
    length = models.PositiveIntegerField(
        null=True, blank=True, help_text="Tokens of an answer; empty: what fits"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(temperature=None) | Q(temperature__range=(0, HOTTEST)),
                name="%(class)s_temperature_in_range",
            ),
            models.CheckConstraint(
                condition=Q(window=None) | Q(window__range=WINDOWS),
                name="%(class)s_window_in_range",
            ),
            models.CheckConstraint(
                condition=Q(length=None) | Q(length__range=LENGTHS),
                name="%(class)s_length_in_range",
            ),
        ]

    def as_settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in SETTINGS}


class Manner(Settings):
    model = models.CharField(max_length=200, blank=True)
    without_notes = models.BooleanField(default=False, help_text="Those of the page “About me”")
    # Ids, so that what is deleted is missed and does not widen the scope without a word.
    collections = models.JSONField(default=list, blank=True, help_text="Asked about; none: all")
    documents = models.JSONField(default=list, blank=True, help_text="Asked about; none: all")

    class Meta(Settings.Meta):
        abstract = True

    def as_manner(self) -> dict[str, Any]:
        names = ("without_notes", "model", "collections", "documents")
        return self.as_settings() | {name: getattr(self, name) for name in names}


class ModelSettingsQuerySet(models.QuerySet["ModelSettings"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)


class ModelSettings(Settings):
    """How one model answers a person in every conversation that does not say otherwise."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    model = models.CharField(max_length=200)

    objects = ModelSettingsQuerySet.as_manager()

    class Meta(Settings.Meta):
        ordering = ["model"]
        constraints = [
            *Settings.Meta.constraints,
            models.UniqueConstraint(
                fields=["owner", "model"], name="model_settings_once_per_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.model


class AssistantQuerySet(models.QuerySet["Assistant"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)


class Assistant(Manner):
    """What a conversation may begin with, under a name."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assistants")
    name = models.CharField(max_length=80)

    objects = AssistantQuerySet.as_manager()

    class Meta(Manner.Meta):
        ordering = [Lower("name")]
        constraints = [
            *Manner.Meta.constraints,
            models.UniqueConstraint("owner", Lower("name"), name="assistant_name_once_per_owner"),
            models.CheckConstraint(condition=~Q(name=""), name="assistant_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SavedPromptQuerySet(models.QuerySet["SavedPrompt"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)


class SavedPrompt(models.Model):
    """A person's own text, put into a question by `/name`."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="prompts")
    name = models.CharField(max_length=40, help_text="One word")
    text = models.TextField(max_length=LONGEST_PROMPT)

    objects = SavedPromptQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="prompt_name_once_per_owner"),
            models.CheckConstraint(condition=Q(name__regex=r"^[^\s/@]+$"), name="prompt_is_a_word"),
            models.CheckConstraint(condition=~Q(text=""), name="prompt_has_a_text"),
        ]

    def __str__(self) -> str:
        return f"/{self.name}"


class AboutMeQuerySet(models.QuerySet["AboutMe"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)

    def sent(self) -> list["AboutMe"]:
        """Those that are on, the oldest first, as many as have room."""
        room, notes = NOTES_SENT, list["AboutMe"]()
        for note in self.filter(on=True):
            room -= len(note.text)
            if room < 0:
                break
            notes.append(note)
        return notes


class AboutMe(models.Model):
    """A note that a person keeps for every answer to know. Nobody else ever makes one."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="about_me")
    text = models.CharField(max_length=LONGEST_NOTE, help_text="One line")
    on = models.BooleanField(default=True, help_text="Sent with questions")

    objects = AboutMeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("owner", Lower("text"), name="about_me_once_per_owner"),
            models.CheckConstraint(condition=~Q(text=""), name="about_me_has_a_text"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"
