"""manage.py mcp: the MCP server over standard input and output, for assistants on this machine."""

import asyncio
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from localchat.accounts import api_keys
from localchat.accounts.people import command_user
from localchat.lib.errors import LocalChatError


class Command(BaseCommand):
    help = "Serve the Model Context Protocol over standard input and output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", default="", help="for whom (default: the owner)")
        parser.add_argument("--key-file", default="", help="a file with the API key to be held to")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from localchat.web.mcp import tools
        except ImportError as error:
            raise CommandError("The MCP server is an extra: make mcp installs it.") from error
        try:
            if path := options["key_file"]:
                key = api_keys.find(Path(path).read_text(encoding="ascii").strip())
                caller = tools.Caller(key.owner, key)
            else:
                caller = tools.Caller(command_user(options["user"]), None)
        except (LocalChatError, OSError) as error:
            raise CommandError(str(error)) from error
        tools.caller.set(caller)
        asyncio.run(tools.server.run_stdio_async())
