"""manage.py ingest PATH…: files and folders of this machine, those that are new or changed."""

import os
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from tqdm import tqdm

from documents.desk import sweeping, uploading
from documents.local import folders
from documents.local.folders import Listing, Only
from documents.local.gathering import Gatherer, News
from documents.models import Collection, Document
from documents.pages import page_states
from localchat.accounts.people import command_user
from localchat.lib.errors import LocalChatError

LOOK_SECONDS = 0.5


class Command(BaseCommand):
    help = "Read files and folders: what is new or changed. Ends with 0 only when all are ready."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--collection", default="", help="made if it is not there")
        parser.add_argument("--user", default="", help="whose documents (default: the owner's)")
        add_patterns(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        user = command_user(options["user"])
        try:
            collection = uploading.collection_of(user, options["collection"])
        except LocalChatError as error:
            raise CommandError(error.message) from error
        only = Only(options["include"], options["exclude"])
        sources = [_source(path, only) for path in options["paths"]]
        count = sum(len(listing.files) for _, listing in sources)
        try:
            _Run(self, user, collection, count).all(sources)
        except KeyboardInterrupt:
            again = "Stopped. What was handed in is kept; the same command goes on from there."
            raise CommandError(again, returncode=130) from None


def add_patterns(parser: ArgumentParser) -> None:
    for option, what in (("--include", "take only"), ("--exclude", "leave out")):
        help = f"{what} what matches: *.pdf, drafts, 2024/**/*.md (may be given several times)"
        parser.add_argument(option, action="append", default=[], metavar="GLOB", help=help)


def _source(path: Path, only: Only) -> tuple[bytes, Listing]:
    """A folder with its files; of a file that was named, its folder with that file alone."""
    try:
        if path.is_dir():
            folder = os.fsencode(path.resolve())
            return folder, folders.listing(folder, only)
        name = os.fsencode(path.resolve().name)
        local = folders.local(name, path.stat())
    except OSError as error:
        raise CommandError(f"{path}: {folders.reason(error)}") from error
    return os.fsencode(path.resolve().parent), Listing({name: local}, Counter(), {})


class _Run:
    """One call of the command: what was counted, and what it waits for."""

    def __init__(self, command: Command, user: User, collection: Collection, count: int) -> None:
        self.user, self.collection = user, collection
        self.out, self.err = command.stdout, command.stderr
        self.counts: Counter[str] = Counter()
        self.waiting: dict[int, News] = {}
        self.looked = 0.0
        shown = command.stdout.isatty()
        self.bar = tqdm(total=count, unit=" files", disable=not shown, file=sys.stdout, leave=False)

    def all(self, sources: list[tuple[bytes, Listing]]) -> None:
        left_out: Counter[str] = Counter()
        held: dict[int, bytes] = {}
        with self.bar:
            for folder, listing in sources:
                left_out += listing.left_out
                for below, why in listing.unreadable.items():
                    self.failed(folders.path_text(below), why)
                for news in _gathered(Gatherer(folder, self.collection, self.user), listing, held):
                    self.note(news)
            self.look()
            while self.waiting:
                time.sleep(LOOK_SECONDS)
                self.look()
        self.sum_up(left_out)

    def note(self, news: News) -> None:
        if news.what == "failed":
            self.failed(news.name, news.said)
            self.bar.update()
        elif news.document is not None:
            self.waiting[news.document.pk] = news
        if time.monotonic() - self.looked > LOOK_SECONDS:
            self.look()

    def failed(self, name: str, why: str) -> None:
        self.counts["failed"] += 1
        with self.bar.external_write_mode(file=sys.stdout):
            self.err.write(f"{name}: {why}")

    def look(self) -> None:
        """Take off the list what is done. Without a server there is nobody else to sweep."""
        self.looked = time.monotonic()
        mine = Document.objects.for_user(self.user).filter(pk__in=self.waiting)
        rows = {pk: rest for pk, *rest in mine.values_list("pk", "status", "problem")}
        self.tell_shortfalls(mine)
        near = mine.filter(near__isnull=False, status=Document.Status.READY)
        for pk, share, other in near.values_list("pk", "near_share", "near__name"):
            if self.waiting[pk].what == "new":
                with self.bar.external_write_mode(file=sys.stdout):
                    self.out.write(f"{self.waiting[pk].name}: {share} % the same as {other}")
        for pk in [pk for pk in self.waiting if pk not in rows]:
            self.end(pk, Document.Status.FAILED, "It was deleted meanwhile.")
        for pk, (status, problem) in rows.items():
            if status in {Document.Status.READY, Document.Status.FAILED}:
                self.end(pk, status, problem)
        if self.waiting and settings.STANDALONE:
            sweeping.sweep()

    def tell_shortfalls(self, mine: QuerySet[Document]) -> None:
        short = mine.filter(status=Document.Status.READY, current__content__unread_pages__gt=0)
        for row in short.select_related("current__content"):
            with self.bar.external_write_mode(file=sys.stdout):
                self.out.write(
                    f"{row.name}: {page_states.shortfall(row.current.content if row.current else None)}"
                )

    def end(self, pk: int, status: str, problem: str) -> None:
        news = self.waiting.pop(pk)
        self.bar.update()
        if status == Document.Status.FAILED:
            self.failed(news.name, problem)
        else:
            self.counts[news.what] += 1

    def sum_up(self, left_out: Counter[str]) -> None:
        if left_out:
            each = (f"{number} {what}" for what, number in sorted(left_out.items()))
            self.out.write(f"Left out: {', '.join(each)}.")
        kinds = ("new", "changed", "unchanged", "failed")
        self.out.write(", ".join(f"{self.counts[kind]} {kind}" for kind in kinds) + ".")
        if not self.bar.total:
            raise CommandError("There is no file to read.")
        if self.counts["failed"]:
            raise CommandError(f"{self.counts['failed']} files could not be read.")


def _gathered(gatherer: Gatherer, listing: Listing, held: dict[int, bytes]) -> Iterator[News]:
    """Each file's news. What failed before is tried again, since somebody asks for it."""
    gatherer.recall(listing.files)
    held |= gatherer.held
    gatherer.held = held  # across the folders of one call: the same name means one file
    for local in listing.files.values():
        if gatherer.is_known(local):
            document = gatherer.rows[local.path].document
            news = News("unchanged", folders.path_text(local.path), document)
        else:
            news = gatherer.bring(local)
        if news.what == "unchanged" and news.document and _failed(news.document):
            uploading.retry(news.document)
        yield news


def _failed(document: Document) -> bool:
    return document.status == Document.Status.FAILED
