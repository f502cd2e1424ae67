"""manage.py ask QUESTION: the answer, streamed to the terminal, with its sources."""

import asyncio
import json
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from chat import answering, asking, question_parsing
from localchat.accounts.people import command_user
from localchat.lib import following
from localchat.lib.errors import LocalChatError
from localchat.lib.events import Event
from localchat.lib.hub import hub


class Command(BaseCommand):
    help = "Ask a question about the documents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("question")
        parser.add_argument("--collection", default="", help="only this collection")
        parser.add_argument("--model", default="", help="the chat model to ask")
        parser.add_argument(
            "--think", action="store_true", help="let a model that can think do so first"
        )
        parser.add_argument("--json", action="store_true", help="one object, at the end")
        parser.add_argument("--user", default="", help="who asks (default: the owner)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = command_user(options["user"])
        try:
            asked = question_parsing.parse(options)
            end = asyncio.run(self.ask(user, asked, quiet=options["json"]))
        except LocalChatError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            self.stdout.write(json.dumps(end, ensure_ascii=False))
        if end["type"] == "failed":
            raise CommandError(end["message"])
        if not options["json"]:
            self.show_end(end)

    async def ask(self, user: User, asked: question_parsing.Question, *, quiet: bool) -> Event:
        """Print the answer as it comes; returns the event that ended it, with the whole text."""
        answer = await asking.ask(user, *asked)
        text = ""
        shorter = False  # what comes has been printed already
        end: Event = {}
        async for event in following.follow(user, answer.topic):
            if event is None:
                continue
            end = event
            if event["type"] == "token":
                text += event["text"]
                self.print(event["text"], quiet or shorter)
            elif event["type"] == "restart":
                text, shorter = "", bool(event.get("shorter"))
                self.print("\n(the answer begins again)\n", quiet or shorter)
        await answering.finished()
        await hub().close()
        return {**end, "text": text}

    def print(self, text: str, quiet: bool) -> None:
        if not quiet:
            self.stdout.write(text, ending="")
            self.stdout.flush()

    def show_end(self, end: Event) -> None:
        self.stdout.write("")
        for source in end["sources"]:
            page = f", page {source['page']}" if source["page"] else ""
            self.stdout.write(f"[{source['number']}] {source['filename']}{page}")
        for note in end["notes"]:
            self.stdout.write(note)
