"""manage.py pull MODEL: as from the page, with a bar."""

import asyncio
import time
from argparse import ArgumentParser
from threading import Thread
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.template.defaultfilters import filesizeformat

from localchat.accounts.people import command_user
from localchat.lib import following
from localchat.lib.errors import LocalChatError
from localchat.lib.events import Event
from localchat.lib.hub import hub
from models_mgmt import requesting
from models_mgmt.models import Pull

INTERRUPTED = 130
STOP_SECONDS = 10


class Command(BaseCommand):
    help = "Have the engine pull a model. Ends with 0 only when it is installed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", help="for example llama3.2:1b")
        parser.add_argument("--user", default="", help="who pulls (default: the owner)")

    def handle(self, *args: Any, model: str, user: str, **options: Any) -> None:
        person = command_user(user)
        try:
            pull, made = requesting.enter(person, model)
        except LocalChatError as error:
            raise CommandError(error.message) from error
        # Without a server the pull is done right here, by the thread that starts it.
        work = Thread(target=_start, args=(pull,), daemon=True)
        try:
            if made:
                work.start()
            end = asyncio.run(self.follow(person, pull))
        except KeyboardInterrupt:
            self.leave(pull, work)
            raise SystemExit(INTERRUPTED) from None
        if made:
            work.join(STOP_SECONDS)
        if end["type"] == "failed":
            raise CommandError(end["message"])
        self.say(f"{pull.name} is installed.")

    async def follow(self, person: User, pull: Pull) -> Event:
        """Show how it gets on; returns the event that ends it."""
        bar = Bar()
        try:
            async for event in following.follow(person, pull.topic):
                if event and event["type"] in {"done", "failed"}:
                    return event
                if event and event["type"] == "progress":
                    self.show(bar, event)
        finally:
            await hub().close()
            await database_sync_to_async(connections.close_all)()
        raise CommandError("The pull was lost sight of.")

    def show(self, bar: "Bar", event: Event) -> None:
        """A bar where there is somebody to see it, else a line for each stage."""
        line, news = bar.take(event)
        if self.stdout.isatty():
            self.stdout.write(f"\r\033[K{line}", ending="")
            self.stdout.flush()
        elif news:
            self.stdout.write(event["stage"])

    def leave(self, pull: Pull, work: Thread) -> None:
        if not settings.STANDALONE:
            self.say(f"\n{pull.name} is pulled on by the server.")
            return
        requesting.stop(pull)
        work.join(STOP_SECONDS)
        self.say(f"\n{pull.name} was stopped. The next pull goes on from there.")

    def say(self, line: str) -> None:
        clear = "\r\033[K" if self.stdout.isatty() else ""
        self.stdout.write(clear + line)


def _start(pull: Pull) -> None:
    try:
        requesting.start(pull)
    finally:
        connection.close()


class Bar:
    """The events of a pull as a line: how much, how fast, how long yet."""

    WIDTH = 24

    def __init__(self) -> None:
        self.stage = ""
        self.began: tuple[float, int] | None = None  # when, and how many bytes there were

    def take(self, event: Event) -> tuple[str, bool]:
        """The line, and whether a new stage began."""
        stage, done, total = event["stage"], event["done"], event["total"]
        news, self.stage = stage != self.stage, stage
        if not total:
            return stage, news
        filled = "█" * int(self.WIDTH * done / total)
        share = f"{100 * done // total} % of {filesizeformat(total)}"
        return f"{filled:░<{self.WIDTH}} {share}{self.speed(done, total)} · {stage}", news

    def speed(self, done: int, total: int) -> str:
        now = time.monotonic()
        self.began = self.began or (now, done)
        seconds, came = now - self.began[0], done - self.began[1]
        if seconds < 1 or came <= 0 or done >= total:
            return ""
        rate = came / seconds
        return f" · {filesizeformat(rate)}/s · {_clock((total - done) / rate)} left"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
