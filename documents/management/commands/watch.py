"""manage.py watch FOLDER: the documents of a collection follow the files of a folder."""

import os
import signal
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import connection
from kombu.exceptions import OperationalError as BrokerError
from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from documents.desk import sweeping, uploading
from documents.local.folders import Only
from documents.local.gathering import Gatherer, News
from documents.local.mirroring import Mirror
from documents.management.commands.ingest import add_patterns
from documents.models import Document, Role, rights
from localchat.accounts.people import command_user
from localchat.lib import db_threads
from localchat.lib.advisory_lock import alone
from localchat.lib.errors import LocalChatError

SCAN_SECONDS = 300  # between looks when nothing is heard: not every file system tells
TICK_SECONDS = 1.0
BREATHER = 5  # times as long as a look took, before the next
PATIENCE_SECONDS = 60  # with a database that does not answer
HEARD = [FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent]
SHOWN = {"new": "New", "changed": "Changed", "renamed": "Renamed", "gone": "Gone"}


class Command(BaseCommand):
    help = "Follow a folder: what is added, edited, renamed and deleted there. Ctrl-C ends it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--collection", required=True, help="made if it is not there")
        parser.add_argument("--user", default="", help="whose documents (default: the owner's)")
        empty = "delete documents although all or most of the files are gone at the start"
        parser.add_argument("--allow-empty", action="store_true", help=empty)
        add_patterns(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].resolve()
        if not folder.is_dir():
            raise CommandError(f"{options['folder']} is not a folder.")
        user = command_user(options["user"])
        try:
            collection = uploading.collection_of(user, options["collection"])
            rights.require(user, Role.KEEPER, collection.pk)  # what goes there goes here
        except LocalChatError as error:
            raise CommandError(error.message) from error
        gatherer = Gatherer(os.fsencode(folder), collection, user)
        only = Only(options["include"], options["exclude"])
        mirror = Mirror(gatherer, only, allow_empty=options["allow_empty"])
        with alone(f"watch {collection.pk} {folder}") as mine:
            if not mine:
                raise CommandError("Another watch follows this folder already.")
            self.say(f"Watching {folder} for {collection.name}. Ctrl-C ends it.")
            with Ear(folder) as ear:
                _Watch(self, mirror, ear).until_stopped()
            self.say("No longer watching.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()  # somebody may read along through a pipe

    def complain(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()


class Ear(FileSystemEventHandler):
    """Hears that something happened in the folder. What it was, a look will tell."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.happened = folder, threading.Event()
        self.observer: Any = None
        self.place = (0, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def on_any_event(self, event: FileSystemEvent) -> None:
        self.happened.set()

    def open(self) -> None:
        """Listen; to the folder that is there now, if that is another than before."""
        try:
            found = self.folder.stat()
            if self.observer and self.place == (found.st_dev, found.st_ino):
                return
            self.close()
            self.place, self.observer = (found.st_dev, found.st_ino), Observer()
            folder = str(self.folder)
            self.observer.schedule(self, folder, recursive=True, event_filter=HEARD)
            self.observer.start()
        except OSError:  # gone, or more folders than the kernel tells of: regular looks remain
            self.close()

    def close(self) -> None:
        if self.observer and self.observer.is_alive():
            self.observer.stop()
            self.observer.join()
        self.observer = None


class _Watch:
    def __init__(self, command: Command, mirror: Mirror, ear: Ear) -> None:
        self.command, self.mirror, self.ear = command, mirror, ear
        self.stopping = False
        self.waiting: dict[int, News] = {}  # documents that are being read
        self.due = self.rested = self.answered = time.monotonic()

    def until_stopped(self) -> None:
        """Until Ctrl-C or SIGTERM. What is at hand is done first, unless it comes twice."""
        before = {each: signal.signal(each, self.stop) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self.stopping:
                self.try_turn()
                time.sleep(TICK_SECONDS)
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def stop(self, number: int, frame: object) -> None:
        if self.stopping:
            raise KeyboardInterrupt
        self.stopping = True

    def try_turn(self) -> None:
        try:
            db_threads.refresh()
            self.turn()
            self.answered = time.monotonic()
        except (DatabaseError, BrokerError) as error:
            connection.close()
            if time.monotonic() - self.answered > PATIENCE_SECONDS:
                raise CommandError("The database does not answer any more.") from error

    def turn(self) -> None:
        now = time.monotonic()
        if now >= self.due or (self.ear.happened.is_set() and now >= self.rested):
            self.look()
        self.tell_what_ended()
        if self.waiting and settings.STANDALONE:  # there is nobody else to sweep
            sweeping.sweep()

    def look(self) -> None:
        began = time.monotonic()
        self.ear.open()
        self.ear.happened.clear()
        for news in self.mirror.look():
            self.note(news)
            self.tell_what_ended()
            if self.stopping:
                return
        now = time.monotonic()
        self.rested = now + BREATHER * (now - began)
        self.due = self.rested + (SCAN_SECONDS if self.mirror.is_settled else TICK_SECONDS)

    def note(self, news: News) -> None:
        if news.what in {"new", "changed"} and news.document:
            self.waiting[news.document.pk] = news
        elif news.what == "failed":
            self.command.complain(f"{news.name}: {news.said}")
        elif news.what == "held":
            self.command.complain(f"{news.name}. {news.said}")
        elif news.what != "unchanged":
            said = f" (was {news.said})" if news.what == "renamed" else f" {news.said}".rstrip()
            self.command.say(f"{SHOWN[news.what]}: {news.name}{said}")

    def tell_what_ended(self) -> None:
        """A line for each document that was being read and is ready or failed now."""
        user = self.mirror.gatherer.user
        rows = Document.objects.for_user(user).filter(pk__in=self.waiting)
        found = {pk: rest for pk, *rest in rows.values_list("pk", "status", "problem")}
        for pk, news in list(self.waiting.items()):
            status, problem = found.get(pk, ("", ""))
            if status == Document.Status.READY:
                self.command.say(f"{SHOWN[news.what]}: {news.name}")
            elif status == Document.Status.FAILED:
                self.command.complain(f"{news.name}: {problem}")
            elif status:
                continue
            del self.waiting[pk]
