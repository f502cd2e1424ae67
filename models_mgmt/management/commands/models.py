"""manage.py models: what is installed, and the built-in embedding weights."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from localchat.lib.errors import LocalChatError
from models_mgmt import engines
from models_mgmt.builtin import weights


class Command(BaseCommand):
    help = "List the models of every engine, or fetch the built-in embedding weights."
    requires_system_checks = []  # the first start has no database yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fetch-builtin",
            action="store_true",
            help="fetch and convert the built-in embedding weights, once",
        )

    def handle(self, *args: Any, fetch_builtin: bool, **options: Any) -> None:
        if fetch_builtin:
            self.fetch()
        else:
            self.list()

    def fetch(self) -> None:
        try:
            fetched = weights.fetch()
        except LocalChatError as error:
            raise CommandError(error.message) from error
        what = "fetched" if fetched else "already there"
        self.stdout.write(f"Built-in embedding weights: {what} ({weights.version()}).")

    def list(self) -> None:
        """Standard output has the table alone, and sentences go to standard error."""
        rows = [row for engine in engines.available() for row in self.rows(engine)]
        if not rows:
            self.stderr.write("No model is installed. Try: python manage.py pull llama3.2:1b")
            return
        rows.insert(0, ("MODEL", "ENGINE", "SIZE", "WINDOW", "FOR"))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
            self.stdout.write("  ".join(cells).rstrip())

    def rows(self, engine: engines.Engine) -> Iterator[tuple[str, ...]]:
        try:
            models = engine.list_models()
        except LocalChatError as error:
            self.stderr.write(error.message)
            return
        for model in models:
            size = filesizeformat(model.size).replace("\xa0", " ") if model.size else "-"
            window = str(model.window) if model.window else "-"
            uses = ", ".join(sorted(model.capabilities))
            yield model.name, engine.NAME, size, window, uses
