"""manage.py models: what is installed, and what of the built-in engine comes as packages."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from localchat.lib.errors import LocalChatError
from models_mgmt import builtin, engines
from models_mgmt.builtin import weights
from models_mgmt.llamacpp import folder, small_model

NOT_FETCHED = 3  # by which `make` knows that it can go on without


class Command(BaseCommand):
    help = "List the models of every engine, or fetch what the built-in one needs."
    requires_system_checks = []  # the first start has no database yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fetch-builtin",
            nargs="?",
            const=builtin.MODEL,
            choices=list(builtin.MODELS),
            metavar="NAME",
            help="fetch and convert the weights of a built-in embedding model, once: "
            + " or ".join(builtin.MODELS),
        )

        parser.add_argument(
            "--fetch-chat",
            action="store_true",
            help="fetch a small chat model, for trying out without another engine",
        )

    def handle(
        self, *args: Any, fetch_builtin: str | None, fetch_chat: bool, **options: Any
    ) -> None:
        if fetch_builtin:
            fetched = self.fetch(partial(weights.fetch, fetch_builtin))
            version = weights.version(fetch_builtin)
            self.stdout.write(f"Built-in embedding weights: {fetched} ({version}).")
        if fetch_chat:
            fetched = self.fetch(small_model.fetch)
            self.stdout.write(
                f"{small_model.NAME}: {fetched}, in {folder.home()}. It is for trying out: so small"
                " a model is often wrong. A better one is pulled, or dropped in, on the Models page."
            )
        if not fetch_builtin and not fetch_chat:
            self.list()

    def fetch(self, what: Callable[[], bool]) -> str:
        try:
            return "fetched" if what() else "already there"
        except LocalChatError as error:
            raise CommandError(error.message, returncode=NOT_FETCHED) from error

    def list(self) -> None:
        """Standard output has the table alone, and sentences go to standard error."""
        rows = [row for engine in engines.available() for row in self.rows(engine)]
        for problem in engines.refused():
            self.stderr.write(problem)
        if not rows:
            self.stderr.write("No model is installed. Try: make model")
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
