"""What has come of files that nobody goes on with: thrown away some days after the last byte."""

import fcntl
import time
from contextlib import suppress
from pathlib import Path

from models_mgmt.llamacpp import folder

KEPT_SECONDS = 3 * 86_400


def tidy() -> None:
    """Of uploads and pulls. One that is being written to stays, however long it has been silent."""
    for kind in (".coming", ".pulling"):
        with suppress(OSError):
            for part in (folder.home() / kind).iterdir():
                with suppress(OSError):
                    _let_go(part)


def _let_go(part: Path) -> None:
    if time.time() - part.stat().st_mtime < KEPT_SECONDS:
        return
    with part.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        part.unlink()
