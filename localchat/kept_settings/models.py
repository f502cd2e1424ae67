"""Settings that were chosen on the page: a row each, and none for what is as it was delivered."""

from django.db import models
from django.db.models.functions import Now


class Setting(models.Model):
    """`value` is of the setting's kind; of a secret it is the sealed text."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.JSONField()
    changed = models.DateTimeField(db_default=Now())
    changed_by = models.CharField(max_length=150, blank=True, help_text="The account's name then")

    class Meta:
        ordering = ["name"]
        default_permissions = ("change",)

    def __str__(self) -> str:
        return self.name
