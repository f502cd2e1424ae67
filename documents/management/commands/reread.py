"""manage.py reread: what an older reader has read is read again."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from documents.desk import rereading, sweeping
from documents.models import Document, Role
from localchat.accounts.people import command_user

LOOK_SECONDS = 0.5


class Command(BaseCommand):
    help = "Read again what an older reader has read. What can be found stays until that is done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--collection", default=None, help="only its documents")
        parser.add_argument("--user", default="", help="whose documents (default: the owner's)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = command_user(options["user"])
        writable = Document.objects.for_user(user, Role.WRITER)
        ids = rereading.read_older(writable.in_scope(user, collection=options["collection"]))
        asked = Document.objects.filter(pk__in=ids)
        while asked.unfinished().exists():
            if settings.STANDALONE:
                sweeping.sweep()
            time.sleep(LOOK_SECONDS)
        failed = list(asked.filter(status=Document.Status.FAILED).values_list("name", "problem"))
        for name, problem in failed:
            self.stderr.write(f"{name}: {problem}")
        self.stdout.write(f"{len(ids) - len(failed)} read again, {len(failed)} failed.")
        if failed:
            raise CommandError(f"{len(failed)} documents could not be read.")
