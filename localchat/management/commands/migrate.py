"""manage.py migrate: as Django's, and then sees whether the tables are ours.

Exit code OTHER_TABLES and one sentence if they are not: nothing would work on them.
"""

from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError
from django.db.migrations.exceptions import InconsistentMigrationHistory

from localchat.embedded.services import OTHER_TABLES
from localchat.management import tables

SHOWN = 3


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            super().handle(*args, **options)
        except (DatabaseError, InconsistentMigrationHistory) as error:
            raise _other_tables(type(error).__name__) from error
        is_partly = options["app_label"] or options["plan"] or options["check_unapplied"]
        if not is_partly and (found := list(islice(tables.differences(), SHOWN))):
            raise _other_tables(", ".join(found))


def _other_tables(what: str) -> CommandError:
    return CommandError(
        f"The data in {settings.DATA} were made by another version of LocalChat, whose tables are"
        f" not those of this one ({what}). Start that version again, or set LOCALCHAT_DATA to a"
        " new folder and read your documents in anew; as they came they lie in"
        f" {settings.ORIGINALS}.",
        returncode=OTHER_TABLES,
    )
