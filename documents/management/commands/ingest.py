"""manage.py ingest PATH…: the front desk for files that are already on this machine."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from documents import sweeping, uploading
from documents.models import Collection, Document
from localchat.accounts.people import command_user
from localchat.lib.errors import LocalChatError

LOOK_SECONDS = 0.3


class Command(BaseCommand):
    help = "Read files and folders. Ends with 0 only when all of them are ready."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--collection", default="", help="made if it is not there")
        parser.add_argument("--user", default="", help="whose documents (default: the owner's)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = command_user(options["user"])
        collection = uploading.collection_of(user, options["collection"])
        files = [found for path in options["paths"] for found in _files(path)]
        if not files:
            raise CommandError("There is no file to read.")
        waiting, bad = self.accept_all(files, user, collection)
        bad += self.wait(waiting)
        if bad:
            raise CommandError(f"{bad} of {len(files)} files could not be read.")
        self.stdout.write(f"{len(files)} of {len(files)} files are ready.")

    def accept_all(
        self, files: list[tuple[Path, str]], user: User, collection: Collection
    ) -> tuple[dict[int, str], int]:
        """The ids that have to be waited for, with their names, and how many were refused."""
        waiting: dict[int, str] = {}
        refused = 0
        for path, name in files:
            try:
                with path.open("rb") as file:
                    accepted = uploading.accept(file, name=name, owner=user, collection=collection)
            except (LocalChatError, OSError) as error:
                self.stderr.write(f"{name}: {error}")
                refused += 1
                continue
            waiting[accepted.document.pk] = name
        return waiting, refused

    def wait(self, waiting: dict[int, str]) -> int:
        """Show what happens until nothing is left to wait for; how many failed."""
        failed = 0
        total = len(waiting)
        while waiting:
            rows = Document.objects.filter(pk__in=waiting)
            for row in [row for row in rows if not row.is_live]:
                name = waiting.pop(row.pk)
                failed += row.status == Document.Status.FAILED
                self.say(f"{name}: {row.problem or 'ready'}")
            self.show(total - len(waiting), total, rows)
            for gone in set(waiting) - {row.pk for row in rows}:
                self.say(f"{waiting.pop(gone)}: deleted meanwhile")
                failed += 1
            if waiting:
                time.sleep(LOOK_SECONDS)
                if settings.STANDALONE:  # there is nobody else to sweep
                    sweeping.sweep()
        return failed

    def say(self, line: str) -> None:
        clear = "\r\033[K" if self.stdout.isatty() else ""
        self.stdout.write(clear + line)

    def show(self, done: int, total: int, rows: Any) -> None:
        """A bar, where there is somebody to see it."""
        working = next((row for row in rows if row.is_live and row.total), None)
        if not self.stdout.isatty() or working is None:
            return
        bar = "█" * int(24 * working.done / working.total)
        at = f"{working.status} {working.done} of {working.total}"
        line = f"\r\033[K{bar:░<24} {at} · {working.name[-40:]} · {done} of {total} files"
        self.stdout.write(line, ending="")
        self.stdout.flush()


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Each file with the name that it gets: relative to the folder that was named."""
    if path.is_file():
        yield path, path.name
        return
    if not path.is_dir():
        raise CommandError(f"{path} is neither a file nor a folder.")
    for found in sorted(path.rglob("*")):
        relative = found.relative_to(path)
        hidden = any(part.startswith(".") for part in relative.parts)
        if found.is_file() and not found.is_symlink() and not hidden:
            yield found, relative.as_posix()
