"""manage.py doctor: what is wrong, and the one line that mends it. It starts no server."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import requests
from django.conf import settings
from django.core.management.base import BaseCommand

from documents.readers import plugged
from documents.readers.pictures import ocr
from documents.readers.process.client import Sandbox
from localchat import VERSION
from localchat.backups import schedule
from localchat.embedded import diagnosis
from localchat.embedded.diagnosis import Finding
from localchat.embedded.proxy_probe import SILENCE, Probe
from localchat.embedded.verification import Verification
from localchat.kept_settings import applying, catalogue
from localchat.lib.errors import LocalChatError
from localchat.web import reached
from models_mgmt.builtin import weights
from models_mgmt.llamacpp import folder, server

SIGNS = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}


def chosen_settings() -> Iterator[Finding]:
    """Who says what a setting is, where it is not as it was delivered."""
    if given := list(filter(catalogue.from_environment, catalogue.ALL)):
        yield Finding("ok", f"Set by the environment: {', '.join(given)}.")
    if not (url := diagnosis.database()):
        return
    try:
        chosen = applying.names_at(url)
    except psycopg.Error:
        yield Finding("note", "What was chosen in the admin cannot be read.", "make run")
        return
    if chosen:
        said = ", ".join(f"{name} (by {by})" for name, by in chosen.items())
        yield Finding("ok", f"Chosen in the admin: {said}.")


def built_in_weights() -> Iterator[Finding]:
    if weights.present():
        yield Finding("ok", f"Built-in embedding weights: {weights.version()}")
    else:
        yield Finding(
            "note",
            "The built-in embedding weights are not here: documents are found by words only.",
            ".venv/bin/python manage.py models --fetch-builtin",
        )


def ollama() -> Iterator[Finding]:
    for address in filter(None, settings.OLLAMA_HOST.split(",")):
        yield _ollama_at(address)


def _ollama_at(address: str) -> Finding:
    try:
        answer = requests.get(f"{address}/api/version", timeout=3)
        answer.raise_for_status()
        return Finding("ok", f"Ollama {answer.json().get('version', '')} at {address}")
    except (requests.RequestException, ValueError):
        mend = "Install Ollama and start it (ollama serve), or set OLLAMA_HOST."
        return Finding("note", f"No Ollama at {address}.", mend)


def built_in_models() -> Iterator[Finding]:
    found = folder.listing()
    for entry in found.entries:
        size = entry.size // 10**6
        yield Finding("ok", f"The built-in engine has {entry.name} ({size} MB).")
    for problem in found.refused:
        yield Finding("note", problem, f"rm it, or put another in its place, in {folder.home()}")
    if unfit := server.unfit():
        yield Finding("note", unfit, "Use Ollama, or another server, in its place.")
    elif not found.entries:
        yield Finding("note", "The built-in engine has no chat model.", "make model")


def text_recognition() -> Iterator[Finding]:
    if engines := ocr.installed():
        yield Finding("ok", f"Text in pictures is recognised by {' and '.join(engines)}.")
    else:
        yield Finding(
            "note", "No text recognition (OCR): scans and pictures cannot be read.", ocr.MEND
        )


def formats_of_others() -> Iterator[Finding]:
    """Of the packages that bring a reader."""
    for kind, module in plugged.modules().items():
        ending = kind.removeprefix(plugged.PREFIX)
        yield Finding("ok", f"Files called *{ending} are read by {module}.")


# What a document that breaks its reader could do, where a wall of the cage is missing.
GAPS = {
    "environment": "see the environment",
    "user": "act as root",
    "capabilities": "use capabilities",
    "network": "reach the network",
    "files": "read files",
    "writing": "write files",
    "modes": "change the modes and times of files",
    "processes": "start processes",
    "others": "change the limits of other processes",
    "memory": "take memory without a limit",
}


def cage() -> Iterator[Finding]:
    """Tried in a reading process that is started for it."""
    reader = Sandbox({})
    try:
        yield from gaps(reader.holds())
    except LocalChatError as error:
        yield Finding("wrong", f"The process that reads files does not work: {error.message}")
    finally:
        reader.close()


def gaps(walls: Mapping[str, bool]) -> Iterator[Finding]:
    """Of the walls that stand and that do not."""
    missing = [GAPS[wall] for wall, stands in walls.items() if not stands]
    if not missing:
        yield Finding("ok", "Files are read in a cage that has no gap.")
    for ability in missing:
        yield Finding(
            "note",
            f"A file that breaks the program that reads it could {ability}.",
            "Use Linux 5.13 or later on x86-64 or ARM64, with Landlock and seccomp.",
        )


def backups() -> Iterator[Finding]:
    """Those that are made by themselves; who makes them by hand knows of them."""
    last, mend = schedule.last(), "BACKUP_HOURS=24 in .env, or manage.py backup FILE"
    if last and last.problem:
        yield Finding(
            "wrong", f"The last backup failed: {last.problem}", "Mend that; it is tried again."
        )
    elif last:
        when = datetime.fromtimestamp(last.at, UTC).isoformat(" ", "minutes")
        yield Finding("ok", f"The last backup was made at {when}, in {settings.BACKUP_FOLDER}.")
    elif not settings.BACKUP_HOURS:
        yield Finding("note", "No backup is made by itself.", mend)


def proxy(silence: float = 0) -> Iterator[Finding]:
    """By way of the public address, while the program runs here."""
    if not settings.PUBLIC_URL:
        if silence:
            yield Finding("note", "There is no LOCALCHAT_PUBLIC_URL, and so no proxy to look at.")
    elif silence or diagnosis.address():
        yield from Probe(settings.PUBLIC_URL, reached.token).findings(silence)


CHECKS: list[Callable[[], Iterable[Finding]]] = [
    *diagnosis.CHECKS,
    chosen_settings,  # before what looks for the model servers that it names
    built_in_weights,
    ollama,
    built_in_models,
    text_recognition,
    formats_of_others,
    cage,
    backups,
    proxy,
]


class Command(BaseCommand):
    help = "Say what is wrong, and the one line that mends it. Starts no server."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--verify",
            action="store_true",
            help="upload, ask and pull over HTTP, on a document that is thrown away again",
        )
        parser.add_argument(
            "--proxy",
            action="store_true",
            help="go round by LOCALCHAT_PUBLIC_URL and see whether the proxy hands all of it on",
        )
        parser.add_argument("--url", default="", help="of the server (default: the one here)")
        parser.add_argument("--key-file", default="", help="a file with an API key, to verify with")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"LocalChat {VERSION}")
        if options["verify"]:
            self.verify(options["url"] or diagnosis.address(), options["key_file"])
            return
        if options["proxy"]:
            self.tell(proxy(SILENCE))
            return
        self.tell(finding for check in CHECKS for finding in check())

    def verify(self, address: str, key_file: str) -> None:
        if not address:
            sys.exit("LocalChat does not run here: start it, or name its address by --url.")
        key = Path(key_file).read_text(encoding="ascii").strip() if key_file else ""
        self.tell(Verification(address, key).findings())

    def tell(self, found: Iterable[Finding]) -> None:
        """As they come, and one line at the end."""
        findings = []
        for finding in found:
            findings.append(finding)
            self.stdout.write(f"{SIGNS[finding.state]} {finding.what}")
            if finding.mend:
                self.stdout.write(f"      -> {finding.mend}")
        wrong = sum(finding.state == "wrong" for finding in findings)
        self.stdout.write(f"{wrong} to mend." if wrong else "Nothing is wrong.")
        if wrong:
            sys.exit(1)
