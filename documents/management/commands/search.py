"""manage.py search QUERY: the passages that answer best, as a table or as JSON lines."""

import json
import shutil
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.models import Collection
from documents.search import Found, Passage, search
from localchat.accounts.people import command_user

STAGES = ("words", "words_rank", "vectors", "vectors_rank", "name")


class Command(BaseCommand):
    help = "Find passages. Ends with 0 when something is found, else with 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query", metavar="QUERY")
        parser.add_argument("--limit", type=int, default=8)
        parser.add_argument("--collection", help="look in this one alone")
        parser.add_argument("--json", action="store_true", help="one object a line")
        parser.add_argument("--explain", action="store_true", help="score and rank of each stage")
        parser.add_argument("--user", default="", help="whose documents (default: the owner's)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = command_user(options["user"])
        name = options["collection"]
        if name and not Collection.objects.for_user(user).filter(name__iexact=name).exists():
            raise CommandError(f"There is no collection named {name}.")
        if not options["query"].strip():
            raise CommandError("Say what to look for.")
        found = search(user, options["query"], limit=max(options["limit"], 1), collection=name)
        for note in found.notes:
            self.stderr.write(note)
        if options["json"]:
            self.as_json(found, options["explain"])
        else:
            self.as_table(found, options["explain"])
        if not found.passages:
            raise CommandError(f"Nothing found in {found.documents} documents.")

    def as_json(self, found: Found, explain: bool) -> None:
        for rank, passage in enumerate(found.passages, start=1):
            line: dict[str, object] = {
                "rank": rank,
                "document": passage.document,
                "filename": passage.filename,
                "page": passage.page,
                "score": round(passage.score, 4),
                "text": passage.text,
                "chunk": passage.chunk,
            }
            if explain:
                line["stages"] = passage.stages
            self.stdout.write(json.dumps(line, ensure_ascii=False))

    def as_table(self, found: Found, explain: bool) -> None:
        width = max(shutil.get_terminal_size().columns - 8, 40)
        for rank, passage in enumerate(found.passages, start=1):
            page = "" if passage.page is None else f", page {passage.page}"
            self.stdout.write(f"{rank:>3}  {passage.score:.3f}  {passage.filename}{page}")
            if explain:
                self.stdout.write(f"       {_stages(passage)}")
            self.stdout.write(f"       {' '.join(passage.text.split())[:width]}")
        if found.passages:
            self.stdout.write(f"     from {found.documents} documents, {found.chunks} passages")


def _stages(passage: Passage) -> str:
    words, words_rank, vectors, vectors_rank, name = (passage.stages[stage] for stage in STAGES)
    return " · ".join(
        [
            f"words {_figure(words)} ({_rank(words_rank)})",
            f"vectors {_figure(vectors)} ({_rank(vectors_rank)})",
            f"file name {_figure(name)}",
        ]
    )


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def _rank(value: float | None) -> str:
    return "not in its first hundred" if value is None else f"rank {value}"
