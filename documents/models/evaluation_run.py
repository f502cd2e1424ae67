"""What `manage.py evaluate` measured, run by run: figures alone, no text of any document."""

from django.conf import settings
from django.db import models


class EvaluationRun(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    folder = models.CharField(max_length=200, help_text="Its name alone")
    in_document = models.BooleanField(default=False, help_text="Each question in its own file")
    documents = models.PositiveIntegerField()
    queries = models.PositiveIntegerField()
    figures = models.JSONField(help_text="By the name of the measure")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made", "-pk"]

    def __str__(self) -> str:
        return f"{self.series}, {self.made:%Y-%m-%d %H:%M}"

    @property
    def series(self) -> str:
        """What it may be compared with: runs of the same questions."""
        where = ", in document" if self.in_document else ""
        if model := self.figures.get("model"):
            where = f", answers of {model}"
        return f"{self.folder}{where} ({self.queries} questions)"
