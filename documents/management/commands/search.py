"""manage.py search QUERY: the passages that answer best, as a table or as JSON lines."""

import json
import shutil
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from documents.finding.explanation import Asked, explain
from documents.finding.search import Found, Passage, search
from documents.models import Collection
from localchat.accounts.people import command_user


class Command(BaseCommand):
    help = "Find passages. Ends with 0 when something is found, else with 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query", metavar="QUERY")
        parser.add_argument("--limit", type=int, default=8)
        parser.add_argument("--collection", help="look in this one alone")
        parser.add_argument("--json", action="store_true", help="one object a line")
        parser.add_argument("--explain", action="store_true", help="score and rank of each stage")
        parser.add_argument(
            "--why", metavar="FILE[#PAGE]", help="explain these passages, found or not"
        )
        parser.add_argument("--user", default="", help="whose documents (default: the owner's)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = command_user(options["user"])
        name = options["collection"]
        if name and not Collection.objects.called(user, name).exists():
            raise CommandError(f"There is no collection named {name}.")
        if not options["query"].strip():
            raise CommandError("Say what to look for.")
        if options["why"]:
            self.why(user, options)
            return
        found = search(user, options["query"], limit=max(options["limit"], 1), collection=name)
        for note in found.notes:
            self.stderr.write(note)
        if options["json"]:
            self.as_json(found, options["explain"])
        else:
            self.as_table(found, options["explain"])
        if not found.passages:
            raise CommandError(f"Nothing found in {found.documents} documents.")

    def why(self, user: User, options: dict[str, Any]) -> None:
        file, page = _place(options["why"])
        wanted = Asked(file=file, page=page)
        rows = explain(user, options["query"], wanted, collection=options["collection"])
        for rank, passage, reason in rows:
            if options["json"]:
                facts = _facts(rank, passage) | {"stages": passage.stages, "reason": reason}
                self.stdout.write(json.dumps(facts, ensure_ascii=False))
            else:
                self.row(rank, passage)
                self.stdout.write(f"       {reason}\n       {_stages(passage)}")
        if not rows:
            raise CommandError(f"There is no passage of {options['why']}.")

    def as_json(self, found: Found, explain: bool) -> None:
        for rank, passage in enumerate(found.passages, start=1):
            line = _facts(rank, passage)
            if explain:
                line["stages"] = passage.stages
            self.stdout.write(json.dumps(line, ensure_ascii=False))

    def as_table(self, found: Found, explain: bool) -> None:
        width = max(shutil.get_terminal_size().columns - 8, 40)
        for rank, passage in enumerate(found.passages, start=1):
            self.row(rank, passage)
            if explain:
                self.stdout.write(f"       {_stages(passage)}")
            self.stdout.write(f"       {' '.join(passage.text.split())[:width]}")
        if found.passages:
            self.stdout.write(f"     from {found.documents} documents, {found.chunks} passages")

    def row(self, rank: int | None, passage: Passage) -> None:
        page = "" if passage.page is None else f", page {passage.page}"
        score = "" if rank is None else f"{passage.score:.3f}"
        self.stdout.write(f"{rank or '-':>3}  {score:5}  {passage.filename}{page}")


def _place(text: str) -> tuple[str, int | None]:
    file, hash_, page = text.rpartition("#")
    return (file, int(page)) if hash_ and page.isdecimal() else (text, None)


def _facts(rank: int | None, passage: Passage) -> dict[str, object]:
    return {
        "rank": rank,
        "document": passage.document,
        "filename": passage.filename,
        "page": passage.page,
        "score": None if rank is None else round(passage.score, 4),
        "text": passage.text,
        "chunk": passage.chunk,
    }


def _stages(passage: Passage) -> str:
    stages = passage.stages
    return " · ".join(
        [
            f"words {_figure(stages['words'])} ({_rank(stages['words_rank'])})",
            f"vectors {_figure(stages['vectors'])} ({_rank(stages['vectors_rank'])})",
            f"both {_figure(stages['fused'])}",
            f"with neighbours {_figure(stages['neighbours'])}",
            f"document {_figure(stages['document'])}",
            f"heading {_figure(stages['heading'])}",
            *([f"exact {_figure(stages['exact'])}"] if stages["exact"] else []),
            *([f"quoted {_figure(stages['quoted'])}"] if stages["quoted"] else []),
            *_reranked(passage),
        ]
    )


def _reranked(passage: Passage) -> list[str]:
    if "reranked" not in passage.stages:
        return []
    before = passage.stages["reranked_from"]
    return [f"reranked {_figure(passage.stages['reranked'])} (rank {before} before)"]


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def _rank(value: float | None) -> str:
    return "not in its first hundred" if value is None else f"rank {value}"
