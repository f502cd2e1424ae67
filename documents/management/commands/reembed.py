"""manage.py reembed MODEL: vectors by another model beside those in use, compared, then used."""

import time
from argparse import ArgumentParser
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from documents.desk import reembedding
from documents.measuring import evaluation, model_comparison
from documents.models import Collection, Index, Reembedding
from localchat.accounts.people import command_user
from localchat.lib.errors import LocalChatError
from models_mgmt import builtin
from models_mgmt.builtin import weights

INTERRUPTED = 130
LOOK_SECONDS = 0.2
SAY_SECONDS = 10.0


class Command(BaseCommand):
    help = (
        "Find passages by another embedding model. Questions are answered by the one in use until"
        " all vectors are there. Broken off, it goes on from there when it is asked again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", help="for example multilingual-e5-small, or one of Ollama's")
        parser.add_argument(
            "--compare",
            type=Path,
            action="append",
            default=[],
            metavar="FOLDER",
            help="an evaluation folder to measure both models with before the switch",
        )
        parser.add_argument(
            "--no-switch", action="store_true", help="make and compare, but leave the one in use"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask before the switch")
        parser.add_argument("--user", default="", help="who asks (default: the owner)")

    def handle(self, *args: Any, model: str, compare: list[Path], **options: Any) -> None:
        user = command_user(options["user"])
        self.said = 0.0
        if unjudged := [each for each in compare if not (each / "qrels.tsv").is_file()]:
            raise CommandError(f"{unjudged[0]} has no qrels.tsv, by which two models are compared.")
        try:
            if model in builtin.MODELS and weights.fetch(model):
                self.stdout.write(f"The weights of {model} were fetched.")
            folders = {
                each: evaluation.bring(each.resolve(), user, self.tell)[0] for each in compare
            }
            job = self.work(reembedding.enter(user, model))
            self.compared(user, job, folders)
            if options["no_switch"] or not self.is_wanted(options["yes"]):
                self.stdout.write("The one in use stays. The vectors are kept; run this again.")
                return
            former = Index.objects.current()
            self.work(reembedding.enter(user, model, switch=True))
        except LocalChatError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Passages are found by {job.index.name} now.")
        if former:
            self.stdout.write(f"The way back: manage.py reembed {former.name}")

    def work(self, job: Reembedding) -> Reembedding:
        """Have it done, here or by the server, and wait for its end. Raises CommandError."""
        # Without a server it is done right here, by the thread that starts it.
        work = Thread(target=_start, args=(job,), daemon=True)
        work.start()
        try:
            while Reembedding.objects.unfinished().filter(pk=job.pk).exists():
                time.sleep(LOOK_SECONDS)
                job.refresh_from_db()
                self.tell("embedded", job.done, job.total)
                if settings.STANDALONE and not work.is_alive():
                    work = Thread(target=_start, args=(job,), daemon=True)
                    work.start()
        except KeyboardInterrupt:
            if settings.STANDALONE:
                reembedding.stop(job)
                work.join()
            self.stderr.write("It goes on from there when it is asked again.")
            raise SystemExit(INTERRUPTED) from None
        work.join()
        job.refresh_from_db()
        if job.problem:
            raise CommandError(str(job.problem))
        return job

    def compared(self, user: User, job: Reembedding, folders: dict[Path, Collection]) -> None:
        if not job.comparison:
            model_comparison.compare(job.pk)
            job.refresh_from_db()
        found = job.comparison
        if found.get("questions"):
            self.stdout.write(
                f"Of {found['questions']} questions lately asked {found['same_first']} keep their"
                f" first passage; of the first eight {found['shared']:.0%} are the same."
            )
        for folder, collection in folders.items():
            now, then = model_comparison.of_folder(user, folder, collection, job.index)
            self.stdout.write(f"{folder.name:<12}{'in use':>10}{'new':>10}")
            for name in now:
                self.stdout.write(f"{name:<12}{now[name]:>10.4f}{then[name]:>10.4f}")

    def is_wanted(self, yes: bool) -> bool:
        if yes or not self.stdout.isatty():
            return True
        return input("Find passages by it from now on? [y/N] ").strip().lower() in {"y", "yes", "j"}

    def tell(self, stage: str, done: int, total: int) -> None:
        """On one line where somebody watches, else now and then."""
        watched = self.stderr.isatty()
        if time.monotonic() - self.said < (LOOK_SECONDS if watched else SAY_SECONDS):
            return
        self.said = time.monotonic()
        line = f"{done} of {total} {stage}"
        self.stderr.write(f"\r\033[K{line}" if watched else line, ending="" if watched else "\n")


def _start(job: Reembedding) -> None:
    try:
        reembedding.start(job)
    finally:
        connection.close()
