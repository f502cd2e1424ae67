"""manage.py backup FILE: database, originals and settings, in one file, while the program runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from localchat.backups import schedule, taking
from localchat.lib.errors import LocalChatError


class Command(BaseCommand):
    help = "Write database, originals and settings into one file. The program may run meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="or a folder to put it in")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].absolute()
        if target.is_dir():
            target /= schedule.name(schedule.REGULAR).name
        try:
            taken = taking.back_up(target)
        except (LocalChatError, OSError) as error:
            raise CommandError(str(error)) from error
        found = taken.manifest
        size = filesizeformat(taken.size).replace("\xa0", " ")
        self.stdout.write(
            f"{target}: {found.documents} documents, {found.conversations} conversations,"
            f" {found.originals} files as they came; {size}."
        )
        self.stdout.write("Whoever has this file can read all of it: keep it as you keep the data.")
        if taken.lost:
            self.stderr.write(f"{taken.lost} files that rows name are lost, and not in it.")
