import sys
from typing import Any

from django.core.management.base import BaseCommand

from localchat.embedded import supervisor


class Command(BaseCommand):
    help = "Start PostgreSQL, Redis, web and workers, and keep them running until Ctrl-C."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(supervisor.up())
