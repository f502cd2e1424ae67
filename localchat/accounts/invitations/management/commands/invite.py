"""manage.py invite: a link by which one person makes an account."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from localchat.accounts.invitations import inviting
from localchat.accounts.invitations.models import Invitation
from localchat.lib.errors import LocalChatError


class Command(BaseCommand):
    help = "Print a link by which one person makes an account, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--note", default="", help="whom it is for")
        parser.add_argument("--days", type=int, default=7, help="how long it is valid (default: 7)")
        parser.add_argument("--keeper", action="store_true", help="the account looks after others")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.OWNER_MODE:
            raise CommandError("One person works here alone. For others set LOCALCHAT_PUBLIC_URL.")
        role = Invitation.Role.KEEPER if options["keeper"] else Invitation.Role.MEMBER
        try:
            made = inviting.invite(None, note=options["note"], role=role, days=options["days"])
        except LocalChatError as error:
            raise CommandError(error.message) from error
        self.stdout.write(inviting.link(made.token))
