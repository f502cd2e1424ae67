"""What was recognised on pages, kept on disk: seconds of work each, for every later reading."""

import json
import os
import shutil
import tempfile
import uuid
from pathlib import Path

from django.conf import settings

from documents.readers.common.quality import State
from documents.readers.page import Page, Place


class Recognised:
    """Of one original, by page."""

    def __init__(self, stored: uuid.UUID) -> None:
        self.folder = Path(settings.DATA) / "recognised" / stored.hex[:2] / stored.hex

    def get(self, number: int) -> Page | None:
        try:
            kept = json.loads(self._path(number).read_bytes())
            places = [Place(*place) for place in kept["places"]]
            state, confidence = State(kept["state"]), kept["confidence"]
            return Page(number, kept["text"], [], state, confidence, places=places)
        except (OSError, ValueError, KeyError):  # also what was kept before places were
            return None

    def put(self, page: Page) -> None:
        kept = {
            "text": page.text,
            "state": page.state,
            "confidence": page.confidence,
            "places": list(page.places),
        }
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(descriptor, "w") as file:
            json.dump(kept, file)
        Path(name).replace(self._path(page.number or 0))

    def any(self) -> bool:
        return self.folder.exists()

    def drop(self, number: int) -> None:
        self._path(number).unlink(missing_ok=True)

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number}.json"
