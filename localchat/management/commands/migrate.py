"""manage.py migrate: as Django's, after a backup, and then sees whether the tables are ours.

Exit code OTHER_TABLES and one sentence if they are not: nothing would work on them.
"""

from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor

from localchat.backups import schedule
from localchat.embedded.lock import UNFINISHED
from localchat.embedded.services import OTHER_TABLES
from localchat.lib.errors import LocalChatError
from localchat.management import tables

SHOWN = 3


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        is_partly = options["app_label"] or options["plan"] or options["check_unapplied"]
        try:
            if not is_partly and _changes_tables():
                self.back_up()
            super().handle(*args, **options)
        except (DatabaseError, InconsistentMigrationHistory) as error:
            raise _other_tables(type(error).__name__) from error
        if not is_partly and (found := list(islice(tables.differences(), SHOWN))):
            raise _other_tables(", ".join(found))

    def back_up(self) -> None:
        """As the tables are now, for whoever wants to go back to the version before."""
        try:
            taken = schedule.keep(schedule.BEFORE_UPGRADE)
        except (LocalChatError, OSError) as error:
            raise CommandError(
                f"No backup could be made before the upgrade: {error} Nothing was changed. Mend"
                " that, name another BACKUP_FOLDER, or set BACKUPS_KEPT=0 to go on without one."
            ) from error
        self.stdout.write(f"A backup was made before the upgrade: {taken.path}")


def _changes_tables() -> bool:
    """Whether there are tables that are about to become others."""
    if not settings.BACKUPS_KEPT or (settings.DATA / UNFINISHED).exists():
        return False
    steps = MigrationExecutor(connection)
    return bool(
        steps.loader.applied_migrations and steps.migration_plan(steps.loader.graph.leaf_nodes())
    )


def _other_tables(what: str) -> CommandError:
    return CommandError(
        f"The data in {settings.DATA} were made by another version of LocalChat, whose tables are"
        f" not those of this one ({what}). Start that version again, or set LOCALCHAT_DATA to a"
        " new folder and read your documents in anew; as they came they lie in"
        f" {settings.ORIGINALS}.",
        returncode=OTHER_TABLES,
    )
