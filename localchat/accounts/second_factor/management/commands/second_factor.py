"""manage.py second_factor: for somebody who has lost both phone and recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from localchat.accounts.people import command_user
from localchat.accounts.second_factor import factor


class Command(BaseCommand):
    help = "Say whether an account has a second factor, or remove it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, help="whose")
        parser.add_argument("--remove", action="store_true", help="the password is enough again")

    def handle(self, *args: Any, **options: Any) -> None:
        user = command_user(options["user"])
        if not options["remove"]:
            said = "has a second factor" if factor.is_on(user) else "has no second factor"
            self.stdout.write(f"{user.get_username()} {said}.")
        elif not factor.remove(user):
            raise CommandError(f"{user.get_username()} has no second factor.")
        else:
            self.stdout.write(f"{user.get_username()} logs in by the password alone.")
