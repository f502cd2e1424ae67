"""manage.py restore FILE: a backup into an empty data folder."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from localchat.backups import restoring
from localchat.lib import environment
from localchat.lib.errors import LocalChatError


class Command(BaseCommand):
    help = "Check a backup and put it into an empty data folder (LOCALCHAT_DATA)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)
        data = environment.data_folder()
        try:
            found = restoring.restore(options["file"].absolute(), data, self.stdout.write)
        except (LocalChatError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored what LocalChat {found.version} had on {found.made}: {found.documents}"
            f" documents, {found.conversations} conversations, {found.originals} files."
        )
        self.stdout.write(f"The settings of then are in {data / 'restored.env'}. Start: make run")
        if restoring.other_secret_key(data):
            self.stderr.write(
                "SECRET_KEY of the environment is another than that of the backup: everybody logs"
                " in anew, and kept passwords of documents cannot be opened. It is in secret.key."
            )
